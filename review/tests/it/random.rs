//! Comparisons of random slices.

/// Random models, which the tests of slices share.
#[path = "../../../model/tests/random/mod.rs"]
mod models;

use std::collections::BTreeMap;

use proptest::prelude::*;
use zstack_model::changes::ChangeKind;
use zstack_review::{Change, Element, Event, Part, compare, history, history_of};

use models::{any_spec, any_version, with_changes, with_drawn_releases, with_next};

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
        let is_said = |it: &Change| !matches!(it.kind, SilentEdit | HistoryMismatch | HistoryRewritten);
        prop_assert!(found.iter().all(is_said), "{:?}", found);
    }

    /// The quick way to tell what each release changed, and the slow one.
    #[test]
    fn what_a_release_changed_is_what_its_slice_has_not(
        spec in any_spec(),
        edits in prop::collection::vec(any::<u8>(), 1..60),
        one in any_version(),
    ) {
        let model = with_changes(&with_drawn_releases(spec), &one, &edits);
        let mut slow: BTreeMap<Element, Vec<Event>> = BTreeMap::new();
        for pair in model.service.releases.windows(2) {
            let [before, release] = [&pair[0].version, &pair[1].version];
            for change in compare(&model.at(before), &model.at(release)) {
                let is_about_the_spec = matches!(
                    change.element,
                    Element::Release(_) | Element::Category(_) | Element::OfOperation(_, Part::Example, _)
                );
                if !is_about_the_spec && change.attribute != "examples" {
                    let events = slow.entry(change.element.clone()).or_default();
                    events.push(Event { release: release.clone(), change });
                }
            }
        }
        prop_assert_eq!(&history(&model), &slow);
        for name in model.operations.iter().map(|operation| &operation.name).chain(model.types.iter().map(|it| &it.name)).take(20) {
            let of_name = |it: &&Element| it.operation().or_else(|| it.data_type()) == Some(name);
            let slow: Vec<_> = slow.iter().filter(|(it, _)| of_name(it)).flat_map(|(_, it)| it.clone()).collect();
            let quick = history_of(&model, name);
            prop_assert!(quick.is_sorted_by_key(|quick| quick.release.numbers));
            prop_assert_eq!(quick.len(), slow.len());
            prop_assert!(slow.iter().all(|slow| quick.contains(slow)), "{}: {:?}", name, slow);
        }
    }
}
