//! Digests of what releases have on the wire.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

use super::wire::{self, Api};
use crate::model::{Bases, DataType, Model, Version};

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
    let bases = Bases::new(model, releases, |nth, release| operations[nth].1.at(release).is_some());
    let types = model.types.par_iter().map(|it| (&*it.name, data_type(model, &bases, releases, it)));
    let types: Vec<_> = types.collect();
    let digest = |(nth, version): (usize, &&Version)| {
        of(&Api {
            base_path: &model.service.base_path,
            envelope: wire::fields(&model.envelope_at(version)),
            operations: there(&operations, nth, |_| true),
            types: there(&types, nth, |name| !bases.is_only_extended(name, nth)),
        })
    };
    releases.par_iter().enumerate().map(digest).collect()
}

/// What a data type is on the wire at each of some releases.
fn data_type(model: &Model, bases: &Bases<'_>, releases: &[&Version], it: &DataType) -> Forms {
    let at = |it: &DataType, version: &Version| model.data_type_at(it, version);
    if !bases.has_any(it) {
        let form = |version: &Version| {
            at(it, version).map(|it| json(&wire::DataType::of(&it, None, it.own_fields())))
        };
        return Forms::of(releases, it.releases().collect(), it.depends_on_values(), form);
    }
    let mut turns = bases.turns(it);
    if bases.depends_on_values(it) {
        turns.extend(releases);
    }
    turns.sort_unstable();
    let nearest_held = |release| bases.of(it, release).find(|(_, is_held)| *is_held).map(|(it, _)| &*it.name);
    let key = |release: usize, version: &Version| {
        (turns.partition_point(|turn| *turn <= version), nearest_held(release))
    };
    Forms::by(releases, key, |release, version| {
        let inherited: Vec<_> = bases.of(it, release).filter_map(|(base, _)| at(base, version)).collect();
        let it = at(it, version)?;
        let fields = inherited.iter().rev().flat_map(DataType::own_fields).chain(it.own_fields());
        Some(json(&wire::DataType::of(&it, nearest_held(release), fields)))
    })
}

/// The same of all that a model has: what [`digests`] is held to.
#[cfg(test)]
pub(crate) fn digest(model: &Model) -> String {
    let held = model.held_types();
    let types = model.types.iter().filter(|it| !model.is_only_extended(&it.name, &held));
    let form = |it: &'_ _| {
        let it: &DataType = it;
        let extends = model.bases(it).map(|it| &*it.name).find(|name| held.contains(name));
        to_raw_value(&wire::DataType::of(it, extends, model.fields(it))).unwrap()
    };
    of(&Api {
        base_path: &model.service.base_path,
        envelope: wire::fields(&model.service.envelope),
        operations: model
            .operations
            .iter()
            .map(|operation| (&*operation.name, wire::Operation::of(operation)))
            .collect(),
        types: types.map(|it| (&*it.name, form(it))).collect(),
    })
}

fn of(api: &Api<'_, impl Serialize, impl Serialize>) -> String {
    Sha256::digest(json(api).get()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The elements that a release has.
fn there<'m>(
    elements: &'m [(&'m str, Forms)],
    release: usize,
    is_on_wire: impl Fn(&str) -> bool,
) -> BTreeMap<&'m str, &'m RawValue> {
    let there = elements.iter().filter_map(|(name, forms)| Some((*name, forms.at(release)?)));
    there.filter(|(name, _)| is_on_wire(name)).collect()
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
        let turn = |_, release: &Version| turns.partition_point(|turn| *turn <= release);
        Self::by(releases, turn, |_, release| form(release))
    }

    /// One form for all releases of the same key.
    fn by<K: Eq + Hash>(
        releases: &[&Version],
        key: impl Fn(usize, &Version) -> K,
        form: impl Fn(usize, &Version) -> Option<Box<RawValue>>,
    ) -> Self {
        let mut forms = Vec::new();
        let mut known = HashMap::new();
        let used = releases.iter().enumerate().map(|(nth, release)| {
            *known.entry(key(nth, release)).or_insert_with(|| {
                forms.push(form(nth, release));
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
    use crate::model::{HistoryEntry, Type, TypeShape, Was};

    fn committed() -> Model {
        load(Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"))).unwrap()
    }

    #[test]
    fn a_default_comes_when_its_value_does() {
        let mut model = committed();
        let versions =
            model.service.releases.iter().map(|release| release.version.clone()).collect::<Vec<_>>();
        let [.., first, second, third] = &versions[..] else { unreachable!() };
        let ty = model.types.iter_mut().find(|it| matches!(it.shape, TypeShape::Enum { .. })).unwrap();
        let TypeShape::Enum { values } = &mut ty.shape else { unreachable!() };
        values[0].since = second.clone();
        let (ty, value) = (ty.name.clone(), Value::from(values[0].name.clone()));
        let operation = model.operations.iter().position(|operation| operation.since < *first).unwrap();
        let gone = HistoryEntry { release: third.clone(), was: Was::Default(Some(value.clone())) };
        for (default, history) in [(Some(value), Vec::new()), (None, vec![gone])] {
            let field = &mut model.operations[operation].response[0];
            (field.ty, field.default, field.history) = (Type::Named(ty.clone()), default, history);
            let releases = [first, second, third];
            assert_eq!(digests(&model, &releases), releases.map(|release| digest(&model.at(release))));
        }
    }

    /// Bases that come, go and are exchanged, with values on the wire and without.
    #[test]
    fn records_that_extend_others_are_as_each_alone() {
        let dir = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../review/tests/spec"));
        let base = load(dir).unwrap();
        let ty = |model: &mut Model, name: &str| model.types.iter().position(|it| it.name == name).unwrap();
        let release = |text: &str| text.parse::<Version>().unwrap();
        let extends = |was: Option<&str>, text: &str| HistoryEntry {
            release: release(text),
            was: Was::Extends(was.map(str::to_owned)),
        };
        let mut models = vec![base.clone()];
        for (now, was) in [(None, Some("Thing")), (Some("Thing"), None), (Some("ErrorCode"), Some("Thing"))] {
            let mut model = base.clone();
            let vm = ty(&mut model, "Vm");
            model.types[vm].extends = now.map(str::to_owned);
            model.types[vm].history = vec![extends(was, "2.0")];
            models.push(model);
        }
        // A value of the base is on the wire, in some releases.
        for (was, since) in [(None, "0.6"), (None, "3.0"), (Some("Nic"), "0.6")] {
            let mut model = base.clone();
            let operation =
                model.operations.iter_mut().find(|operation| operation.name == "CreateVm").unwrap();
            let mut field = operation.response[0].clone();
            (field.name, field.ty, field.since) =
                ("thing".to_owned(), Type::Named("Thing".to_owned()), release(since));
            let named = |it: &str| Was::Type(Type::Named(it.to_owned()));
            field.history =
                was.map(|it| HistoryEntry { release: release("3.0"), was: named(it) }).into_iter().collect();
            operation.response.push(field);
            models.push(model);
        }
        for model in models {
            let releases: Vec<_> = model.service.releases.iter().map(|release| &release.version).collect();
            let alone: Vec<_> = releases.iter().map(|release| digest(&model.at(release))).collect();
            assert_eq!(digests(&model, &releases), alone);
        }
    }

    #[test]
    fn all_at_once_are_as_each_alone() {
        let mut model = committed();
        for _ in 0..2 {
            let releases: Vec<_> =
                model.service.releases.iter().map(|release| release.version.clone()).collect();
            // In any order, and ones that the spec does not know.
            let others = ["99", "0.0.1", "3.4.1"].map(|it| it.parse().unwrap());
            let releases: Vec<&Version> = releases.iter().rev().chain(&others).collect();
            let alone: Vec<_> = releases.iter().map(|release| digest(&model.at(release))).collect();
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
