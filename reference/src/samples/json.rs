//! JSON with ordered members, and its notation in languages with similar literals.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Number, Value};

use super::{WIDTH, quote, utf16_escape};

/// A JSON value; unlike `serde_json::Value`, it keeps the order of members.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(IndexMap<String, Json>),
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        // Every JSON value is one of the variants.
        Self::deserialize(value).unwrap_or(Self::Null)
    }
}

/// The notation of values in a language.
pub(super) struct Notation {
    pub(super) null: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) text: fn(&str) -> String,
    pub(super) key: fn(&str) -> String,
    /// One level of indentation.
    pub(super) step: &'static str,
    /// The space between braces and members on one line.
    pub(super) gap: &'static str,
    /// True if the last line ends with a comma.
    pub(super) last_comma: bool,
}

/// JSON itself.
pub(super) const PLAIN: Notation = Notation {
    null: "null",
    yes: "true",
    no: "false",
    text: json_text,
    key: json_text,
    step: "  ",
    gap: "",
    last_comma: false,
};

fn json_text(text: &str) -> String {
    quote(text, utf16_escape)
}

impl Notation {
    /// Writes a value that begins at `column` of a line with `depth` levels of
    /// indentation: on that line if it fits, on several lines otherwise.
    pub(super) fn write(&self, json: &Json, depth: usize, column: usize) -> String {
        let line = self.line(json);
        if column + line.chars().count() <= WIDTH {
            return line;
        }
        let (open, parts, close) = match json {
            Json::List(items) if !items.is_empty() => {
                ("[", items.iter().map(|item| (String::new(), item)).collect::<Vec<_>>(), "]")
            }
            Json::Object(members) if !members.is_empty() => (
                "{",
                members.iter().map(|(key, value)| (format!("{}: ", (self.key)(key)), value)).collect(),
                "}",
            ),
            _ => return line,
        };
        let indent = self.step.repeat(depth + 1);
        let lines = parts.iter().map(|(key, value)| {
            let before = format!("{indent}{key}");
            let value = self.write(value, depth + 1, before.chars().count() + 1);
            before + &value
        });
        let lines = lines.collect::<Vec<_>>().join(",\n");
        let comma = if self.last_comma { "," } else { "" };
        format!("{open}\n{lines}{comma}\n{}{close}", self.step.repeat(depth))
    }

    /// Writes a value on one line.
    pub(super) fn line(&self, json: &Json) -> String {
        match json {
            Json::Null => self.null.to_owned(),
            Json::Bool(value) => if *value { self.yes } else { self.no }.to_owned(),
            Json::Number(number) => number.to_string(),
            Json::Text(text) => (self.text)(text),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.line(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Json::Object(members) if members.is_empty() => "{}".to_owned(),
            Json::Object(members) => {
                let member =
                    |(key, value): (&String, &Json)| format!("{}: {}", (self.key)(key), self.line(value));
                let members: Vec<_> = members.iter().map(member).collect();
                format!("{{{0}{1}{0}}}", self.gap, members.join(", "))
            }
        }
    }
}
