//! Tests that the reverse of a change gives the dual finding.

use std::collections::{BTreeMap, BTreeSet};

use zstack_model::changes::ChangeKind;

use crate::rows;

/// Rules and those of the reverse changes. The relation is symmetric.
const DUALS: &[(&str, &[&str])] = &[
    ("op-added", &["op-removed"]),
    ("op-method-changed", &["op-method-changed"]),
    ("op-path-changed", &["op-path-changed"]),
    ("op-path-alias-added", &["op-path-alias-removed"]),
    ("op-path-var-renamed", &["op-path-var-renamed"]),
    ("op-wrapper-changed", &["op-wrapper-changed"]),
    ("op-exec-sync-to-async", &["op-exec-async-to-sync"]),
    ("op-category-changed", &["op-category-changed"]),
    ("op-query-added", &["op-query-removed"]),
    ("op-message-added", &["op-message-removed"]),
    ("op-message-changed", &["op-message-changed"]),
    ("op-error-code-added", &["op-error-code-removed"]),
    ("tag-added", &["tag-removed"]),
    ("auth-required-added", &["auth-removed"]),
    ("auth-scheme-added", &["auth-scheme-removed"]),
    ("auth-scheme-detail-changed", &["auth-scheme-detail-changed"]),
    ("base-path-changed", &["base-path-changed"]),
    ("param-removed", &["param-added-optional", "param-added-required", "param-added-required-with-default"]),
    ("param-location-changed", &["param-location-changed"]),
    ("param-wrapper-changed", &["param-wrapper-changed"]),
    ("param-became-required", &["param-became-optional"]),
    ("param-type-changed", &["param-type-changed"]),
    ("param-type-widened", &["param-type-narrowed"]),
    ("param-scalar-list-changed", &["param-scalar-list-changed"]),
    ("param-default-added", &["param-default-removed"]),
    ("param-default-changed", &["param-default-changed"]),
    ("param-reordered", &["param-reordered"]),
    ("sensitive-added", &["sensitive-removed"]),
    ("max-length-added", &["max-length-removed"]),
    ("max-length-decreased", &["max-length-increased"]),
    ("range-added", &["range-removed"]),
    // Each of two ranges may contain numbers outside the other.
    ("range-narrowed", &["range-widened", "range-narrowed"]),
    ("pattern-added", &["pattern-removed"]),
    ("pattern-changed", &["pattern-changed"]),
    ("format-changed", &["format-changed"]),
    ("encoding-changed", &["encoding-changed"]),
    ("trimming-changed", &["trimming-changed"]),
    ("enum-value-added", &["enum-value-removed"]),
    ("became-enum", &["stopped-being-enum"]),
    ("enum-reordered", &["enum-reordered"]),
    ("field-removed", &["field-added", "field-added-required"]),
    ("field-type-changed", &["field-type-changed"]),
    ("field-type-widened", &["field-type-narrowed"]),
    ("field-became-optional", &["field-became-required"]),
    ("field-default-added", &["field-default-removed"]),
    ("field-default-changed", &["field-default-changed"]),
    ("field-reordered", &["field-reordered"]),
    ("constructor-reordered", &["constructor-reordered"]),
    ("type-added", &["type-removed", "type-unreachable-removed"]),
    ("type-renamed-same-shape", &["type-renamed-same-shape"]),
    ("type-kind-changed", &["type-kind-changed"]),
    ("type-class-changed", &["type-class-changed"]),
    ("type-native-changed", &["type-native-changed"]),
    ("enum-variant-renamed", &["enum-variant-renamed"]),
    ("reference-added", &["reference-removed"]),
    ("reference-changed", &["reference-changed"]),
    ("type-resource-added", &["type-resource-removed"]),
    ("type-resource-changed", &["type-resource-changed"]),
    ("subtype-added", &["subtype-removed"]),
    ("base-added", &["base-removed"]),
    ("since-raised", &["since-lowered", "since-backdated"]),
    ("unreleased-changed", &["unreleased-changed"]),
    ("deprecation-withdrawn", &["deprecated-added", "deprecation-backdated"]),
    ("deprecation-moved", &["deprecation-moved"]),
    (
        "removal-withdrawn",
        &[
            "op-removed-on-schedule",
            "param-removed-on-schedule",
            "field-removed-on-schedule",
            "type-removed-on-schedule",
            "enum-value-removed-on-schedule",
        ],
    ),
    ("removal-backdated", &["removal-undone"]),
    ("removal-brought-forward", &["removal-postponed"]),
    ("deprecation-window-shortened", &["deprecation-window-lengthened"]),
    ("release-added", &["release-dropped"]),
    ("release-list-rewritten", &["release-list-rewritten", "release-added-as-released", "release-closed"]),
    ("doc-changed", &["doc-changed", "doc-removed"]),
    ("category-added", &["category-removed"]),
    ("category-default-changed", &["category-default-changed"]),
    ("reserved-path-added", &["reserved-path-removed"]),
    ("example-added", &["example-removed"]),
    ("example-changed", &["example-changed"]),
    ("silent-edit", &["silent-edit", "history-mismatch"]),
    ("history-rewritten", &["history-rewritten", "history-mismatch"]),
];

/// Rules without a dual, and why.
const ONE_WAY: &[(&str, &str)] = &[
    ("identity-reused", "about elements that are back; the reverse removes them"),
    ("waiver-expired", "about the waivers of the new side; those of the old side are not applied"),
    ("waiver-unused", "about the waivers of the new side; those of the old side are not applied"),
    ("since-skips-next", "about new elements; the reverse removes them"),
    ("type-direction-widened", "about types that are now sent; the reverse breaks no client"),
    ("type-cycle-introduced", "about new cycles; their removal breaks no client"),
    ("op-renamed", "the old spec cannot have a `renamedFrom` for the reverse"),
    ("param-renamed", "the old spec cannot have a `renamedFrom` for the reverse"),
    ("field-renamed", "the old spec cannot have a `renamedFrom` for the reverse"),
    ("enum-value-renamed", "the old spec cannot have a `renamedFrom` for the reverse"),
    ("type-renamed", "the old spec cannot have a `renamedFrom` for the reverse"),
    ("slice-drift", "about locks and versions"),
    ("lock-rewritten", "about locks and versions"),
    ("release-not-locked", "about locks and versions"),
    ("bump-too-small", "about locks and versions"),
];

fn duals() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut duals: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (rule, ways_back) in DUALS {
        for way_back in *ways_back {
            duals.entry(*rule).or_default().insert(*way_back);
            duals.entry(*way_back).or_default().insert(*rule);
        }
    }
    duals
}

#[test]
fn every_rule_has_a_dual_or_a_reason() {
    let duals = duals();
    for rule in ChangeKind::all().map(ChangeKind::rule) {
        let one_way = ONE_WAY.iter().any(|(id, _)| *id == rule.id);
        assert!(duals.contains_key(rule.id) != one_way, "{}", rule.id);
    }
    let named = duals.into_keys().chain(ONE_WAY.iter().map(|(id, _)| *id));
    named.for_each(|id| assert!(ChangeKind::find(id).is_some(), "there is no rule {id}"));
}

#[test]
fn the_reverse_of_a_change_gives_the_dual() {
    let duals = duals();
    let mut compared = 0;
    for row in rows::all() {
        let rules = |findings: &[String]| -> Vec<&'static str> {
            let ids = findings
                .iter()
                .map(|finding| ChangeKind::find(finding.split(' ').nth(1).unwrap()).unwrap().id());
            ids.collect()
        };
        let [there, mut back] = row.expected_findings().map(|findings| rules(&findings));
        // The reverse of a renaming removes and adds an element. Only additions are dated.
        if there.iter().any(|there| there.ends_with("-renamed") && *there != "op-path-var-renamed") {
            continue;
        }
        let is_new =
            |id: &str| id.contains("-added") && !matches!(id, "deprecated-added" | "max-length-added");
        let undated = |rules: &[&'static str]| -> Vec<&'static str> {
            let dated = rules.iter().any(|rule| is_new(rule));
            let skip = |id: &&str| dated && *id == "since-backdated";
            let one_way = |rule: &&str| ONE_WAY.iter().any(|(id, _)| id == rule);
            rules.iter().copied().filter(|rule| !skip(rule) && !one_way(rule)).collect()
        };
        let there = undated(&there);
        back = undated(&back);
        for rule in there {
            let way_back = back.iter().position(|back| duals[rule].contains(back));
            match way_back {
                Some(way_back) => drop(back.remove(way_back)),
                // Rows do not list this rule.
                None => assert!(duals[rule].contains("silent-edit"), "{}: nothing undoes {rule}", row.name),
            }
            compared += 1;
        }
        assert!(back.is_empty(), "{}: {back:?} undo nothing", row.name);
    }
    assert!(compared > 150, "{compared}");
}
