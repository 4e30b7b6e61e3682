//! The canonical form of an API on the wire, without documentation, references to resources, file names and order.
//!
//! The fields of a record include inherited ones: it does not matter which base declares them. A base
//! without values of its own is not part of the form.
//!
//! Keys are sorted alphabetically, as in a map. Default values are omitted, so that a new key of the
//! spec language does not change existing digests.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::model::{self, Auth, Body, Execution, TypeShape};

/// A whole API: operations and data types by name, in their wire form or as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Api<'a, O, T> {
    pub(super) base_path: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) envelope: BTreeMap<&'a str, Field<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) operations: BTreeMap<&'a str, O>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) types: BTreeMap<&'a str, T>,
}

/// An operation without its name.
#[derive(Serialize)]
pub struct Operation<'a> {
    #[serde(rename = "async", skip_serializing_if = "is_false")]
    is_async: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    body: BTreeMap<&'a str, &'a str>,
    /// The class of the message and that of the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<[&'a str; 2]>,
    method: &'a str,
    #[serde(rename = "open", skip_serializing_if = "is_false")]
    is_open: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<&'a str, Parameter<'a>>,
    paths: Vec<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    query: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    response: BTreeMap<&'a str, Field<'a>>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags: BTreeSet<&'a str>,
}

impl<'a> Operation<'a> {
    /// The wire form of an operation.
    pub fn of(operation: &'a model::Operation) -> Self {
        let mut paths: Vec<_> = operation.all_paths().collect();
        paths.sort_unstable();
        Self {
            is_async: operation.execution == Execution::Async,
            body: match &operation.body {
                Body::None => BTreeMap::new(),
                Body::Key(key) => BTreeMap::from([("key", &**key)]),
                Body::Action(key) => BTreeMap::from([("action", &**key)]),
            },
            message: operation.message.as_ref().map(|message| [&*message.class, &*message.reply]),
            method: operation.method.as_str(),
            is_open: operation.auth == Auth::None,
            parameters: operation
                .parameters
                .iter()
                .map(|parameter| (&*parameter.field.name, Parameter::of(parameter)))
                .collect(),
            paths,
            query: operation.query,
            response: fields(&operation.response),
            tags: operation.tags.iter().map(|tag| &*tag.pattern).collect(),
        }
    }
}

/// A data type without its name. A record has its own and inherited fields.
#[derive(Serialize)]
pub struct DataType<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extends: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'a str, Field<'a>>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    values: BTreeSet<&'a str>,
}

impl<'a> DataType<'a> {
    /// The wire form of a data type. `extends` is the nearest base with values on the wire.
    pub fn of(
        ty: &'a model::DataType,
        extends: Option<&'a str>,
        all_fields: impl IntoIterator<Item = &'a model::Field>,
    ) -> Self {
        let values = if let TypeShape::Enum { values } = &ty.shape { &values[..] } else { &[] };
        Self {
            class: ty.java_class.as_deref(),
            extends,
            fields: all_fields.into_iter().map(|field| (&*field.name, Field::of(field))).collect(),
            values: values.iter().map(|value| &*value.name).collect(),
        }
    }
}

/// A parameter without its name.
#[derive(Serialize)]
pub struct Parameter<'a> {
    #[serde(rename = "in")]
    place: &'static str,
    #[serde(rename = "is")]
    field: Field<'a>,
}

impl<'a> Parameter<'a> {
    /// The wire form of a parameter.
    pub fn of(parameter: &'a model::Parameter) -> Self {
        let place = match parameter.place {
            model::Place::Path => "path",
            model::Place::Query => "query",
            model::Place::Body => "body",
            model::Place::BesideBody => "beside",
        };
        Self { place, field: Field::of(&parameter.field) }
    }
}

/// A field without its name.
#[derive(Serialize)]
pub struct Field<'a> {
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
pub(super) fn fields(fields: &[model::Field]) -> BTreeMap<&str, Field<'_>> {
    fields.iter().map(|field| (&*field.name, Field::of(field))).collect()
}

impl<'a> Field<'a> {
    /// The wire form of a field.
    pub fn of(field: &'a model::Field) -> Self {
        // Format 1 treats these as no default.
        let is_significant = |default: &&Value| match default {
            Value::Null | Value::Bool(false) => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(entries) => !entries.is_empty(),
            _ => true,
        };
        let limits = Limits::of(&field.constraints);
        Self {
            default: field.default.as_ref().filter(is_significant),
            limits: (field.constraints != model::Constraints::default()).then_some(limits),
            required: field.required,
            ty: field.ty.to_string(),
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
    fn of(constraints: &'a model::Constraints) -> Self {
        // Exhaustive, so that a new constraint does not compile until it is added here.
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
        } = constraints;
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
