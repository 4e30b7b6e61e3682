//! All rules in one list, for people and for programs.

use std::io;

use serde::Serialize;

use super::lookup::all;
use crate::changes::{ChangeKind, ChangeRule};
use crate::diagnostics::Rule;

/// A rule of `check` or of `diff`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Listed {
    /// A rule that a spec can break on its own.
    Check(Rule),
    /// A rule about what changed between two versions of a spec.
    Change(ChangeRule),
}

/// Returns the rules of `check`, then those of `diff`, each grouped by subject.
pub fn list() -> impl Iterator<Item = Listed> {
    all().map(Listed::Check).chain(ChangeKind::all().map(ChangeKind::rule).map(Listed::Change))
}

/// Writes a line for each rule.
///
/// # Errors
///
/// Errors of the writer.
pub fn write_table(out: &mut impl io::Write) -> io::Result<()> {
    let rows: Vec<_> = list().map(row).collect();
    let width = |column: fn(&Row) -> usize| rows.iter().map(column).max().unwrap_or_default();
    let (id, levels) = (width(|it| it.id.len()), width(|it| it.levels.len()));
    for it in &rows {
        writeln!(out, "{:id$}  {:6}  {:levels$}  {}", it.id, it.kind, it.levels, it.title)?;
    }
    Ok(())
}

/// [`list`] as JSON.
pub fn json() -> String {
    let list: Vec<_> = list().collect();
    // Strings below string keys can always be written.
    serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
}

struct Row {
    id: &'static str,
    kind: &'static str,
    levels: String,
    title: &'static str,
}

fn row(listed: Listed) -> Row {
    match listed {
        Listed::Check(Rule { id, severity, title, .. }) => {
            Row { id, kind: "check", levels: severity.word().to_owned(), title }
        }
        Listed::Change(ChangeRule { id, request, response, title, .. }) => {
            let levels = match request == response {
                true => request.word().to_owned(),
                false => format!("{} sent, {} received", request.word(), response.word()),
            };
            Row { id, kind: "change", levels, title }
        }
    }
}
