//! Finds rules.

use crate::changes::ChangeKind;
use crate::diagnostics::{
    self, ConstraintRule, ExampleRule, FileRule, HistoryRule, NameRule, RetirementRule, RouteRule, Rule,
    ShapeRule, TypeRule, VersionRule, WaiverRule,
};

/// Returns all rules of `check`, grouped by subject.
pub fn all() -> impl Iterator<Item = Rule> {
    rules(FileRule::ALL, FileRule::rule)
        .chain(rules(ShapeRule::ALL, ShapeRule::rule))
        .chain(rules(NameRule::ALL, NameRule::rule))
        .chain(rules(VersionRule::ALL, VersionRule::rule))
        .chain(rules(RetirementRule::ALL, RetirementRule::rule))
        .chain(rules(HistoryRule::ALL, HistoryRule::rule))
        .chain(rules(TypeRule::ALL, TypeRule::rule))
        .chain(rules(RouteRule::ALL, RouteRule::rule))
        .chain(rules(ConstraintRule::ALL, ConstraintRule::rule))
        .chain(rules(ExampleRule::ALL, ExampleRule::rule))
        .chain(rules(WaiverRule::ALL, WaiverRule::rule))
}

fn rules<R: Copy>(all: &[R], rule: fn(R) -> Rule) -> impl Iterator<Item = Rule> + '_ {
    all.iter().map(move |kind| rule(*kind))
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
