//! JSON whose members keep their order, and its notation in languages whose
//! literals look alike.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::{WIDTH, quoted, utf16_escape};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(it) => Self::Bool(*it),
            Value::Number(it) => Self::Number(it.clone()),
            Value::String(it) => Self::Text(it.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(key, it)| (key.clone(), it.into())).collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Json, E> {
        Ok(Json::Bool(it))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Json, E> {
        Ok(Number::from_f64(it).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, it: &str) -> Result<Json, E> {
        Ok(Json::Text(it.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

/// How a language writes values.
pub(super) struct Notation {
    pub(super) null: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) text: fn(&str) -> String,
    pub(super) key: fn(&str) -> String,
    /// A step of indentation.
    pub(super) step: &'static str,
    /// What stands between the braces and the members of an object on one line.
    pub(super) gap: &'static str,
    /// Whether a comma follows the last of several lines.
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
    quoted(text, utf16_escape)
}

impl Notation {
    /// A value that begins in the column `column` of a line that is indented by
    /// `depth` steps: on that line if it fits, on several otherwise.
    pub(super) fn write(&self, json: &Json, depth: usize, column: usize) -> String {
        let line = self.line(json);
        if column + line.chars().count() <= WIDTH {
            return line;
        }
        let (open, parts, close) = match json {
            Json::List(items) if !items.is_empty() => {
                ("[", items.iter().map(|it| (String::new(), it)).collect::<Vec<_>>(), "]")
            }
            Json::Object(members) if !members.is_empty() => {
                ("{", members.iter().map(|(key, it)| (format!("{}: ", (self.key)(key)), it)).collect(), "}")
            }
            _ => return line,
        };
        let indent = self.step.repeat(depth + 1);
        let lines = parts.iter().map(|(key, it)| {
            let before = format!("{indent}{key}");
            let value = self.write(it, depth + 1, before.chars().count() + 1);
            before + &value
        });
        let lines = lines.collect::<Vec<_>>().join(",\n");
        let comma = if self.last_comma { "," } else { "" };
        format!("{open}\n{lines}{comma}\n{}{close}", self.step.repeat(depth))
    }

    /// A value on one line.
    pub(super) fn line(&self, json: &Json) -> String {
        match json {
            Json::Null => self.null.to_owned(),
            Json::Bool(it) => if *it { self.yes } else { self.no }.to_owned(),
            Json::Number(it) => it.to_string(),
            Json::Text(it) => (self.text)(it),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|it| self.line(it)).collect();
                format!("[{}]", items.join(", "))
            }
            Json::Object(members) if members.is_empty() => "{}".to_owned(),
            Json::Object(members) => {
                let member = |(key, it): &(String, Json)| format!("{}: {}", (self.key)(key), self.line(it));
                let members: Vec<_> = members.iter().map(member).collect();
                format!("{{{0}{1}{0}}}", self.gap, members.join(", "))
            }
        }
    }
}
