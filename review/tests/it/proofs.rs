//! What bears witness of a breaking change is right on one side, and wrong on
//! the other: by the rules for examples.

use serde_json::{Value, json};
use zstack_model::changes::{ChangeKind, ChangeRule, Level};
use zstack_review::diff;

use crate::spec::Spec;
use crate::witnesses::{WITHOUT, Witness, witnesses};

#[test]
fn what_breaks_has_a_witness() {
    for it in witnesses() {
        let [old, new] = it.sides();
        let Witness { rule, operation, example, is_answer, .. } = it;
        let with_example = |spec: &Spec| {
            let mut spec = spec.clone();
            spec.set(&format!("{operation}/examples"), json!([example]));
            spec.written(Value::to_string)
        };
        let found = diff(&old.model(), &new.model());
        let breaks = |it: &zstack_review::Finding| it.kind().id() == rule && it.level == Level::Breaking;
        assert!(found.iter().any(breaks), "{rule}: {found:?}");
        let (before, after) = (with_example(&old), with_example(&new));
        let (right, wrong) = if is_answer { (after, before) } else { (before, after) };
        right.unwrap_or_else(|problems| panic!("{rule}: {problems}"));
        let problems = wrong.err().unwrap_or_else(|| panic!("{rule}: both sides take the example"));
        for problem in problems.problems() {
            let code = problem.code();
            assert!(code.starts_with("example-"), "{rule}: {code}");
        }
    }
}

#[test]
fn every_breaking_rule_has_a_witness_or_a_reason() {
    let mut known: Vec<&str> = witnesses().iter().map(|witness| witness.rule).collect();
    known.extend(WITHOUT.iter().flat_map(|(rules, _)| *rules));
    known.sort_unstable();
    let is_breaking = |it: &ChangeRule| it.request.max(it.response) == Level::Breaking;
    let mut breaking: Vec<_> =
        ChangeKind::all().map(ChangeKind::rule).filter(is_breaking).map(|rule| rule.id).collect();
    breaking.sort_unstable();
    assert_eq!(known, breaking);
}
