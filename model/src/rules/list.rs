//! The list of all rules, as a table and as JSON.

use std::io;

use serde::Serialize;

use super::lookup::all;
use crate::changes::{ChangeKind, ChangeRule};
use crate::diagnostics::Rule;

/// A rule of `check` or of `diff`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum AnyRule {
    /// A rule that a spec can break on its own.
    Check(Rule),
    /// A rule about a change between two versions of a spec.
    Change(ChangeRule),
}

/// Returns the rules of `check`, then those of `diff`, each grouped by subject.
pub fn list() -> impl Iterator<Item = AnyRule> {
    all().map(AnyRule::Check).chain(ChangeKind::all().map(ChangeKind::rule).map(AnyRule::Change))
}

/// Writes a line for each rule.
///
/// # Errors
///
/// If the writer fails.
pub fn write_table(out: &mut impl io::Write) -> io::Result<()> {
    let rows: Vec<_> = list().map(row).collect();
    let width = |column: fn(&Row) -> usize| rows.iter().map(column).max().unwrap_or_default();
    let (id_width, levels_width) = (width(|row| row.id.len()), width(|row| row.levels.len()));
    for Row { id, kind, levels, title } in &rows {
        writeln!(out, "{id:id_width$}  {kind:6}  {levels:levels_width$}  {title}")?;
    }
    Ok(())
}

/// Returns [`list`] as JSON.
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

fn row(rule: AnyRule) -> Row {
    match rule {
        AnyRule::Check(Rule { id, severity, title, .. }) => {
            Row { id, kind: "check", levels: severity.word().to_owned(), title }
        }
        AnyRule::Change(ChangeRule { id, request, response, title, .. }) => {
            let levels = match request == response {
                true => request.word().to_owned(),
                false => format!("{} sent, {} received", request.word(), response.word()),
            };
            Row { id, kind: "change", levels, title }
        }
    }
}
