//! Descriptions of expected types and of values.

use serde_json::Value;
use serde_yaml::Value as Yaml;

use crate::yaml::{Content, Node};

/// Describes the expected types, such as `a text or a list`.
pub(super) fn describe_types(types: &[&str]) -> String {
    let words: Vec<_> = types.iter().filter(|name| **name != "null").map(|name| word(name)).collect();
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

/// Describes a value, such as `the number 3`.
pub(super) fn describe(node: &Node) -> String {
    let text = match &node.content {
        Content::List(_) => return "a list".to_owned(),
        Content::Mapping(_) => return "a mapping".to_owned(),
        Content::Scalar { text, .. } => text,
    };
    match json_type(node) {
        "null" if text.is_empty() => "nothing".to_owned(),
        "null" | "boolean" => format!("`{text}`"),
        "integer" | "number" => format!("the number {text}"),
        _ => format!("the text `{text}`"),
    }
}

/// Returns the JSON type of a value.
pub(super) fn json_type(node: &Node) -> &'static str {
    match (&node.content, node.scalar()) {
        (Content::List(_), _) => "array",
        (Content::Mapping(_), _) => "object",
        (_, None | Some(Yaml::Null)) => "null",
        (_, Some(Yaml::Bool(_))) => "boolean",
        (_, Some(Yaml::Number(number))) if number.is_i64() => "integer",
        (_, Some(Yaml::Number(_))) => "number",
        (_, Some(_)) => "string",
    }
}

/// Converts a scalar to JSON; `None` for a number that JSON does not support.
pub(super) fn json_scalar(node: &Node) -> Option<Value> {
    match node.scalar()? {
        Yaml::Number(number) if number.as_f64().is_some_and(|float| !float.is_finite()) => None,
        value => serde_json::to_value(value).ok(),
    }
}
