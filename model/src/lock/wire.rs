//! What of an API is on the wire, in one form: words for people, files and
//! orders do not count.
//!
//! Fields are those that a record has, inherited ones included: it does not matter which base declares
//! them. A base of which no value is sent or received is not on the wire itself.
//!
//! Keys are in alphabetical order, as a map would have them. Only what differs
//! from the usual is written, so that a key which the spec language gets later
//! changes no digest of before.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::model::{self, Auth, Body, Execution, Field, Parameter, TypeShape};

/// A whole API: operations and data types by name, as they are on the wire or
/// already as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Api<'a, O, T> {
    pub(super) base_path: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) envelope: BTreeMap<&'a str, OfField<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) operations: BTreeMap<&'a str, O>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) types: BTreeMap<&'a str, T>,
}

/// An operation, without its name.
#[derive(Serialize)]
pub struct Operation<'a> {
    #[serde(rename = "async", skip_serializing_if = "is_false")]
    is_async: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    body: BTreeMap<&'a str, &'a str>,
    /// The class of the message, and of its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<[&'a str; 2]>,
    method: &'a str,
    #[serde(rename = "open", skip_serializing_if = "is_false")]
    is_open: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<&'a str, OfParameter<'a>>,
    paths: Vec<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    query: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    response: BTreeMap<&'a str, OfField<'a>>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags: BTreeSet<&'a str>,
}

impl<'a> Operation<'a> {
    /// The wire form of an operation.
    pub fn of(it: &'a model::Operation) -> Self {
        let mut paths: Vec<_> = it.all_paths().collect();
        paths.sort_unstable();
        Self {
            is_async: it.execution == Execution::Async,
            body: match &it.body {
                Body::None => BTreeMap::new(),
                Body::Key(key) => BTreeMap::from([("key", &**key)]),
                Body::Action(key) => BTreeMap::from([("action", &**key)]),
            },
            message: it.message.as_ref().map(|message| [&*message.class, &*message.reply]),
            method: it.method.as_str(),
            is_open: it.auth == Auth::None,
            parameters: it
                .parameters
                .iter()
                .map(|parameter| (&*parameter.field.name, OfParameter::of(parameter)))
                .collect(),
            paths,
            query: it.query,
            response: fields(&it.response),
            tags: it.tags.iter().map(|tag| &*tag.pattern).collect(),
        }
    }
}

/// A data type, without its name. A record has its own fields and those that it inherits.
#[derive(Serialize)]
pub struct DataType<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extends: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'a str, OfField<'a>>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    values: BTreeSet<&'a str>,
}

impl<'a> DataType<'a> {
    /// `extends` is the nearest base whose values are on the wire.
    pub fn of(
        it: &'a model::DataType,
        extends: Option<&'a str>,
        all_fields: impl IntoIterator<Item = &'a Field>,
    ) -> Self {
        let values = if let TypeShape::Enum { values } = &it.shape { &values[..] } else { &[] };
        Self {
            class: it.java_class.as_deref(),
            extends,
            fields: all_fields.into_iter().map(|field| (&*field.name, OfField::of(field))).collect(),
            values: values.iter().map(|value| &*value.name).collect(),
        }
    }
}

/// A parameter, without its name.
#[derive(Serialize)]
pub struct OfParameter<'a> {
    #[serde(rename = "in")]
    place: &'static str,
    #[serde(rename = "is")]
    field: OfField<'a>,
}

impl<'a> OfParameter<'a> {
    /// The wire form of a parameter.
    pub fn of(it: &'a Parameter) -> Self {
        let place = match it.place {
            model::Place::Path => "path",
            model::Place::Query => "query",
            model::Place::Body => "body",
            model::Place::BesideBody => "beside",
        };
        Self { place, field: OfField::of(&it.field) }
    }
}

/// A field, without its name.
#[derive(Serialize)]
pub struct OfField<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<Limits<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    required: bool,
    #[serde(rename = "type")]
    ty: String,
}

/// Fields by name.
pub(super) fn fields(fields: &[Field]) -> BTreeMap<&str, OfField<'_>> {
    fields.iter().map(|field| (&*field.name, OfField::of(field))).collect()
}

impl<'a> OfField<'a> {
    /// The wire form of a field.
    pub fn of(it: &'a Field) -> Self {
        // Format 1 takes these for no default.
        let is_said = |default: &&Value| match default {
            Value::Null | Value::Bool(false) => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(entries) => !entries.is_empty(),
            _ => true,
        };
        let limits = Limits::of(&it.constraints);
        Self {
            default: it.default.as_ref().filter(is_said),
            limits: (it.constraints != model::Constraints::default()).then_some(limits),
            required: it.required,
            ty: it.ty.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Limits<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    java_pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(skip_serializing_if = "is_false")]
    no_trim: bool,
    #[serde(skip_serializing_if = "is_false")]
    non_empty: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<&'a str>,
}

impl<'a> Limits<'a> {
    fn of(it: &'a model::Constraints) -> Self {
        // All of it is named, so that what is added is not forgotten here.
        let model::Constraints {
            max_length,
            min_length,
            range,
            pattern,
            java_pattern,
            values,
            non_empty,
            no_trim,
            unit,
        } = it;
        let mut values: Vec<_> = values.iter().map(String::as_str).collect();
        values.sort_unstable();
        Self {
            java_pattern: java_pattern.as_deref(),
            max_length: *max_length,
            min_length: *min_length,
            no_trim: *no_trim,
            non_empty: *non_empty,
            pattern: pattern.as_deref(),
            range: *range,
            unit: unit.as_deref(),
            values,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(it: &bool) -> bool {
    !*it
}
