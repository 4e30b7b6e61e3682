//! Finds rules.

use crate::changes::ChangeKind;
use crate::diagnostics::{self, ProblemKind, Rule};

/// Returns all rules of `check`, grouped by subject.
pub fn all() -> impl Iterator<Item = Rule> {
    ProblemKind::RULES.iter().copied().flatten().copied()
}

/// Finds the rule of `check` with this id.
pub fn find(id: &str) -> Option<Rule> {
    all().find(|rule| rule.id == id)
}

/// Suggests the id that was probably meant, of a rule of `check` or of `diff`.
pub fn nearest(written: &str) -> Option<&'static str> {
    let ids = || all().map(|rule| rule.id).chain(ChangeKind::all().map(ChangeKind::id));
    let meant = diagnostics::nearest(written, ids())?;
    ids().find(|id| *id == meant)
}
