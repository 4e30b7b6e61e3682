//! The sentence of each kind of change.
//!
//! `{it}` is the element in words, `{old}` and `{new}` are the values, `{key}`
//! is the key of the spec that says them.

use crate::Change;
use zstack_model::rules::changes::rule;

/// The sentence of a change, to be filled in.
pub(super) fn template(change: &Change) -> &'static str {
    // The values of a list stand in an attribute, those of an enum on their own.
    let in_list = change.attribute == "values";
    let special = [
        (rule!("enum-value-added"), in_list, "{it} takes one more value: {new}"),
        (rule!("enum-value-removed"), in_list, "{it} does not take {old} any more"),
        (rule!("since-backdated"), change.old.is_some(), "{it} moved from {old} to {new}, which is out"),
        (rule!("doc-changed"), change.old.is_none(), "{it} has {key} now: {new}"),
        (
            rule!("bump-too-small"),
            change.old == change.new,
            "the generated crates are {new} as before, and need a step",
        ),
        (rule!("lock-rewritten"), change.new.is_none(), "the lock does not have {it} any more"),
        (rule!("release-list-rewritten"), change.attribute.is_empty(), "{it} is not declared any more"),
    ];
    let found = special.into_iter().find(|(rule, fits, _)| *fits && change.rule.is(rule));
    let usual = || SENTENCES.iter().find(|(id, _)| *id == change.rule.id).map(|(_, it)| *it);
    found.map(|(.., it)| it).or_else(usual).unwrap_or(FALLBACK)
}

/// What can be said of any change.
const FALLBACK: &str = "{it} changed: {old} → {new}";

const SENTENCES: &[(&str, &str)] = &[
    ("auth-removed", "{it} needs no session any more"),
    ("auth-required-added", "{it} needs a session now"),
    ("auth-scheme-added", "{it} is new"),
    ("auth-scheme-detail-changed", "{key} of {it} is another one: {old} → {new}"),
    ("auth-scheme-removed", "{it} is gone"),
    ("base-added", "{it} inherits fields from {new}, whose values are not on the wire"),
    ("base-path-changed", "all paths have another prefix: {old} → {new}"),
    ("base-removed", "{it} no longer inherits fields from {old}, whose values are not on the wire"),
    ("became-enum", "{it} takes only some texts now: {old} → {new}"),
    ("bump-too-small", "the generated crates go from {old} to {new}, which is too small a step"),
    ("category-added", "{it} is new"),
    ("category-removed", "{it} is gone"),
    ("constructor-reordered", "what {it} requires stands in another order: {old} → {new}"),
    ("deprecated-added", "{it} is deprecated as of {new}"),
    ("deprecation-backdated", "{it} is deprecated in {new}, which is out"),
    ("deprecation-moved", "{it} is deprecated as of another release: {old} → {new}"),
    ("deprecation-window-lengthened", "clients have more time to move away: {old} → {new} releases"),
    ("deprecation-window-shortened", "clients have less time to move away: {old} → {new} releases"),
    ("deprecation-withdrawn", "{it} is not deprecated any more"),
    ("doc-changed", "{key} of {it} reads otherwise: {old} → {new}"),
    ("doc-removed", "{key} of {it} is gone: {old}"),
    ("encoding-changed", "{it} is told in another unit: {old} → {new}"),
    ("enum-reordered", "values of {it} stand in another order: {old} → {new}"),
    ("enum-value-added", "{it} is new"),
    ("enum-value-removed", "{it} is gone from the spec"),
    ("enum-value-removed-on-schedule", "{it} will be removed in {new}"),
    ("enum-value-renamed", "{it} has another name: {old} → {new}"),
    ("enum-variant-renamed", "{it} has another name in Rust: {old} → {new}"),
    ("example-added", "{it} is new"),
    ("example-changed", "{it} shows something else"),
    ("example-removed", "{it} is gone"),
    ("field-added", "{it} is new"),
    ("field-added-required", "{it} is new, and is always there"),
    ("field-became-absent-able", "{it} may be absent now"),
    ("field-became-always-present", "{it} is always there now"),
    ("field-default-added", "absent, {it} counts as a value now: {new}"),
    ("field-default-changed", "absent, {it} counts as another value: {old} → {new}"),
    ("field-default-removed", "absent, {it} does not count as {old} any more"),
    ("field-removed", "{it} is gone from the spec"),
    ("field-removed-on-schedule", "{it} will be removed in {new}"),
    ("field-renamed", "{it} has another name: {old} → {new}"),
    ("field-reordered", "fields of {it} stand in another order: {old} → {new}"),
    ("field-type-changed", "{it} has an unrelated type: {old} → {new}"),
    ("field-type-narrowed", "{it} holds fewer values: {old} → {new}"),
    ("field-type-widened", "{it} holds more values: {old} → {new}"),
    ("format-changed", "{key} of {it} asks for another form: {old} → {new}"),
    ("history-mismatch", "the history of {it} is wrong: it was {old}, and the new entry says {new}"),
    ("history-rewritten", "{key} of {it} reads otherwise of releases that are out: {old} → {new}"),
    ("identity-reused", "{it} was removed, and is there again as something else: {old} → {new}"),
    ("lock-rewritten", "the lock says something else of {it}, which has not changed: {old} → {new}"),
    ("max-length-added", "{it} has a greatest length now: {new}"),
    ("max-length-decreased", "{it} may be less long: {old} → {new}"),
    ("max-length-increased", "{it} may be longer: {old} → {new}"),
    ("max-length-removed", "{it} has no greatest length any more: it was {old}"),
    ("op-added", "{it} is new"),
    ("op-category-changed", "{it} moved to another category: {old} → {new}"),
    ("op-error-code-added", "{it} is a new answer: {new}"),
    ("op-error-code-removed", "{it} is not answered any more: {old}"),
    ("op-exec-async-to-sync", "{it} is answered at once now, without a job"),
    ("op-exec-sync-to-async", "{it} became long: it answers with a job now"),
    ("op-message-added", "{it} is known to the older channel: {new}"),
    ("op-message-changed", "{it} has another class in the older channel: {old} → {new}"),
    ("op-message-removed", "{it} is not known to the older channel any more: it was {old}"),
    ("op-method-changed", "{it} has another HTTP method: {old} → {new}"),
    ("op-path-alias-added", "{it} has one more path: {new}"),
    ("op-path-alias-removed", "{it} has lost a path: {old}"),
    ("op-path-changed", "{it} has another path: {old} → {new}"),
    ("op-path-var-renamed", "a variable in the path of {it} has another name: {old} → {new}"),
    ("op-query-added", "{it} takes the standard parameters of queries now"),
    ("op-query-removed", "{it} does not take the standard parameters of queries any more"),
    ("op-removed", "{it} is gone from the spec"),
    ("op-removed-on-schedule", "{it} will be removed in {new}"),
    ("op-renamed", "{it} has another name: {old} → {new}"),
    ("op-wrapper-changed", "the parameters in the body of {it} stand below another key: {old} → {new}"),
    ("param-added-optional", "{it} is new, and may be left out"),
    ("param-added-required", "{it} is new, and must be given"),
    ("param-added-required-with-default", "{it} is new, and must be given although it has a default"),
    ("param-became-optional", "{it} may be left out now"),
    ("param-became-required", "{it} must be given now"),
    ("param-default-added", "left out, {it} counts as a value now: {new}"),
    ("param-default-changed", "left out, {it} counts as another value: {old} → {new}"),
    ("param-default-removed", "left out, {it} does not count as {old} any more"),
    ("param-location-changed", "{it} travels in another place: {old} → {new}"),
    ("param-removed", "{it} is gone from the spec"),
    ("param-removed-on-schedule", "{it} will be removed in {new}"),
    ("param-renamed", "{it} has another name: {old} → {new}"),
    ("param-reordered", "parameters of {it} stand in another order: {old} → {new}"),
    ("param-scalar-list-changed", "{it} takes a list or takes one value, and did not before: {old} → {new}"),
    ("param-type-changed", "{it} has an unrelated type: {old} → {new}"),
    ("param-type-narrowed", "{it} takes fewer values: {old} → {new}"),
    ("param-type-widened", "{it} takes more values: {old} → {new}"),
    ("param-wrapper-changed", "{it} stands elsewhere in the body: {old} → {new}"),
    ("pattern-added", "{it} has to match a pattern now: {new}"),
    ("pattern-changed", "{it} has to match another pattern: {old} → {new}"),
    ("pattern-removed", "{it} has to match no pattern any more: it was {old}"),
    ("range-added", "{it} is bounded now: {key} is {new}"),
    ("range-narrowed", "bounds of {it} became tighter: {key} {old} → {new}"),
    ("range-removed", "{it} is not bounded any more: {key} was {old}"),
    ("range-widened", "bounds of {it} became wider: {key} {old} → {new}"),
    ("release-added", "{it} is being written"),
    ("release-added-as-released", "{it} is declared, and is out already"),
    ("release-closed", "{it} is out"),
    ("release-dropped", "{it} is not being written any more"),
    ("release-list-rewritten", "{key} of {it}, which is out, changed: {old} → {new}"),
    ("release-unlocked", "{it} is out, and the lock does not have it"),
    ("removal-backdated", "{it} is removed in {new}, which is out"),
    ("removal-brought-forward", "{it} is removed earlier than announced: {old} → {new}"),
    ("removal-postponed", "{it} is removed later than announced: {old} → {new}"),
    ("removal-undone", "{it} was removed in {old}, which is out, and is there again"),
    ("removal-withdrawn", "{it} is not removed after all: it was to go in {old}"),
    ("reserved-path-added", "{it} is new"),
    ("reserved-path-removed", "{it} was removed"),
    ("sensitive-added", "{it} is kept out of logs now"),
    ("sensitive-removed", "{it} is not kept out of logs any more"),
    ("silent-edit", "{it} changed without an entry in {key}: {old} → {new}"),
    ("since-backdated", "{it} is new, and claims to be of {new}, which is out"),
    ("since-lowered", "{it} was there earlier than the spec said: {old} → {new}"),
    ("since-raised", "{it} came later than the spec said: {old} → {new}"),
    ("since-skips-next", "{it} is new, and is of {new}, which is not the next release"),
    ("slice-drift", "releases that are out have something else on the wire: {new}"),
    ("stopped-being-enum", "{it} takes any text now: {old} → {new}"),
    ("subtype-added", "{it} extends {new} now"),
    ("subtype-removed", "{it} does not extend {old} any more"),
    ("tag-added", "{it} means something now"),
    ("tag-removed", "{it} does not mean anything any more"),
    ("trimming-changed", "blanks around {it} count otherwise: {key} {old} → {new}"),
    ("type-added", "{it} is new"),
    ("type-class-changed", "{it} has another class: {old} → {new}"),
    ("type-cycle-introduced", "{it} holds itself now, by way of others"),
    ("type-direction-widened", "{it} is sent by clients now, and was only received"),
    ("type-kind-changed", "{it} became a record, or an enum, and was the other"),
    ("type-native-changed", "{it} is written by hand, or not any more: {old} → {new}"),
    ("type-removed", "{it} is gone, and something used it"),
    ("type-removed-on-schedule", "{it} will be removed in {new}"),
    ("type-renamed", "{it} has another name: it was {old}"),
    ("type-renamed-same-shape", "{it} has a type of another name and the same shape: {old} → {new}"),
    ("type-unreachable-removed", "{it} is gone, and nothing used it"),
    ("unreleased-changed", "{it} changed before it was out: {old} → {new}"),
    ("waiver-expired", "{it} has expired: {new}"),
    ("waiver-unused", "{it} waives nothing"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use zstack_model::rules::changes;

    #[test]
    fn every_rule_has_a_sentence() {
        for rule in changes::all() {
            assert!(SENTENCES.iter().any(|(id, _)| *id == rule.id), "{} needs a sentence", rule.id);
        }
        for (id, sentence) in SENTENCES {
            assert!(changes::find(id).is_some(), "{id} is no rule");
            for part in sentence.split('{').skip(1) {
                let (name, _) = part.split_once('}').unwrap();
                assert!(["it", "old", "new", "key"].contains(&name), "{sentence}");
            }
        }
        assert!(SENTENCES.is_sorted_by(|a, b| a.0 < b.0), "each stands once, in the order of the ids");
    }
}
