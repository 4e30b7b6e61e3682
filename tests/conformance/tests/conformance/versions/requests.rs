//! Requests with later elements in every position.

use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Map, Value};
use zstack_conformance::values;
use zstack_runtime::record::{Kind, Place, Shape};
use zstack_runtime::{Query, Request};

use super::{is_required, object, sample};

/// The maximum depth of fields in queries.
const DEPTH: usize = 3;

/// Returns a request for each parameter with the required ones, and requests with as many as
/// possible; each also with all possible names in it.
pub(super) fn each<R: Request>() -> Vec<Map<String, Value>> {
    let full = sample(values::full_record(R::SHAPE));
    let (columns, tags) = (columns::<R>(), tags::<R>());
    let with = |also: &dyn Fn(&str) -> bool, names: bool| {
        let given = full.iter().filter(|(name, _)| is_required(R::SHAPE, name) || also(name));
        let given = given.map(|(name, value)| (name.clone(), value.clone())).collect();
        if names { whole::<R>(given, &columns, &tags) } else { whole::<R>(given, &[], &[]) }
    };
    let mut requests = Vec::new();
    for names in [false, true] {
        if names && columns.is_empty() && tags.is_empty() {
            continue;
        }
        requests.extend(full.keys().map(|name| with(&|other| other == name, names)));
        requests.push(with(&|_| true, names));
        requests.push(with(&|name| place::<R>(name) != Some(Place::Path), names));
    }
    requests
}

/// Generates requests with any of the parameters, and any names in them.
pub(super) fn any<R: Request>() -> impl Strategy<Value = Map<String, Value>> {
    let (columns, tags) = (columns::<R>(), tags::<R>());
    let columns = subsequence(columns.clone(), 0..=columns.len().min(3));
    let tags = subsequence(tags.clone(), 0..=tags.len());
    (values::record(R::SHAPE), columns, tags)
        .prop_map(|(request, columns, tags)| whole::<R>(object(request), &columns, &tags))
}

fn place<R: Request>(name: &str) -> Option<Place> {
    R::SHAPE.index_of(name).map(|index| R::SHAPE.fields[index].place)
}

/// Creates a request with these names in its parameters, without anything that is dropped on
/// purpose: a path that selects a record needs no query, and a client requests all required fields.
fn whole<R: Request>(
    mut request: Map<String, Value>,
    columns: &[String],
    tags: &[String],
) -> Map<String, Value> {
    let is_free = |name: &str| {
        R::SHAPE.index_of(name).is_none_or(|index| R::SHAPE.fields[index].limits.values.is_empty())
    };
    for (_, secret) in request.iter_mut().filter(|(name, _)| is_secret(name) && is_free(name)) {
        // A client hides secrets in its errors, and a short one is part of many words.
        if let Value::String(secret) = secret
            && secret.chars().count() < 8
        {
            secret.push_str("-is-secret");
        }
    }
    if let Some(Value::Array(list)) = request.get_mut("systemTags") {
        list.extend(tags.iter().map(|tag| Value::from(tag.as_str())));
    }
    if !R::OPERATION.is_query() {
        return request;
    }
    if request.keys().any(|name| place::<R>(name) == Some(Place::Path)) {
        request.retain(|name, _| place::<R>(name) == Some(Place::Path));
    }
    if let Some(Value::Array(conditions)) = request.get_mut(Query::Q.name) {
        conditions.extend(columns.iter().map(|column| Value::from(format!("{column}=x"))));
    }
    if let (Some(sort), Some(column)) = (request.get_mut(Query::SORT.name), columns.last()) {
        *sort = format!("-{column}").into();
    }
    if let Some(fields) = request.get_mut(Query::FIELDS.name) {
        let listed = R::OPERATION.listed_record().map_or(&[][..], |record| record.fields);
        let required = listed.iter().filter(|field| field.required).map(|field| field.name);
        let mut names: Vec<&str> = required.collect();
        let more = columns.iter().map(String::as_str).filter(|text| !text.contains('.'));
        names.extend(more.filter(|more| !is_required(R::OPERATION.listed_record().unwrap(), more)));
        *fields = names.join(",").into();
    }
    request
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "session"].iter().any(|word| name.contains(word))
}

/// Returns the fields of the records that a query lists, and of the records in them:
/// `vmNics.usedIps.ip`.
fn columns<R: Request>() -> Vec<String> {
    let mut columns = Vec::new();
    if let Some(listed) = R::OPERATION.listed_record().filter(|_| R::OPERATION.is_query()) {
        add_columns(listed, "", DEPTH, &mut columns);
    }
    columns
}

fn add_columns(shape: &'static Shape, path: &str, depth: usize, to: &mut Vec<String>) {
    for field in shape.fields {
        let name = format!("{path}{}", field.name);
        let inner = match field.kind {
            Kind::Record(inner) | Kind::List(&Kind::Record(inner)) => Some(inner),
            _ => None,
        };
        if let Some(inner) = inner.filter(|_| depth > 1) {
            add_columns(inner(), &format!("{name}."), depth - 1, to);
        }
        to.push(name);
    }
}

/// Returns a tag of each pattern of the operation.
fn tags<R: Request>() -> Vec<String> {
    let prefix = |pattern: &'static str| pattern.split('{').next().unwrap();
    R::OPERATION.tags.iter().map(|tag| format!("{}x", prefix(tag.pattern))).collect()
}
