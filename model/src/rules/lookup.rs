//! Finds rules.

use strum::IntoEnumIterator as _;

use crate::changes::ChangeKind;
use crate::diagnostics::{
    self, ConstraintRule, ExampleRule, FileRule, HistoryRule, NameRule, RetirementRule, RouteRule, Rule,
    ShapeRule, TypeRule, VersionRule, WaiverRule,
};

/// Returns all rules of `check`, grouped by subject.
pub fn all() -> impl Iterator<Item = Rule> {
    FileRule::iter()
        .map(FileRule::rule)
        .chain(ShapeRule::iter().map(ShapeRule::rule))
        .chain(NameRule::iter().map(NameRule::rule))
        .chain(VersionRule::iter().map(VersionRule::rule))
        .chain(RetirementRule::iter().map(RetirementRule::rule))
        .chain(HistoryRule::iter().map(HistoryRule::rule))
        .chain(TypeRule::iter().map(TypeRule::rule))
        .chain(RouteRule::iter().map(RouteRule::rule))
        .chain(ConstraintRule::iter().map(ConstraintRule::rule))
        .chain(ExampleRule::iter().map(ExampleRule::rule))
        .chain(WaiverRule::iter().map(WaiverRule::rule))
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
