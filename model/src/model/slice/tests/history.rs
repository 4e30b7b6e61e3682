//! Slices of models that changed, and said so.

use proptest::prelude::*;

use super::random::{MODELS, edited, with_next};
use super::*;
use crate::lock::{digest, digests};
use crate::model::{HistoryEntry, Was};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_out_stays_what_it_was(spec in any_spec(), edits in prop::collection::vec(any::<u8>(), 1..60)) {
        let (model, next) = with_next(redated(spec));
        let changed = edited(&model, &next, &edits);
        for Release { version, .. } in model.service.releases.iter().filter(|release| release.version < next) {
            prop_assert_eq!(digest(&changed.at(version)), digest(&model.at(version)), "at {}", version);
        }
        let all: Vec<_> = changed.service.releases.iter().map(|release| &release.version).collect();
        let alone: Vec<_> = all.iter().map(|it| digest(&changed.at(it))).collect();
        prop_assert_eq!(digests(&changed, &all), alone);
        // Forward again: the newest release is the model itself.
        prop_assert_eq!(digest(&changed.at(&next)), digest(&changed));
        let undo = |it: &Version| *it < next;
        let mut back = changed.clone();
        back.operations.iter_mut().for_each(|operation| {
            operation.undo(undo);
            operation.parameters.iter_mut().for_each(|parameter| parameter.undo(undo));
            operation.response.iter_mut().for_each(|response| response.undo(undo));
        });
        back.types.iter_mut().for_each(|it| {
            it.undo(undo);
            if let TypeShape::Record { fields, .. } = &mut it.shape {
                fields.iter_mut().for_each(|field| field.undo(undo));
            }
        });
        prop_assert_eq!(&back, &model);
    }

    #[test]
    fn a_slice_of_a_changed_slice_is_the_older_one(
        spec in any_spec(),
        edits in prop::collection::vec(any::<u8>(), 1..60),
        one in any_version(),
        other in any_version(),
    ) {
        let model = redated(spec);
        let changed = edited(&model, &one, &edits);
        prop_assert_eq!(changed.at(&one).at(&other), changed.at((&one).min(&other)));
        if other < one {
            prop_assert_eq!(digest(&changed.at(&other)), digest(&model.at(&other)));
        }
    }
}

/// A slice leaves out the first path, and with it what that was before.
#[test]
fn a_first_path_that_came_later_leaves_what_the_others_were() {
    let mut model = MODELS[2].clone();
    let [two, four, five] = ["2.0", "4.0", "5.0"].map(|it| it.parse::<Version>().unwrap());
    let it = model.operations.iter_mut().find(|operation| operation.name == "GetNic").unwrap();
    it.parameters
        .iter_mut()
        .filter(|parameter| parameter.field.name == "nic")
        .for_each(|parameter| parameter.field.since = five.clone());
    let mut was = Was::Path("/vms/{vm}/nics/{nic}/more".to_owned());
    it.exchange(&mut was);
    it.history.push(HistoryEntry { release: four.clone(), was });
    let slice = model.at(&four);
    assert_eq!(slice.operation("GetNic").unwrap().path, "/vms/{vm}/nics");
    assert_eq!(slice.at(&two), model.at(&two));
    assert_eq!(model.at(&two).operation("GetNic").unwrap().path, "/vms/{vm}/nics");
}
