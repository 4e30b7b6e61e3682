//! Slices of models that changed, and said so.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::diff::{Change, Element, Event, Part, compare, history, history_of};
use crate::lock::{digest, digests};
use crate::model::{Entry, ReleaseState, Was};

/// Changes attributes of a model in a release, each to what another element
/// has, and writes down what they were.
fn edited(model: &Model, release: &Version, draws: &[u8]) -> Model {
    let mut model = model.clone();
    let mut draws = draws.iter().copied().cycle().map(usize::from);
    let mut draw = |of: usize| draws.next().unwrap_or_default() * 31 % of.max(1);
    let fields: Vec<_> = model.types.iter().flat_map(DataType::own_fields).cloned().collect();
    let operations = model.operations.clone();
    let parameters: Vec<_> = operations.iter().flat_map(|it| it.parameters.clone()).collect();
    let bases: Vec<_> = model.types.iter().filter(|it| it.extends.is_some()).cloned().collect();
    for _ in 0..1 + draw(12) {
        let nth = draw(model.operations.len());
        match draw(5) {
            0 => {
                let it = &mut model.operations[nth];
                let mut facts = operations[draw(operations.len())].facts();
                facts.retain(|it| !matches!(it, Was::Path(_) | Was::Paths(_)));
                // The variables are those of the parameters.
                facts.push(Was::Path(it.path.clone() + "/more"));
                change(it, facts, draw(usize::MAX), release);
            }
            1 => {
                let parameters_of = &mut model.operations[nth].parameters;
                let Some(it) = (!parameters_of.is_empty()).then(|| draw(parameters_of.len())) else {
                    continue;
                };
                let mut facts = parameters[draw(parameters.len())].facts();
                // What a path has must be given, in the path.
                if parameters_of[it].place == Place::Path {
                    facts.retain(|it| !matches!(it, Was::Required(_) | Was::In(_) | Was::Enclosed(_)));
                }
                change(&mut parameters_of[it], facts, draw(usize::MAX), release);
            }
            2 => {
                let fields_of = &mut model.operations[nth].response;
                let Some(it) = (!fields_of.is_empty()).then(|| draw(fields_of.len())) else { continue };
                change(&mut fields_of[it], fields[draw(fields.len())].facts(), draw(usize::MAX), release);
            }
            3 => {
                let ty = draw(model.types.len());
                let facts = bases.get(draw(bases.len())).map(Historic::facts).unwrap_or_default();
                // Nothing extends itself, by however many steps.
                let name = &model.types[ty].name;
                let is_circle = facts.iter().any(|it| match it {
                    Was::Extends(Some(base)) => {
                        let base = model.data_type(base).unwrap();
                        base.name == *name || model.bases(base).any(|it| it.name == *name)
                    }
                    _ => false,
                });
                if matches!(model.types[ty].shape, TypeShape::Record { .. })
                    && !facts.is_empty()
                    && !is_circle
                {
                    change(&mut model.types[ty], facts, draw(usize::MAX), release);
                }
            }
            _ => {
                let ty = draw(model.types.len());
                if let TypeShape::Record { fields: fields_of, .. } = &mut model.types[ty].shape
                    && !fields_of.is_empty()
                {
                    let it = draw(fields_of.len());
                    change(&mut fields_of[it], fields[draw(fields.len())].facts(), draw(usize::MAX), release);
                }
            }
        }
    }
    model
}

/// Gives an element one of these facts, and writes down what there was.
fn change(it: &mut impl Historic, mut facts: Vec<Was>, nth: usize, release: &Version) {
    let nth = nth % facts.len();
    let mut was = facts.swap_remove(nth);
    it.exchange(&mut was);
    it.history_mut().push(Entry { release: release.clone(), was });
}

/// The model with one more release, which is being written.
fn with_next(mut model: Model) -> (Model, Version) {
    let version: Version = "60000".parse().unwrap();
    let release = Release { version: version.clone(), state: ReleaseState::Next, description: None };
    model.service.releases.push(release);
    (model, version)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_out_stays_what_it_was(spec in any_spec(), edits in prop::collection::vec(any::<u8>(), 1..60)) {
        let (model, next) = with_next(redated(spec));
        let changed = edited(&model, &next, &edits);
        for Release { version, .. } in model.service.releases.iter().filter(|it| it.version < next) {
            prop_assert_eq!(digest(&changed.at(version)), digest(&model.at(version)), "at {}", version);
        }
        let all: Vec<_> = changed.service.releases.iter().map(|it| &it.version).collect();
        let alone: Vec<_> = all.iter().map(|it| digest(&changed.at(it))).collect();
        prop_assert_eq!(digests(&changed, &all), alone);
        let last = &model.service.releases[model.service.releases.len() - 2].version;
        let found = compare(&changed.at(last), &changed.at(&next));
        let is_said = |it: &Change| !matches!(it.rule.id, "silent-edit" | "history-mismatch" | "history-rewritten");
        prop_assert!(found.iter().all(is_said), "{:?}", found);
        // Forward again: the newest release is the model itself.
        prop_assert_eq!(digest(&changed.at(&next)), digest(&changed));
        let undo = |it: &Version| *it < next;
        let mut back = changed.clone();
        back.operations.iter_mut().for_each(|it| {
            it.undo(undo);
            it.parameters.iter_mut().for_each(|it| it.undo(undo));
            it.response.iter_mut().for_each(|it| it.undo(undo));
        });
        back.types.iter_mut().for_each(|it| {
            it.undo(undo);
            if let TypeShape::Record { fields, .. } = &mut it.shape {
                fields.iter_mut().for_each(|it| it.undo(undo));
            }
        });
        prop_assert_eq!(&back, &model);
    }

    /// The quick way to tell what each release changed, and the slow one.
    #[test]
    fn what_a_release_changed_is_what_its_slice_has_not(
        spec in any_spec(),
        edits in prop::collection::vec(any::<u8>(), 1..60),
        one in any_version(),
    ) {
        let model = edited(&redated(spec), &one, &edits);
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
        for name in model.operations.iter().map(|it| &it.name).chain(model.types.iter().map(|it| &it.name)).take(20) {
            let of_name = |it: &&Element| it.operation().or_else(|| it.data_type()) == Some(name);
            let slow: Vec<_> = slow.iter().filter(|(it, _)| of_name(it)).flat_map(|(_, it)| it.clone()).collect();
            let quick = history_of(&model, name);
            prop_assert!(quick.is_sorted_by_key(|it| it.release.numbers));
            prop_assert_eq!(quick.len(), slow.len());
            prop_assert!(slow.iter().all(|it| quick.contains(it)), "{}: {:?}", name, slow);
        }
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
    let it = model.operations.iter_mut().find(|it| it.name == "GetNic").unwrap();
    it.parameters.iter_mut().filter(|it| it.field.name == "nic").for_each(|it| it.field.since = five.clone());
    let mut was = Was::Path("/vms/{vm}/nics/{nic}/more".to_owned());
    it.exchange(&mut was);
    it.history.push(Entry { release: four.clone(), was });
    let slice = model.at(&four);
    assert_eq!(slice.operation("GetNic").unwrap().path, "/vms/{vm}/nics");
    assert_eq!(slice.at(&two), model.at(&two));
    assert_eq!(model.at(&two).operation("GetNic").unwrap().path, "/vms/{vm}/nics");
}
