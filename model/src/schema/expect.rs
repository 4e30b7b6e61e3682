//! What a schema expects, and what a file has, in words.

use serde_json::Value;

use crate::positions::{Content, Node, Plain, Style, classify};

/// What a value expects to be, such as `a text or a list`.
pub(super) fn expected(types: &[&str]) -> String {
    let words: Vec<_> = types.iter().filter(|it| **it != "null").map(|it| word(it)).collect();
    words.join(" or ")
}

fn word(ty: &str) -> &'static str {
    match ty {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a mapping",
        _ => "nothing",
    }
}

/// What a value is, such as `the number 3`.
pub(super) fn found(node: &Node) -> String {
    match &node.content {
        Content::List(_) => "a list".to_owned(),
        Content::Mapping(_) => "a mapping".to_owned(),
        Content::Scalar { text, style: Style::Plain } => match classify(text) {
            Plain::Null if text.is_empty() => "nothing".to_owned(),
            Plain::Null | Plain::Boolean(_) => format!("`{text}`"),
            Plain::Integer(_) | Plain::Number(_) => format!("the number {text}"),
            Plain::Text => format!("the text `{text}`"),
        },
        Content::Scalar { text, .. } => format!("the text `{text}`"),
    }
}

/// The JSON type of a value.
pub(super) fn json_type(node: &Node) -> &'static str {
    match &node.content {
        Content::List(_) => "array",
        Content::Mapping(_) => "object",
        Content::Scalar { text, style: Style::Plain } => match classify(text) {
            Plain::Null => "null",
            Plain::Boolean(_) => "boolean",
            Plain::Integer(_) => "integer",
            Plain::Number(_) => "number",
            Plain::Text => "string",
        },
        Content::Scalar { .. } => "string",
    }
}

/// A scalar as JSON; nothing for a number that JSON does not have.
pub(super) fn json_scalar(text: &str, style: Style) -> Option<Value> {
    if style != Style::Plain {
        return Some(text.into());
    }
    match classify(text) {
        Plain::Null => Some(Value::Null),
        Plain::Boolean(it) => Some(it.into()),
        Plain::Integer(it) => Some(it.into()),
        Plain::Number(it) => serde_json::Number::from_f64(it).map(Value::Number),
        Plain::Text => Some(text.into()),
    }
}
