//! Any two specs: whatever changed together, something can be said of it.

use std::collections::HashSet;

use camino::Utf8Path;
use proptest::prelude::*;
use serde_json::Value;
use zstack_model::Model;
use zstack_model::changes::ChangeKind;
use zstack_model::load::{Memory, load_flawed, load_tree};
use zstack_review::{Element, Finding, Fingerprints, compare, diff};

use crate::rows::{self, Row};
use crate::spec::Spec;
use crate::styles::Choices;

/// The base spec with some changes; those that do not go together are left out.
pub(crate) fn random(rows: &[Row], choices: &mut Choices) -> Model {
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
        match spec.written(Value::to_string) {
            Ok(model) => return model,
            Err(_) => drop(chosen.pop()),
        }
    }
}

/// The service first, then operations, then data types; what follows from
/// several changes comes last.
fn rank(it: &Finding) -> usize {
    match &it.change.element {
        _ if matches!(it.kind(), ChangeKind::TypeCycleIntroduced | ChangeKind::TypeDirectionWidened) => 3,
        Element::Operation(_) | Element::OfOperation(..) => 1,
        Element::Type(_) | Element::Field(..) | Element::Value(..) => 2,
        _ => 0,
    }
}

fn holds(old: &Model, new: &Model) {
    let changes = compare(old, new);
    let findings = diff(old, new);
    assert_eq!(findings, diff(&old.clone(), &new.clone()));
    assert_eq!(changes.is_empty(), findings.is_empty());
    assert!(findings.len() >= changes.len(), "a rule is not in the table: {changes:?}");
    assert_eq!(changes.is_empty(), compare(new, old).is_empty());
    assert!(!changes.is_empty() || old == new, "a difference has no name");
    assert!(findings.is_sorted_by_key(rank));
    let mut seen = HashSet::new();
    let fingerprints = Fingerprints::new(old, new);
    for it in &findings {
        assert_eq!(ChangeKind::find(it.kind().id()), Some(it.kind()));
        assert!(it.operations.is_sorted());
        assert!(it.change.old != it.change.new || it.change.attribute.is_empty(), "{it:?}");
        assert!(seen.insert(fingerprints.of(it)), "two findings are the same: {it:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_two_specs_are_compared(seed: u64) {
        let (rows, mut choices) = (rows::all(), Choices(seed));
        let (old, new) = (random(&rows, &mut choices), random(&rows, &mut choices));
        holds(&old, &new);
        for same in [&old, &new] {
            prop_assert_eq!(compare(same, &same.clone()), []);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    /// What a base says in the same words is taken from there, and nothing
    /// differs: not what a spec says, and not what is wrong with it.
    #[test]
    fn a_base_makes_no_difference(seed: u64) {
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
        prop_assert_eq!(alone.map(|alone| (alone.model, alone.texts)), after.map(|it| (it.model, it.texts)));
    }
}

/// Releases of the platform are specs, too.
#[test]
fn any_two_releases_are_compared() {
    let model = Spec::committed().model();
    let slices: Vec<_> = model.service.releases.iter().map(|release| model.at(&release.version)).collect();
    for old in &slices {
        slices.iter().for_each(|new| holds(old, new));
    }
}
