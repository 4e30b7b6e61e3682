//! Digests of the API of releases.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

use super::wire::{self, Api};
use crate::model::{Bases, DataType, Model, Version};

/// Computes the digest of the API as of each release.
///
/// Most elements are the same in most releases, and are serialized only once.
#[must_use]
pub fn digests(model: &Model, releases: &[&Version]) -> Vec<String> {
    let operations = model.operations.par_iter().map(|operation| {
        let at = |version: &Version| model.operation_on_wire(operation, version);
        let form = |version: &Version| at(version).map(|operation| json(&wire::Operation::of(&operation)));
        let changes = operation.releases().collect();
        (&*operation.name, Forms::of(releases, changes, operation.depends_on_values(), form))
    });
    let operations: Vec<_> = operations.collect();
    let bases = Bases::new(model, releases, |nth, release| operations[nth].1.at(release).is_some());
    let types = model.types.par_iter().map(|ty| (&*ty.name, data_type(model, &bases, releases, ty)));
    let types: Vec<_> = types.collect();
    let digest = |(nth, version): (usize, &&Version)| {
        of(&Api {
            base_path: &model.service.base_path,
            envelope: wire::fields(&model.envelope_at(version)),
            operations: elements_of_release(&operations, nth, |_| true),
            types: elements_of_release(&types, nth, |name| !bases.is_only_extended(name, nth)),
        })
    };
    releases.par_iter().enumerate().map(digest).collect()
}

/// Computes the wire form of a data type as of each release.
fn data_type(model: &Model, bases: &Bases<'_>, releases: &[&Version], it: &DataType) -> Forms {
    let at = |ty: &DataType, version: &Version| model.data_type_at(ty, version);
    if !bases.has_any(it) {
        let form = |version: &Version| {
            at(it, version).map(|ty| json(&wire::DataType::of(&ty, None, ty.own_fields())))
        };
        return Forms::of(releases, it.releases().collect(), it.depends_on_values(), form);
    }
    let mut changes = bases.releases(it);
    if bases.depends_on_values(it) {
        changes.extend(releases);
    }
    changes.sort_unstable();
    let nearest_on_wire =
        |release| bases.of(it, release).find(|(_, is_on_wire)| *is_on_wire).map(|(base, _)| &*base.name);
    let key = |release: usize, version: &Version| {
        (changes.partition_point(|change| *change <= version), nearest_on_wire(release))
    };
    Forms::by(releases, key, |release, version| {
        let inherited: Vec<_> = bases.of(it, release).filter_map(|(base, _)| at(base, version)).collect();
        let it = at(it, version)?;
        let fields = inherited.iter().rev().flat_map(DataType::own_fields).chain(it.own_fields());
        Some(json(&wire::DataType::of(&it, nearest_on_wire(release), fields)))
    })
}

/// Computes the digest of a whole model, which tests compare with [`digests`].
#[cfg(test)]
pub(crate) fn digest(model: &Model) -> String {
    let on_wire = model.types_on_wire();
    let types = model.types.iter().filter(|ty| !model.is_only_extended(&ty.name, &on_wire));
    let form = |ty: &'_ _| {
        let ty: &DataType = ty;
        let extends = model.bases(ty).map(|base| &*base.name).find(|name| on_wire.contains(name));
        to_raw_value(&wire::DataType::of(ty, extends, model.fields(ty))).unwrap()
    };
    of(&Api {
        base_path: &model.service.base_path,
        envelope: wire::fields(&model.service.envelope),
        operations: model
            .operations
            .iter()
            .map(|operation| (&*operation.name, wire::Operation::of(operation)))
            .collect(),
        types: types.map(|ty| (&*ty.name, form(ty))).collect(),
    })
}

fn of(api: &Api<'_, impl Serialize, impl Serialize>) -> String {
    Sha256::digest(json(api).get()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Computes the elements that a release has.
fn elements_of_release<'m>(
    elements: &'m [(&'m str, Forms)],
    release: usize,
    is_on_wire: impl Fn(&str) -> bool,
) -> BTreeMap<&'m str, &'m RawValue> {
    let existing = elements.iter().filter_map(|(name, forms)| Some((*name, forms.at(release)?)));
    existing.filter(|(name, _)| is_on_wire(name)).collect()
}

fn json(it: &impl Serialize) -> Box<RawValue> {
    // Cannot fail: the values are texts, numbers, lists, and maps with texts as keys.
    to_raw_value(it).unwrap_or_default()
}

/// The wire forms of an element as of each release.
struct Forms {
    /// The distinct forms; `None` where the element does not exist.
    forms: Vec<Option<Box<RawValue>>>,
    /// The index of the form of each release.
    used: Vec<usize>,
}

impl Forms {
    /// Computes the forms. `changes` are the releases that may have changed the element; with
    /// `may_always`, any release may.
    fn of<'a>(
        releases: &[&'a Version],
        mut changes: Vec<&'a Version>,
        may_always: bool,
        form: impl Fn(&Version) -> Option<Box<RawValue>>,
    ) -> Self {
        if may_always {
            changes.extend(releases);
        }
        changes.sort_unstable();
        let key = |_, release: &Version| changes.partition_point(|change| *change <= release);
        Self::by(releases, key, |_, release| form(release))
    }

    /// Computes one form for all releases with the same key.
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
    use crate::model::{AttributeValue, HistoryEntry, Type, TypeShape};

    fn committed_model() -> Model {
        load(Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"))).unwrap()
    }

    #[test]
    fn includes_default_from_the_release_of_its_value() {
        let mut model = committed_model();
        let versions = model.service.releases.iter().map(|release| release.version).collect::<Vec<_>>();
        let [.., first, second, third] = &versions[..] else { unreachable!() };
        let ty = model.types.iter_mut().find(|ty| matches!(ty.shape, TypeShape::Enum { .. })).unwrap();
        let TypeShape::Enum { values } = &mut ty.shape else { unreachable!() };
        values[0].since = *second;
        let (ty, value) = (ty.name.clone(), Value::from(values[0].name.clone()));
        let operation = model.operations.iter().position(|operation| operation.since < *first).unwrap();
        let gone = HistoryEntry { release: *third, was: AttributeValue::Default(Some(value.clone())) };
        for (default, history) in [(Some(value), Vec::new()), (None, vec![gone])] {
            let field = &mut model.operations[operation].response[0];
            (field.ty, field.default, field.history) = (Type::Named(ty.clone()), default, history);
            let releases = [first, second, third];
            assert_eq!(digests(&model, &releases), releases.map(|release| digest(&model.at(release))));
        }
    }

    /// Bases that are added, removed and replaced, with and without values on the wire.
    #[test]
    fn digests_of_records_with_bases_equal_those_of_slices() {
        let dir = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../review/tests/spec"));
        let base = load(dir).unwrap();
        let ty = |model: &mut Model, name: &str| model.types.iter().position(|ty| ty.name == name).unwrap();
        let release = |text: &str| text.parse::<Version>().unwrap();
        let extends = |was: Option<&str>, text: &str| HistoryEntry {
            release: release(text),
            was: AttributeValue::Extends(was.map(str::to_owned)),
        };
        let mut models = vec![base.clone()];
        for (now, was) in [(None, Some("Thing")), (Some("Thing"), None), (Some("ErrorCode"), Some("Thing"))] {
            let mut model = base.clone();
            let vm = ty(&mut model, "Vm");
            model.types[vm].extends = now.map(str::to_owned);
            model.types[vm].history = vec![extends(was, "2.0")];
            models.push(model);
        }
        // In some releases, the base has values on the wire.
        for (was, since) in [(None, "0.6"), (None, "3.0"), (Some("Nic"), "0.6")] {
            let mut model = base.clone();
            let operation =
                model.operations.iter_mut().find(|operation| operation.name == "CreateVm").unwrap();
            let mut field = operation.response[0].clone();
            (field.name, field.ty, field.since) =
                ("thing".to_owned(), Type::Named("Thing".to_owned()), release(since));
            let named = |name: &str| AttributeValue::Type(Type::Named(name.to_owned()));
            field.history = was
                .map(|base| HistoryEntry { release: release("3.0"), was: named(base) })
                .into_iter()
                .collect();
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
    fn digests_equal_those_of_slices() {
        let mut model = committed_model();
        for _ in 0..2 {
            let releases: Vec<_> = model.service.releases.iter().map(|release| release.version).collect();
            // In any order, including undeclared releases.
            let others = ["99", "0.0.1", "3.4.1"].map(|text| text.parse().unwrap());
            let releases: Vec<&Version> = releases.iter().rev().chain(&others).collect();
            let alone: Vec<_> = releases.iter().map(|release| digest(&model.at(release))).collect();
            assert_eq!(digests(&model, &releases), alone);
            // Then only operations, then only the base path.
            model.types.clear();
            model.service.envelope.clear();
        }
        model.operations.clear();
        let version = "99".parse().unwrap();
        assert_eq!(digests(&model, &[&version]), [digest(&model)]);
    }
}
