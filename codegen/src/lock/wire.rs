//! What of an API is on the wire, in one form: words for people, files and
//! orders do not count.
//!
//! Only what differs from the usual is written, so that a key which the spec
//! language gets later changes no digest of before.

use serde_json::{Map, Value, json};

use crate::model::{Auth, Body, Constraints, DataType, Execution, Field, Model, Operation, Place, TypeShape};

/// An object without what is null, false or empty.
fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let is_said = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        _ => true,
    };
    let said = entries.into_iter().filter(|(_, value)| is_said(value));
    Value::Object(said.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Elements by name, which sorts them.
fn by_name<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&T) -> String,
    wire: impl Fn(&T) -> Value,
) -> Value {
    // A `Map` sorts its keys.
    Value::Object(items.into_iter().map(|it| (name(it), wire(it))).collect::<Map<_, _>>())
}

pub(super) fn model(it: &Model) -> Value {
    object([
        ("basePath", json!(it.service.base_path)),
        ("envelope", fields(&it.service.envelope)),
        ("operations", by_name(&it.operations, |it| it.name.clone(), operation)),
        ("types", by_name(&it.types, |it| it.name.clone(), data_type)),
    ])
}

fn operation(it: &Operation) -> Value {
    let body = match &it.body {
        Body::None => Value::Null,
        Body::Key(key) => json!({ "key": key }),
        Body::Action(key) => json!({ "action": key }),
    };
    let mut paths = Vec::from_iter(std::iter::once(&it.path).chain(&it.paths));
    paths.sort();
    let tags = it.tags.iter().map(|it| it.pattern.as_str());
    object([
        ("method", json!(it.method.word())),
        ("paths", json!(paths)),
        ("query", json!(it.query)),
        ("async", json!(it.execution == Execution::Async)),
        ("open", json!(it.auth == Auth::None)),
        ("body", body),
        ("message", it.message.as_ref().map_or(Value::Null, |it| json!([it.class, it.reply]))),
        (
            "parameters",
            by_name(
                &it.parameters,
                |it| it.field.name.clone(),
                |it| {
                    let place = match it.place {
                        Place::Path => "path",
                        Place::Query => "query",
                        Place::Body => "body",
                        Place::BesideBody => "beside",
                    };
                    json!({ "in": place, "is": field(&it.field) })
                },
            ),
        ),
        ("response", fields(&it.response)),
        ("tags", json!(tags.collect::<std::collections::BTreeSet<_>>())),
    ])
}

fn data_type(it: &DataType) -> Value {
    let (fields, values) = match &it.shape {
        TypeShape::Record { fields, native: _ } => (self::fields(fields), Value::Null),
        TypeShape::Enum { values } => {
            let names = values.iter().map(|it| it.name.as_str());
            (Value::Null, json!(names.collect::<std::collections::BTreeSet<_>>()))
        }
    };
    object([
        ("fields", fields),
        ("values", values),
        ("extends", json!(it.extends)),
        ("class", json!(it.java_class)),
    ])
}

fn fields(fields: &[Field]) -> Value {
    by_name(fields, |it| it.name.clone(), field)
}

fn field(it: &Field) -> Value {
    object([
        ("type", json!(it.ty.to_string())),
        ("required", json!(it.required)),
        ("default", it.default.clone().unwrap_or_default()),
        ("limits", constraints(&it.constraints)),
    ])
}

fn constraints(it: &Constraints) -> Value {
    // All of it is named, so that what is added is not forgotten here.
    let Constraints {
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
    let mut values = values.clone();
    values.sort();
    object([
        ("maxLength", json!(max_length)),
        ("minLength", json!(min_length)),
        ("range", json!(range)),
        ("pattern", json!(pattern)),
        ("javaPattern", json!(java_pattern)),
        ("values", json!(values)),
        ("nonEmpty", json!(non_empty)),
        ("noTrim", json!(no_trim)),
        ("unit", json!(unit)),
    ])
}
