//! Generated examples of operations without examples.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256};

use zstack_model::{Constraints, Example, Field, Model, Operation, Type, TypeShape};

/// The most levels of nested lists, maps and records.
const DEPTH: usize = 8;

/// Returns the examples of an operation. If it has none, generates one with plausible
/// values of its required parameters.
#[must_use]
pub fn examples<'a>(model: &'a Model, operation: &'a Operation) -> Cow<'a, [Example]> {
    if operation.examples.is_empty() {
        Cow::Owned(vec![generate(model, operation)])
    } else {
        Cow::Borrowed(&operation.examples)
    }
}

fn generate(model: &Model, operation: &Operation) -> Example {
    let required = operation
        .parameters
        .iter()
        .map(|parameter| &parameter.field)
        .filter(|field| field.is_always_present());
    Example {
        name: operation.summary.clone(),
        since: None,
        request: required.map(|field| (field.name.clone(), value(model, field, &field.ty, DEPTH))).collect(),
        status: 200,
        response: Value::Object(Map::new()),
    }
}

fn value(model: &Model, field: &Field, ty: &Type, depth: usize) -> Value {
    let first = field.constraints.values.first();
    match ty {
        Type::String | Type::Uuid => first.cloned().unwrap_or_else(|| text(field, ty)).into(),
        Type::Boolean => true.into(),
        Type::Integer | Type::Long => {
            let (low, high) = field.constraints.range.unwrap_or((1, i64::MAX));
            let named = first.and_then(|text| text.parse().ok());
            named.unwrap_or_else(|| 1.clamp(low, high.max(low))).into()
        }
        Type::Double => Number::from_f64(1.0).map_or(Value::Null, Value::Number),
        Type::Timestamp => "Nov 14, 2017 10:20:57 PM".into(),
        Type::Any => Map::new().into(),
        Type::List(item) if depth > 0 => vec![value(model, field, item, depth - 1)].into(),
        Type::Map(item) if depth > 0 => {
            Value::Object(Map::from_iter([("key".to_owned(), value(model, field, item, depth - 1))]))
        }
        Type::List(_) => Value::Array(Vec::new()),
        Type::Map(_) => Map::new().into(),
        Type::Named(name) => match model.data_type(name) {
            Some(of) => match &of.shape {
                TypeShape::Enum { values } => values.first().map_or("", |value| &value.name).into(),
                TypeShape::Record { .. } => {
                    let required =
                        model.fields(of).into_iter().filter(|field| field.is_always_present() && depth > 0);
                    required
                        .map(|field| (field.name.clone(), value(model, field, &field.ty, depth - 1)))
                        .collect()
                }
            },
            None => Value::Null,
        },
    }
}

/// A text that the name of a field suggests, and that its constraints allow.
fn text(field: &Field, ty: &Type) -> String {
    let name = field.name.to_lowercase();
    // `isoUuid`, or `isoUuids` for a list.
    let is_uuid = *ty == Type::Uuid || name.ends_with("uuid") || name.ends_with("uuids");
    let suggested = match () {
        () if is_uuid => uuid(&field.name),
        () if name.ends_with("cidr") => "192.0.2.0/24".to_owned(),
        () if name.ends_with("ip") || name.ends_with("hostname") => "192.0.2.10".to_owned(),
        () if name.ends_with("url") => "https://example.com/".to_owned(),
        () if name.ends_with("password") => "password".to_owned(),
        () if name.ends_with("path") => "/tmp/example".to_owned(),
        () => "example".to_owned(),
    };
    let others = ["1", "a", "A", "/a", "192.0.2.10"].map(str::to_owned);
    let pattern = field.constraints.pattern.as_deref();
    let pattern = pattern.and_then(|pattern| regex_lite::Regex::new(&format!("^(?:{pattern})$")).ok());
    let matches = |text: &String| pattern.as_ref().is_none_or(|pattern| pattern.is_match(text));
    let texts =
        std::iter::once(suggested.clone()).chain(others).map(|text| fit_length(text, &field.constraints));
    texts.into_iter().find(matches).unwrap_or(suggested)
}

/// Repeats or cuts an ASCII text to an allowed length.
fn fit_length(mut text: String, constraints: &Constraints) -> String {
    let least = constraints.min_length.unwrap_or(0) as usize;
    let most = constraints.max_length.map_or(usize::MAX, |max_length| max_length as usize);
    while !text.is_empty() && text.len() < least {
        text.push_str(&text.clone());
    }
    text.truncate(most.max(least).min(text.len()));
    text
}

/// A UUID derived from a name.
fn uuid(name: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(name.as_bytes())[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
