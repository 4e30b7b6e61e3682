//! Slices of models with histories.

use proptest::prelude::*;

use super::random::{MODELS, with_changes, with_next};
use super::*;
use crate::lock::{digest, digests};
use crate::model::{AttributeValue, HistoryEntry};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn changes_do_not_affect_older_slices(spec in any_spec(), edits in prop::collection::vec(any::<u8>(), 1..60)) {
        let (model, next) = with_next(with_drawn_releases(spec));
        let changed = with_changes(&model, &next, &edits);
        for Release { version, .. } in model.service.releases.iter().filter(|release| release.version < next) {
            prop_assert_eq!(digest(&changed.at(version)), digest(&model.at(version)), "at {}", version);
        }
        let all: Vec<_> = changed.service.releases.iter().map(|release| &release.version).collect();
        let alone: Vec<_> = all.iter().map(|version| digest(&changed.at(version))).collect();
        prop_assert_eq!(digests(&changed, &all), alone);
        // The newest release is the model itself.
        prop_assert_eq!(digest(&changed.at(&next)), digest(&changed));
        let undo = |release: &Version| *release < next;
        let mut back = changed.clone();
        back.operations.iter_mut().for_each(|operation| {
            operation.undo(undo);
            operation.parameters.iter_mut().for_each(|parameter| parameter.undo(undo));
            operation.response.iter_mut().for_each(|response| response.undo(undo));
        });
        back.types.iter_mut().for_each(|ty| {
            ty.undo(undo);
            if let TypeShape::Record { fields, .. } = &mut ty.shape {
                fields.iter_mut().for_each(|field| field.undo(undo));
            }
        });
        prop_assert_eq!(&back, &model);
    }

    #[test]
    fn slice_of_changed_slice_is_the_older_slice(
        spec in any_spec(),
        edits in prop::collection::vec(any::<u8>(), 1..60),
        one in any_version(),
        other in any_version(),
    ) {
        let model = with_drawn_releases(spec);
        let changed = with_changes(&model, &one, &edits);
        prop_assert_eq!(changed.at(&one).at(&other), changed.at((&one).min(&other)));
        if other < one {
            prop_assert_eq!(digest(&changed.at(&other)), digest(&model.at(&other)));
        }
    }
}

/// A slice without the first path also lacks its previous value.
#[test]
fn removes_later_first_path_with_its_history() {
    let mut model = MODELS[2].clone();
    let [two, four, five] = ["2.0", "4.0", "5.0"].map(|text| text.parse::<Version>().unwrap());
    let it = model.operations.iter_mut().find(|operation| operation.name == "GetNic").unwrap();
    it.parameters
        .iter_mut()
        .filter(|parameter| parameter.field.name == "nic")
        .for_each(|parameter| parameter.field.since = five);
    let mut was = AttributeValue::Path("/vms/{vm}/nics/{nic}/more".to_owned());
    it.exchange(&mut was);
    it.history.push(HistoryEntry { release: four, was });
    let slice = model.at(&four);
    assert_eq!(slice.operation("GetNic").unwrap().path, "/vms/{vm}/nics");
    assert_eq!(slice.at(&two), model.at(&two));
    assert_eq!(model.at(&two).operation("GetNic").unwrap().path, "/vms/{vm}/nics");
}
