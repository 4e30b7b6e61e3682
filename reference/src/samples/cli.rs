//! Samples for `zstack-cli`, which stores its session itself. They are lists of
//! words, so they need no template.

use serde_json::Value;

use super::python::PYTHON;
use super::sample_request::SampleRequest;
use super::{WIDTH, shell};
use zstack_codegen::emit::conditions;
use zstack_model::{Field, Type};

pub(super) fn write(request: &SampleRequest<'_>) -> String {
    let mut words = vec![format!("zstack-cli {}", request.operation.name)];
    for (field, value) in request.arguments() {
        match (request.operation.query, field.name.as_str()) {
            (true, "q") => {
                let conditions = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                words.extend(conditions.map(|text| shell::word(&condition(text))));
            }
            (true, "sort") => {
                if let Some((field, direction)) = SampleRequest::sort_order(value) {
                    words.push(shell::word(&format!("sortBy={field}")));
                    words.push(format!("sortDirection={direction}"));
                }
            }
            // `zstack-cli` hashes the password.
            (_, "password") => words.push("password=\"$ZSTACK_PASSWORD\"".to_owned()),
            (_, name) => words.push(shell::word(&format!("{name}={}", argument(&field, value)))),
        }
    }
    let line = words.join(" ");
    super::file(if line.chars().count() <= WIDTH { line } else { words.join(" \\\n  ") })
}

/// A condition of a query, with the operators of `zstack-cli` for null.
fn condition(text: &str) -> String {
    match conditions::split(text) {
        Some((name, _, "is_null")) => format!("{}=null", name.trim()),
        Some((name, _, "is_not_null")) => format!("{}!=null", name.trim()),
        _ => text.to_owned(),
    }
}

/// The value of a parameter: `zstack-cli` reads strings and numbers as they are,
/// splits lists of strings at commas, and evaluates all other values as Python.
fn argument(field: &Field, value: &Value) -> String {
    match (value, &field.ty) {
        (Value::String(text), _) => text.clone(),
        (Value::Array(items), Type::List(item)) if matches!(**item, Type::String | Type::Uuid) => {
            let texts: Vec<_> = items.iter().filter_map(Value::as_str).map(escape_item).collect();
            texts.join(",")
        }
        (Value::Array(_) | Value::Object(_), _) => PYTHON.line(&value.into()),
        (value, _) => value.to_string(),
    }
}

/// Escapes an item of a list of strings.
fn escape_item(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | ',' | '"') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
