//! Digests of what releases have on the wire.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

use super::wire::{self, Api};
use crate::model::{Model, Version};

/// What a model has on the wire at each of some releases, as digests.
///
/// Most of it is the same in most of them, and is only written once.
#[must_use]
pub fn digests(model: &Model, releases: &[&Version]) -> Vec<String> {
    let operations = model.operations.par_iter().map(|it| {
        let at = |version: &Version| model.operation_on_wire(it, version);
        let form = |version: &Version| at(version).map(|it| json(&wire::Operation::of(&it)));
        let turns = it.releases().collect();
        (&*it.name, Forms::of(releases, turns, it.depends_on_values(), form))
    });
    let operations: Vec<_> = operations.collect();
    let types = model.types.par_iter().map(|it| {
        let at = |version: &Version| model.data_type_at(it, version);
        let form = |version: &Version| at(version).map(|it| json(&wire::DataType::of(&it)));
        let turns = it.releases().collect();
        (&*it.name, Forms::of(releases, turns, it.depends_on_values(), form))
    });
    let types: Vec<_> = types.collect();
    let digest = |(nth, version): (usize, &&Version)| {
        of(&Api {
            base_path: &model.service.base_path,
            envelope: wire::fields(&model.envelope_at(version)),
            operations: there(&operations, nth),
            types: there(&types, nth),
        })
    };
    releases.par_iter().enumerate().map(digest).collect()
}

/// The same of all that a model has: what [`digests`] is held to.
#[cfg(test)]
pub(crate) fn digest(model: &Model) -> String {
    of(&Api {
        base_path: &model.service.base_path,
        envelope: wire::fields(&model.service.envelope),
        operations: model.operations.iter().map(|it| (&*it.name, wire::Operation::of(it))).collect(),
        types: model.types.iter().map(|it| (&*it.name, wire::DataType::of(it))).collect(),
    })
}

fn of(api: &Api<'_, impl Serialize, impl Serialize>) -> String {
    Sha256::digest(json(api).get()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The elements that a release has.
fn there<'m>(elements: &'m [(&'m str, Forms)], release: usize) -> BTreeMap<&'m str, &'m RawValue> {
    elements.iter().filter_map(|(name, forms)| Some((*name, forms.at(release)?))).collect()
}

fn json(it: &impl Serialize) -> Box<RawValue> {
    // Texts, numbers, lists, and maps whose keys are texts: all of them can be
    // written.
    to_raw_value(it).unwrap_or_default()
}

/// What an element is on the wire at each of some releases.
struct Forms {
    /// Each once; nothing where the element is not there.
    forms: Vec<Option<Box<RawValue>>>,
    /// The form of each release.
    used: Vec<usize>,
}

impl Forms {
    /// `turns` are the releases that may have changed it; `may_always` that any
    /// may.
    fn of<'a>(
        releases: &[&'a Version],
        mut turns: Vec<&'a Version>,
        may_always: bool,
        form: impl Fn(&Version) -> Option<Box<RawValue>>,
    ) -> Self {
        if may_always {
            turns.extend(releases);
        }
        turns.sort_unstable();
        let mut forms = Vec::new();
        let mut known = HashMap::new();
        let used = releases.iter().map(|release| {
            let turn = turns.partition_point(|it| it <= release);
            *known.entry(turn).or_insert_with(|| {
                forms.push(form(release));
                forms.len() - 1
            })
        });
        let used = used.collect();
        Self { forms, used }
    }

    fn at(&self, nth: usize) -> Option<&RawValue> {
        self.forms[self.used[nth]].as_deref()
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use serde_json::Value;

    use super::*;
    use crate::load::load;
    use crate::model::{Entry, Type, TypeShape, Was};

    fn committed() -> Model {
        load(Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"))).unwrap()
    }

    #[test]
    fn a_default_comes_when_its_value_does() {
        let mut model = committed();
        let versions = model.service.releases.iter().map(|it| it.version.clone()).collect::<Vec<_>>();
        let [.., first, second, third] = &versions[..] else { unreachable!() };
        let ty = model.types.iter_mut().find(|it| matches!(it.shape, TypeShape::Enum { .. })).unwrap();
        let TypeShape::Enum { values } = &mut ty.shape else { unreachable!() };
        values[0].since = second.clone();
        let (ty, value) = (ty.name.clone(), Value::from(values[0].name.clone()));
        let operation = model.operations.iter().position(|it| it.since < *first).unwrap();
        let gone = Entry { release: third.clone(), was: Was::Default(Some(value.clone())) };
        for (default, history) in [(Some(value), Vec::new()), (None, vec![gone])] {
            let field = &mut model.operations[operation].response[0];
            (field.ty, field.default, field.history) = (Type::Named(ty.clone()), default, history);
            let releases = [first, second, third];
            assert_eq!(digests(&model, &releases), releases.map(|it| digest(&model.at(it))));
        }
    }

    #[test]
    fn all_at_once_are_as_each_alone() {
        let mut model = committed();
        for _ in 0..2 {
            let releases: Vec<_> = model.service.releases.iter().map(|it| it.version.clone()).collect();
            // In any order, and ones that the spec does not know.
            let others = ["99", "0.0.1", "3.4.1"].map(|it| it.parse().unwrap());
            let releases: Vec<&Version> = releases.iter().rev().chain(&others).collect();
            let alone: Vec<_> = releases.iter().map(|it| digest(&model.at(it))).collect();
            assert_eq!(digests(&model, &releases), alone);
            // Nothing but operations, then nothing but a path.
            model.types.clear();
            model.service.envelope.clear();
        }
        model.operations.clear();
        let version = "99".parse().unwrap();
        assert_eq!(digests(&model, &[&version]), [digest(&model)]);
    }
}
