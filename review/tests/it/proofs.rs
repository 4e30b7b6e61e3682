//! Tests that the example of a breaking change is valid on one side only.

use serde_json::{Value, json};
use zstack_model::changes::{ChangeKind, ChangeRule, Level};
use zstack_review::{Finding, diff};

use crate::spec::Spec;
use crate::witnesses::{WITHOUT, Witness, witnesses};

#[test]
fn examples_are_valid_on_one_side_only() {
    for witness in witnesses() {
        let [old, new] = witness.sides();
        let Witness { rule, operation, example, is_answer, .. } = witness;
        let with_example = |spec: &Spec| {
            let mut spec = spec.clone();
            spec.set(&format!("{operation}/examples"), json!([example]));
            spec.load_as(Value::to_string)
        };
        let found = diff(&old.model(), &new.model());
        let breaks = |finding: &Finding| finding.kind().id() == rule && finding.level == Level::Breaking;
        assert!(found.iter().any(breaks), "{rule}: {found:?}");
        let (before, after) = (with_example(&old), with_example(&new));
        let (valid, invalid) = if is_answer { (after, before) } else { (before, after) };
        valid.unwrap_or_else(|problems| panic!("{rule}: {problems}"));
        let problems = invalid.err().unwrap_or_else(|| panic!("{rule}: both sides accept the example"));
        for problem in problems.problems() {
            let code = problem.code();
            assert!(code.starts_with("example-"), "{rule}: {code}");
        }
    }
}

#[test]
fn every_breaking_rule_has_an_example_or_a_reason() {
    let mut known: Vec<&str> = witnesses().iter().map(|witness| witness.rule).collect();
    known.extend(WITHOUT.iter().flat_map(|(rules, _)| *rules));
    known.sort_unstable();
    let is_breaking = |rule: &ChangeRule| rule.request.max(rule.response) == Level::Breaking;
    let mut breaking: Vec<_> =
        ChangeKind::all().map(ChangeKind::rule).filter(is_breaking).map(|rule| rule.id).collect();
    breaking.sort_unstable();
    assert_eq!(known, breaking);
}
