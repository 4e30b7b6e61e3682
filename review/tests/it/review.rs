//! Tests of the review of locks and versions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use zstack_model::Model;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::lock::Lock;
use zstack_review::{Finding, ReviewSide, diff, review};

use crate::mutations::{apply_row, summaries};
use crate::rows;
use crate::spec::Spec;

/// The rules that need more than two models.
pub(crate) const RULES: [&str; 4] = ["slice-drift", "lock-rewritten", "release-not-locked", "bump-too-small"];

/// The lock that `cargo xtask release` writes.
fn lock(model: &Model) -> Lock {
    let mut lock = Lock::default();
    lock.lock_released(model);
    lock
}

/// A lock without the line of a release, or with another digest.
fn edit_lock(lock: &Lock, version: &str, digest: Option<&str>) -> Lock {
    let lines = lock.to_string();
    let lines = lines.lines().filter_map(|line| match line.split_once(' ') {
        Some((other, _)) if other == version => digest.map(|digest| format!("{version} {digest}")),
        _ => Some(line.to_owned()),
    });
    lines.collect::<Vec<_>>().join("\n").parse().unwrap()
}

fn edit(edits: &[(&str, serde_json::Value)]) -> Model {
    let mut spec = Spec::base();
    edits.iter().for_each(|(place, value)| spec.set(place, value.clone()));
    spec.model()
}

/// The findings of `review` that `diff` does not find.
fn additional_findings(old: ReviewSide<'_>, new: ReviewSide<'_>) -> Vec<Finding> {
    let all = review(old, new);
    let own = diff(old.model, new.model);
    assert_eq!(all[..own.len()], own);
    all[own.len()..].to_vec()
}

fn with_lock<'a>(model: &'a Model, lock: &'a Lock) -> ReviewSide<'a> {
    ReviewSide { model, lock: Some(lock), crates: None }
}

#[test]
fn finds_changes_of_published_releases_and_locks() {
    let base = Spec::base().model();
    let was = lock(&base);
    let none = Lock::default();
    let other = "0".repeat(64);
    let field = |since: &str| json!({"name": "mtu", "type": "Integer", "since": since});
    let words = edit(&[("StopVm/summary", json!("Halts it."))]);
    let next = edit(&[("Vm/fields/+", field("4.0"))]);
    let backdated = edit(&[("Vm/fields/+", field("2.0"))]);
    let longer = edit(&[("CreateVm/parameters/note/maxLength", json!(9999))]);
    let closed = edit(&[("api/releases/4.0/state", json!("released"))]);
    let gone = |version| edit_lock(&was, version, None);
    let forged = |version| edit_lock(&was, version, Some(&other));
    let explained = "compatible slice-drift api";
    let cases: Vec<(&str, &Model, Lock, Vec<&str>)> = vec![
        ("nothing", &base, was.clone(), vec![]),
        ("words", &words, was.clone(), vec![]),
        ("what is next", &next, was.clone(), vec![]),
        ("a correction, explained", &backdated, lock(&backdated), vec![explained]),
        ("a change that no client notices", &longer, lock(&longer), vec![explained]),
        ("a line less", &base, gone("2.0"), vec!["breaking lock-rewritten api/releases/2.0"]),
        ("another line", &base, forged("2.0"), vec!["breaking lock-rewritten api/releases/2.0"]),
        (
            "a line less, and another change",
            &next,
            gone("3.0"),
            vec!["breaking lock-rewritten api/releases/3.0"],
        ),
        (
            "no line at all",
            &base,
            none.clone(),
            vec![
                "breaking lock-rewritten api/releases/0.6",
                "breaking lock-rewritten api/releases/2.0",
                "breaking lock-rewritten api/releases/3.0",
            ],
        ),
        (
            "a line less, of a release that changed",
            &longer,
            edit_lock(&lock(&longer), "0.6", None),
            vec![explained],
        ),
        ("a release is closed", &closed, lock(&closed), vec![]),
        ("and not locked", &closed, was.clone(), vec!["risk release-not-locked api/releases/4.0"]),
    ];
    for (name, model, lock, expected) in cases {
        let found = additional_findings(with_lock(&base, &was), with_lock(model, &lock));
        assert_eq!(summaries(&found), expected, "{name}");
    }
}

#[test]
fn one_finding_covers_all_drifted_releases() {
    let base = Spec::base().model();
    let new = edit(&[("Vm/fields/+", json!({"name": "mtu", "type": "Integer", "since": "2.0"}))]);
    let (old_lock, new_lock) = (lock(&base), lock(&new));
    let found = additional_findings(with_lock(&base, &old_lock), with_lock(&new, &new_lock));
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!(finding.change.new.as_deref(), Some("2.0 to 3.0"));
    assert_eq!(finding.because, ["affected releases: 2.0, 3.0", "`since-backdated` reports the cause"]);
}

/// Without a lock, the releases themselves are compared.
#[test]
fn finds_the_same_without_locks() {
    let base = Spec::base();
    let old = base.model();
    let old_lock = lock(&old);
    let mut drifts = 0;
    for row in rows::all() {
        let Ok(new) = apply_row(&row, &base) else { panic!("{}", row.name) };
        let drift = |old: ReviewSide<'_>, new: ReviewSide<'_>| -> Vec<_> {
            review(old, new).into_iter().filter(|finding| finding.kind() == ChangeKind::SliceDrift).collect()
        };
        let mut new_lock = Lock::default();
        new_lock.close(&new, old_lock.lines().map(|(version, _)| version));
        let found = drift(with_lock(&old, &old_lock), with_lock(&new, &new_lock));
        let bare = |model| ReviewSide { model, lock: None, crates: None };
        assert_eq!(drift(bare(&old), bare(&new)), found, "{}", row.name);
        assert_eq!(found.is_empty(), old_lock == new_lock, "{}", row.name);
        drifts += found.len();
    }
    assert!(drifts > 50, "{drifts}");
}

#[test]
fn checks_the_version_step_of_the_crates() {
    let base = Spec::base().model();
    let words = edit(&[("StopVm/summary", json!("Halts it."))]);
    let minor = edit(&[("Vm/fields/+", json!({"name": "mtu", "type": "Integer", "since": "4.0"}))]);
    let major = edit(&[("StopVm/parameters/force/required", json!(true))]);
    let mut closing = Spec::base();
    closing.set("api/releases/4.0/state", json!("released"));
    closing.set("StopVm/parameters/force/required", json!(true));
    let closing = closing.model();
    let risk = "risk bump-too-small api";
    for (new, versions, expected) in [
        (&words, "0.1.0 0.1.0", None),
        (&minor, "0.1.0 0.1.1", None),
        (&minor, "0.1.0 0.1.0", Some(risk)),
        (&minor, "1.1.0 1.1.1", Some(risk)),
        (&minor, "1.1.0 1.2.0", None),
        (&major, "0.1.0 0.1.1", Some(risk)),
        (&major, "0.1.0 0.2.0", None),
        (&major, "1.0.0 1.1.0", Some(risk)),
        (&major, "1.1.0 0.2.0", Some(risk)),
        (&closing, "0.1.0 0.1.0", Some("breaking bump-too-small api")),
        (&closing, "0.1.0 0.2.0", None),
        (&major, "- 0.1.0", None),
        (&major, "0.1.0 -", None),
    ] {
        let (old_version, new_version) = versions.split_once(' ').unwrap();
        let [old_version, new_version] = [old_version, new_version].map(|text| text.parse().ok());
        let old = ReviewSide { model: &base, lock: None, crates: old_version.as_ref() };
        let new = ReviewSide { model: new, lock: None, crates: new_version.as_ref() };
        let found = additional_findings(old, new);
        let found: Vec<_> =
            found.into_iter().filter(|finding| finding.kind() == ChangeKind::BumpTooSmall).collect();
        assert_eq!(summaries(&found), Vec::from_iter(expected), "{versions}");
        for finding in found {
            let reason = &finding.because[0];
            assert!(reason.contains("requires a m") && reason.contains("version step, to "), "{finding:?}");
            assert_eq!(finding.level == Level::Breaking, finding.because.len() == 2, "{finding:?}");
        }
    }
}

#[test]
fn two_models_do_not_show_these_rules() {
    let found: BTreeSet<_> = rows::all()
        .into_iter()
        .flat_map(|row| row.expected_findings().concat())
        .map(|finding| finding.split(' ').nth(1).unwrap().to_owned())
        .collect();
    for rule in RULES {
        assert!(ChangeKind::find(rule).is_some() && !found.contains(rule), "{rule}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn finds_every_changed_line_of_a_lock(edits in proptest::collection::vec(0_usize..3, 3)) {
        let model = Spec::base().model();
        let old = lock(&model);
        let mut new = old.clone();
        let mut expected = Vec::new();
        for (version, edit) in ["0.6", "2.0", "3.0"].into_iter().zip(edits) {
            let digest = "f".repeat(64);
            match edit {
                0 => continue,
                1 => new = edit_lock(&new, version, None),
                _ => new = edit_lock(&new, version, Some(&digest)),
            }
            expected.push(format!("breaking lock-rewritten api/releases/{version}"));
        }
        prop_assert_eq!(summaries(&additional_findings(with_lock(&model, &old), with_lock(&model, &new))), expected);
    }
}
