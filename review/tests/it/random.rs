//! Tests with random slices.

/// Random models, shared with the tests of slices.
#[path = "../../../model/tests/random/mod.rs"]
pub(crate) mod models;

use std::collections::BTreeMap;

use proptest::prelude::*;
use zstack_model::Model;
use zstack_model::changes::ChangeKind;
use zstack_review::{Change, OperationPart, ReleaseChange, SpecElement, compare, history, history_of};

use crate::spec::Spec;
use models::{any_spec, any_version, with_changes, with_drawn_releases, with_next};

/// Returns the changes of each release, from comparing its slice with the one before.
fn differences_of_slices(model: &Model) -> BTreeMap<SpecElement, Vec<ReleaseChange>> {
    let mut changes: BTreeMap<SpecElement, Vec<ReleaseChange>> = BTreeMap::new();
    let releases = model.service.releases.iter().map(|release| &release.version);
    let slices: Vec<_> = releases.map(|release| (release, model.at(release))).collect();
    for pair in slices.windows(2) {
        let [(_, before), (release, after)] = pair else { unreachable!() };
        for change in compare(before, after) {
            let is_not_api = matches!(
                change.element,
                SpecElement::Release(_)
                    | SpecElement::Category(_)
                    | SpecElement::OfOperation(_, OperationPart::Example, _)
            );
            if !is_not_api && !matches!(change.attribute, "examples" | "refers") {
                let changes = changes.entry(change.element.clone()).or_default();
                changes.push(ReleaseChange { release: *(*release), change });
            }
        }
    }
    changes
}

/// A base that is newer than a type that extends it: the type, which names no release of its own then, gains fields.
#[test]
fn history_has_the_fields_of_a_later_base() {
    let mut model = Spec::base().model();
    let position = model.types.iter().position(|ty| ty.extends.is_some()).unwrap();
    let base = model.types[position].extends.clone().unwrap();
    let later = model.service.releases.last().unwrap().version;
    model.types.iter_mut().find(|ty| ty.name == base).unwrap().since = later;
    let slow = differences_of_slices(&model);
    let name = &model.types[position].name;
    assert!(
        slow.keys().any(|element| matches!(element, SpecElement::Field(owner, _) if owner == name)),
        "{slow:?}"
    );
    assert_eq!(history(&model), slow);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn recorded_edits_of_the_next_release_are_not_silent(
        spec in any_spec(),
        edits in prop::collection::vec(any::<u8>(), 1..60),
    ) {
        let (model, next) = with_next(with_drawn_releases(spec));
        let changed = with_changes(&model, &next, &edits);
        let last = &model.service.releases[model.service.releases.len() - 2].version;
        let found = compare(&changed.at(last), &changed.at(&next));
        use ChangeKind::{HistoryMismatch, HistoryRewritten, SilentEdit};
        let is_explained = |change: &Change| !matches!(change.kind, SilentEdit | HistoryMismatch | HistoryRewritten);
        prop_assert!(found.iter().all(is_explained), "{:?}", found);
    }

    #[test]
    fn history_is_equal_to_the_differences_of_slices(
        spec in any_spec(),
        edits in prop::collection::vec(any::<u8>(), 1..60),
        one in any_version(),
    ) {
        let model = with_changes(&with_drawn_releases(spec), &one, &edits);
        let slow = differences_of_slices(&model);
        prop_assert_eq!(&history(&model), &slow);
        let operations = model.operations.iter().map(|operation| &operation.name);
        for name in operations.chain(model.types.iter().map(|ty| &ty.name)).take(20) {
            let of_name = |element: &&SpecElement| element.operation().or_else(|| element.data_type()) == Some(name);
            let own = slow.iter().filter(|(element, _)| of_name(element));
            let slow: Vec<_> = own.flat_map(|(_, changes)| changes.clone()).collect();
            let quick = history_of(&model, name);
            prop_assert!(quick.is_sorted_by_key(|change| change.release));
            prop_assert_eq!(quick.len(), slow.len(), "{}: {:?}", name, slow);
            prop_assert!(slow.iter().all(|change| quick.contains(change)), "{}: {:?}", name, slow);
        }
    }
}
