//! All rules in one list, for people and for programs.

use std::io;

use serde::Serialize;

use super::lookup::all;
use crate::changes::{ChangeKind, Level, Step, WaiverKind};
use crate::diagnostics::Severity;

/// A rule of either kind.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Listed {
    /// One that a spec can break on its own.
    Check {
        /// Its name, in kebab case.
        id: &'static str,
        /// What becomes of a spec that breaks it.
        severity: Severity,
        /// What breaks it, in a few words.
        title: &'static str,
        /// What would go wrong.
        why: &'static str,
    },
    /// One about what changed between two versions of a spec.
    Change {
        /// Its name, in kebab case.
        id: &'static str,
        /// What it does where clients send it.
        request: Level,
        /// What it does where clients receive it.
        response: Level,
        /// The step that the version of the generated crates needs.
        step: Step,
        /// As what a finding may be waived; nothing for one that nobody may
        /// waive.
        #[serde(rename = "waivedAs")]
        waived_as: &'static [WaiverKind],
        /// What changed, in a few words.
        title: &'static str,
        /// What it does to whom.
        why: &'static str,
        /// What to do instead, or about it.
        help: &'static str,
    },
}

/// The rules of `check`, then those of `diff`, each by what they are about.
pub fn list() -> impl Iterator<Item = Listed> {
    let checks =
        all().map(|it| Listed::Check { id: it.id, severity: it.severity, title: it.title, why: it.why });
    let changes = ChangeKind::all().map(ChangeKind::rule).map(|it| Listed::Change {
        id: it.id,
        request: it.request,
        response: it.response,
        step: it.step,
        waived_as: it.waived_as,
        title: it.title,
        why: it.why,
        help: it.advice(),
    });
    checks.chain(changes)
}

/// Writes a line for each rule.
///
/// # Errors
///
/// What the writer answers.
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
    // Texts below text keys: there is nothing that could fail.
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
        Listed::Check { id, severity, title, .. } => {
            Row { id, kind: "check", levels: severity.word().to_owned(), title }
        }
        Listed::Change { id, request, response, title, .. } => {
            let levels = match request == response {
                true => request.word().to_owned(),
                false => format!("{} sent, {} received", request.word(), response.word()),
            };
            Row { id, kind: "change", levels, title }
        }
    }
}
