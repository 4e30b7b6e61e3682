//! `zstack-cli`, which keeps its session itself.

use serde_json::Value;

use super::message::Message;
use super::{WIDTH, python, shell};
use zstack_codegen::emit::conditions;
use zstack_model::{Field, Type};

pub(super) fn write(message: &Message<'_>) -> String {
    let mut words = vec![format!("zstack-cli {}", message.operation.name)];
    for (field, value) in message.given() {
        match (message.operation.query, field.name.as_str()) {
            (true, "q") => {
                let conditions = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                words.extend(conditions.map(|it| shell::word(&condition(it))));
            }
            (true, "sort") => {
                if let Some((field, descending)) = Message::order(value) {
                    let direction = if descending { "desc" } else { "asc" };
                    words.push(shell::word(&format!("sortBy={field}")));
                    words.push(format!("sortDirection={direction}"));
                }
            }
            // It hashes the password that it is given.
            (_, "password") => words.push("password=\"$ZSTACK_PASSWORD\"".to_owned()),
            (_, name) => words.push(shell::word(&format!("{name}={}", argument(&field, value)))),
        }
    }
    let line = words.join(" ");
    let text = if line.chars().count() <= WIDTH { line } else { words.join(" \\\n  ") };
    text + "\n"
}

/// It has operators of its own for null.
fn condition(text: &str) -> String {
    match conditions::split(text) {
        Some((name, _, "is_null")) => format!("{}=null", name.trim()),
        Some((name, _, "is_not_null")) => format!("{}!=null", name.trim()),
        _ => text.to_owned(),
    }
}

/// Texts and numbers are taken as they are, lists of them apart at their
/// commas, and everything else as an expression of Python.
fn argument(field: &Field, value: &Value) -> String {
    let expression = || python::value(&value.into());
    match (value, &field.ty) {
        (Value::String(text), _) => text.clone(),
        (Value::Array(items), Type::List(item)) if matches!(**item, Type::String | Type::Uuid) => {
            let texts = items.iter().filter_map(Value::as_str).map(|text| {
                let escaped =
                    |it: char| if matches!(it, '\\' | ',' | '"') { format!("\\{it}") } else { it.into() };
                text.chars().map(escaped).collect::<String>()
            });
            texts.collect::<Vec<_>>().join(",")
        }
        (Value::Array(_) | Value::Object(_), _) => expression(),
        (value, _) => value.to_string(),
    }
}
