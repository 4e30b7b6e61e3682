//! Tests with arbitrary pairs of specs.

use std::collections::HashSet;

use camino::Utf8Path;
use proptest::prelude::*;
use serde_json::Value;
use zstack_model::Model;
use zstack_model::changes::ChangeKind;
use zstack_model::load::{Memory, load_flawed, load_tree};
use zstack_review::{Finding, Fingerprints, SpecElement, compare, diff};

use crate::rows::{self, Row};
use crate::spec::Spec;
use crate::styles::Choices;

/// The base spec with random changes, without those that contradict each other.
pub(crate) fn random_model(rows: &[Row], choices: &mut Choices) -> Model {
    let mut chosen: Vec<_> = (0..choices.below(12)).map(|_| &rows[choices.below(rows.len())]).collect();
    loop {
        let mut spec = Spec::base();
        chosen.retain(|row| {
            let mut next = spec.clone();
            let applies = row.try_apply(&mut next).is_some();
            if applies {
                spec = next;
            }
            applies
        });
        match spec.load_as(Value::to_string) {
            Ok(model) => return model,
            Err(_) => drop(chosen.pop()),
        }
    }
}

/// The order of findings: the service, operations, data types, and findings that several changes cause.
fn rank(finding: &Finding) -> usize {
    match &finding.change.element {
        _ if matches!(finding.kind(), ChangeKind::TypeCycleIntroduced | ChangeKind::TypeDirectionWidened) => {
            3
        }
        SpecElement::Operation(_) | SpecElement::OfOperation(..) => 1,
        SpecElement::Type(_) | SpecElement::Field(..) | SpecElement::Value(..) => 2,
        _ => 0,
    }
}

/// Checks the properties of every comparison.
fn check(old: &Model, new: &Model) {
    let changes = compare(old, new);
    let findings = diff(old, new);
    assert_eq!(findings, diff(&old.clone(), &new.clone()));
    assert_eq!(changes.is_empty(), findings.is_empty());
    assert!(findings.len() >= changes.len(), "a change has no finding: {changes:?}");
    assert_eq!(changes.is_empty(), compare(new, old).is_empty());
    assert!(!changes.is_empty() || old == new, "a difference is not reported");
    assert!(findings.is_sorted_by_key(rank));
    let mut seen = HashSet::new();
    let fingerprints = Fingerprints::new(old, new);
    for finding in &findings {
        let change = &finding.change;
        assert_eq!(ChangeKind::find(finding.kind().id()), Some(finding.kind()));
        assert!(finding.operations.is_sorted());
        assert!(change.old != change.new || change.attribute.is_empty(), "{finding:?}");
        assert!(seen.insert(fingerprints.of(finding)), "two findings are equal: {finding:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn compares_any_two_specs(seed: u64) {
        let (rows, mut choices) = (rows::all(), Choices(seed));
        let (old, new) = (random_model(&rows, &mut choices), random_model(&rows, &mut choices));
        check(&old, &new);
        for same in [&old, &new] {
            prop_assert_eq!(compare(same, &same.clone()), []);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    /// Loading with a base reuses its files; the result and the errors are the same.
    #[test]
    fn loading_with_a_base_gives_the_same_result(seed: u64) {
        let (rows, mut choices) = (rows::all(), Choices(seed));
        let tree = |spec: &Spec| -> Memory {
            spec.0.iter().map(|(path, file)| (path.into(), file.to_string().into_bytes())).collect()
        };
        let name = Utf8Path::new("spec");
        let base = load_tree(&tree(&Spec::base()), name).unwrap();
        let mut spec = Spec::base();
        for _ in 0..choices.below(4) {
            let mut next = spec.clone();
            if rows[choices.below(rows.len())].try_apply(&mut next).is_some() {
                spec = next;
            }
        }
        let head = tree(&spec);
        let (alone, problems) = load_flawed(&head, name, None);
        let (after, same_problems) = load_flawed(&head, name, Some(&base));
        prop_assert_eq!(problems.to_string(), same_problems.to_string());
        prop_assert_eq!(alone.map(|alone| (alone.model, alone.texts)), after.map(|loaded| (loaded.model, loaded.texts)));
    }
}

/// Compares releases at equal distances, and the two newest ones.
#[test]
fn compares_any_two_releases() {
    const COUNT: usize = 4;
    let model = crate::model();
    let versions: Vec<_> = model.service.releases.iter().map(|release| &release.version).collect();
    let step = versions.len().div_ceil(COUNT);
    let newest = versions.iter().rev().take(2);
    let slices: Vec<_> =
        versions.iter().step_by(step).chain(newest).map(|version| model.at(version)).collect();
    for old in &slices {
        slices.iter().for_each(|new| check(old, new));
    }
}
