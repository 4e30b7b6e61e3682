//! Slices of valid specs with random releases.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::findings::Findings;
use crate::lower::Draft;
use crate::model::{Release, Service};

mod history;
/// Random models, which the tests of the review use as well.
#[path = "../../../tests/random/mod.rs"]
mod random;

use random::{any_spec, any_version, with_drawn_releases};

/// Returns the problems of a model.
fn problems(model: &Model) -> Vec<String> {
    let draft = Draft {
        api: Some((0, model.service.clone(), model.categories.clone())),
        types: model.types.iter().cloned().enumerate().collect(),
        operations: model.operations.iter().cloned().enumerate().collect(),
        unread_types: BTreeSet::new(),
        waivers: None,
    };
    let mut findings = Findings::default();
    check(&draft, &mut findings);
    findings.into_iter().map(|finding| format!("{:?} at {:?}", finding.kind, finding.at)).collect()
}

/// Returns all elements of a model, with their releases, and the values in its examples.
fn elements(model: &Model) -> BTreeSet<(String, Option<Version>)> {
    let mut found = BTreeSet::new();
    let mut add = |name: String, since: Option<&Version>| {
        found.insert((name, since.copied()));
    };
    let Service { releases, envelope, .. } = &model.service;
    releases.iter().for_each(|release| add("release".to_owned(), Some(&release.version)));
    envelope.iter().for_each(|envelope| add(format!("envelope {}", envelope.name), Some(&envelope.since)));
    model.categories.iter().for_each(|category| add(format!("category {}", category.name), None));
    for ty in &model.types {
        add(ty.name.clone(), Some(&ty.since));
        ty.own_fields()
            .iter()
            .for_each(|field| add(format!("{} {}", ty.name, field.name), Some(&field.since)));
        if let TypeShape::Enum { values } = &ty.shape {
            values.iter().for_each(|value| add(format!("{} {}", ty.name, value.name), Some(&value.since)));
        }
    }
    for it in &model.operations {
        let name = &it.name;
        add(name.clone(), Some(&it.since));
        it.all_paths().for_each(|path| add(format!("{name} {path}"), None));
        it.parameters
            .iter()
            .map(|parameter| &parameter.field)
            .for_each(|field| add(format!("{name} takes {}", field.name), Some(&field.since)));
        it.response
            .iter()
            .for_each(|response| add(format!("{name} answers {}", response.name), Some(&response.since)));
        it.tags.iter().for_each(|tag| add(format!("{name} {}", tag.pattern), Some(&tag.since)));
        for example in &it.examples {
            add(format!("{name}: {}", example.name), None);
            let path = format!("{name}: {}: ", example.name);
            leaves(&Value::Object(example.request.clone()), &format!("{path}asks "), &mut add);
            leaves(&example.response, &format!("{path}answers "), &mut add);
        }
    }
    found
}

fn leaves(value: &Value, path: &str, add: &mut impl FnMut(String, Option<&Version>)) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, value)| leaves(value, &format!("{path}.{key}"), add));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(nth, item)| leaves(item, &format!("{path}[{nth}]"), add));
        }
        value => add(format!("{path} = {value}"), None),
    }
}

/// Returns the texts in the requests of examples, including tags and conditions, with their operations.
fn texts(model: &Model) -> Vec<(&str, &str)> {
    let examples = model
        .operations
        .iter()
        .flat_map(|operation| operation.examples.iter().map(|example| (&*operation.name, example)));
    let values =
        examples.flat_map(|(name, example)| example.request.values().map(move |value| (name, value)));
    values
        .flat_map(|(name, value)| match value {
            Value::Array(items) => items.iter().filter_map(Value::as_str).map(|text| (name, text)).collect(),
            Value::String(text) => vec![(name, text.as_str())],
            _ => Vec::new(),
        })
        .collect()
}

/// Returns whether a text begins like a tag, or names a column, that the slice lacks.
fn names_later(model: &Model, slice: &Model, operation: &str, text: &str) -> bool {
    let of = |model: &Model| {
        let it = model.operation(operation).unwrap().clone();
        let tags: Vec<_> = it.tags.iter().map(|tag| tag.prefix.clone()).collect();
        let listed = it.response.iter().find(|field| it.query && field.name == "inventories");
        let listed = listed.and_then(|field| model.data_type(field.ty.data_type_name()?));
        let columns = listed.map(|ty| names(model, ty, 4)).unwrap_or_default();
        (tags, columns)
    };
    let ((tags, columns), (known_tags, known)) = (of(model), of(slice));
    let name = text.trim_start_matches(['-', '+']).split(['=', '!', '~', '>', '<', '?', ' ', ',']).next();
    tags.iter().any(|tag| text.starts_with(tag) && !known_tags.contains(tag))
        || name.is_some_and(|name| columns.contains(name) && !known.contains(name))
}

/// Returns the names of the columns of a record, up to a depth.
fn names(model: &Model, ty: &DataType, deep: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for field in model.fields(ty) {
        found.insert(field.name.clone());
        let inner = field.ty.data_type_name().and_then(|name| model.data_type(name)).filter(|_| deep > 1);
        let inner = inner.map(|ty| names(model, ty, deep - 1)).unwrap_or_default();
        found.extend(inner.into_iter().map(|name| format!("{}.{name}", field.name)));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn slices_are_valid(spec in any_spec(), release in any::<prop::sample::Index>()) {
        let model = with_drawn_releases(spec);
        prop_assert_eq!(problems(&model), Vec::<String>::new());
        let Release { version, .. } = release.get(&model.service.releases);
        prop_assert_eq!(problems(&model.at(version)), Vec::<String>::new(), "at {}", version);
    }

    #[test]
    fn slice_of_newest_release_is_the_model(spec in any_spec()) {
        let model = with_drawn_releases(spec);
        let newest = &model.service.releases.last().unwrap().version;
        prop_assert_eq!(&model.at(newest), &model);
    }

    #[test]
    fn slices_have_no_newer_elements(spec in any_spec(), version in any_version()) {
        let model = with_drawn_releases(spec);
        let slice = model.at(&version);
        for (name, since) in elements(&slice) {
            prop_assert!(since.is_none_or(|since| since <= version), "{} at {}", name, version);
        }
        for (operation, text) in texts(&slice) {
            prop_assert!(!names_later(&model, &slice, operation, text), "{} at {}", text, version);
        }
    }

    #[test]
    fn slice_of_slice_is_the_older_slice(spec in any_spec(), one in any_version(), other in any_version()) {
        let model = with_drawn_releases(spec);
        prop_assert_eq!(model.at(&one).at(&other), model.at((&one).min(&other)));
    }

    #[test]
    fn newer_slices_keep_elements(spec in any_spec(), one in any_version(), other in any_version()) {
        let model = with_drawn_releases(spec);
        let (older, newer) = if one <= other { (one, other) } else { (other, one) };
        let (before, after) = (elements(&model.at(&older)), elements(&model.at(&newer)));
        let gone: Vec<_> = before.difference(&after).collect();
        prop_assert!(gone.is_empty(), "{} has what {} has not: {:?}", older, newer, gone);
    }
}
