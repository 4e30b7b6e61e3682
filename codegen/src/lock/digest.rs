//! Digests of what releases have on the wire.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::wire;
use crate::model::{Model, Version};

/// What a model has on the wire, as a digest.
#[must_use]
pub fn digest(model: &Model) -> String {
    hexadecimal(Sha256::new_with_prefix(json(&wire::Api::of(model))))
}

/// The same of what a model has at each of some releases.
///
/// Most of it is the same in most of them, and is only written once.
#[must_use]
pub fn digests(model: &Model, releases: &[&Version]) -> Vec<String> {
    let mut operations: Vec<_> = model.operations.iter().collect();
    operations.sort_by(|a, b| a.name.cmp(&b.name));
    let operations = operations.par_iter().map(|it| {
        let at = |version: &Version| model.operation_on_wire(it, version);
        let json = |version: &Version| at(version).map(|it| json(&wire::Operation::of(&it)));
        Forms::of(&it.name, releases, it.releases().collect(), it.depends_on_values(), json)
    });
    let operations: Vec<_> = operations.collect();
    // They are in the order of their names.
    let types = model.types.par_iter().map(|it| {
        let json =
            |version: &Version| model.data_type_at(it, version).map(|it| json(&wire::DataType::of(&it)));
        Forms::of(&it.name, releases, it.releases().collect(), it.depends_on_values(), json)
    });
    let types: Vec<_> = types.collect();
    let digest = |(nth, version): (usize, &&Version)| {
        let mut hash = Sha256::new_with_prefix("{\"basePath\":");
        hash.update(json(&model.service.base_path));
        let envelope = model.envelope_at(version);
        if !envelope.is_empty() {
            hash.update(",\"envelope\":");
            hash.update(json(&wire::fields(&envelope)));
        }
        for (key, forms) in [("operations", &operations), ("types", &types)] {
            let mut found = forms.iter().filter_map(|it| Some((&it.name, it.at(nth)?))).peekable();
            if found.peek().is_none() {
                continue;
            }
            hash.update([",\"", key, "\":"].concat());
            for (place, (name, form)) in found.enumerate() {
                hash.update(if place == 0 { "{" } else { "," });
                hash.update(name);
                hash.update(":");
                hash.update(form);
            }
            hash.update("}");
        }
        hash.update("}");
        hexadecimal(hash)
    };
    releases.par_iter().enumerate().map(digest).collect()
}

/// What an element is on the wire at each of some releases.
struct Forms {
    /// Its name, as a key.
    name: String,
    /// Each once; nothing where the element is not there.
    forms: Vec<Option<String>>,
    /// The form of each release.
    used: Vec<usize>,
}

impl Forms {
    /// `turns` are the releases that may have changed it; `may_always` that any
    /// may.
    fn of<'a>(
        name: &str,
        releases: &[&'a Version],
        mut turns: Vec<&'a Version>,
        may_always: bool,
        form: impl Fn(&Version) -> Option<String>,
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
        Self { name: json(&name), forms, used }
    }

    fn at(&self, nth: usize) -> Option<&str> {
        self.forms[self.used[nth]].as_deref()
    }
}

fn json(it: &impl Serialize) -> String {
    // Texts, numbers, lists, and maps whose keys are texts: all of them can be
    // written.
    serde_json::to_string(it).unwrap_or_default()
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
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
