//! Values of fields, read by their types in the spec.

use std::collections::HashMap;

use serde_json::{Map, Value};
use zstack_model::yaml::{Content, MappingEntry, Mark, Node, Style};
use zstack_model::{Constraints, Model, Type, TypeShape};

use super::problem::{Problems, Spanned, excerpt, list_names};
use super::values;
use crate::suggest::closest_name;

/// Reads values of a model.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) model: &'static Model,
    pub(super) problems: &'a Problems,
}

impl Reader<'_> {
    /// Reads a value; `None` if it has another type, which is reported.
    pub(super) fn value(self, key: &str, node: &Node, ty: &Type, constraints: &Constraints) -> Option<Value> {
        match ty {
            Type::Any => Some(to_json(node)),
            Type::List(item) => {
                let items = self.items(key, node)?;
                items.iter().map(|node| self.value(key, node, item, constraints)).collect()
            }
            Type::Map(item) => {
                let entries = self.entries(&format!("`{key}`"), node)?.into_iter();
                let entry = |entry: &MappingEntry| {
                    Some((entry.key.clone(), self.value(key, &entry.value, item, constraints)?))
                };
                entries.map(entry).collect::<Option<Map<_, _>>>().map(Value::Object)
            }
            Type::Named(name) => match &self.model.data_type(name)?.shape {
                TypeShape::Record { .. } => self.record(key, name, node),
                TypeShape::Enum { values } => {
                    let allowed: Vec<_> = values.iter().map(|value| value.name.as_str()).collect();
                    self.word(key, &self.text(key, node)?, &allowed)
                }
            },
            _ => self.scalar(key, node, ty, constraints),
        }
    }

    /// Reads a value of a complete file, which the node has written.
    pub(super) fn exact(self, node: &Node, ty: &Type) -> Value {
        let fields =
            |name: &str| self.model.data_type(name).map(|ty| self.model.fields(ty)).unwrap_or_default();
        match (ty, &node.content) {
            (Type::Timestamp, Content::Scalar { text, .. }) => text
                .parse::<jiff::Timestamp>()
                .map_or_else(|_| to_json(node), |time| time.as_millisecond().into()),
            (Type::List(item), Content::List(items)) => {
                items.iter().map(|node| self.exact(node, item)).collect()
            }
            (Type::Map(item), Content::Mapping(entries)) => {
                entries.iter().map(|entry| (entry.key.clone(), self.exact(&entry.value, item))).collect()
            }
            (Type::Named(name), Content::Mapping(entries)) => {
                let fields = fields(name);
                let ty = |key: &str| {
                    fields.iter().find(|field| field.name == key).map_or(&Type::Any, |field| &field.ty)
                };
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), self.exact(&entry.value, ty(&entry.key))))
                    .collect()
            }
            _ => to_json(node),
        }
    }

    fn scalar(self, key: &str, node: &Node, ty: &Type, constraints: &Constraints) -> Option<Value> {
        let text = self.text(key, node)?;
        let Spanned { value, at } = &text;
        let checked = match ty {
            Type::Boolean => value
                .parse::<bool>()
                .map(Value::from)
                .map_err(|_| format!("`{}` is neither `true` nor `false`", excerpt(value))),
            Type::Integer => integer(value, constraints.range),
            Type::Long => value.parse::<i64>().or_else(|_| values::size(value)).map(Value::from),
            Type::Double => {
                let number = value.parse().ok().and_then(serde_json::Number::from_f64);
                number.map(Value::Number).ok_or_else(|| format!("`{}` is not a number", excerpt(value)))
            }
            Type::Timestamp => {
                let millis =
                    value.parse::<i64>().or_else(|_| values::moment(value).map(crate::model::Moment::millis));
                millis.map(Value::from)
            }
            _ if !constraints.values.is_empty() => {
                let allowed: Vec<_> = constraints.values.iter().map(String::as_str).collect();
                return self.word(key, &text, &allowed);
            }
            _ => Ok(Value::from(value.as_str())),
        };
        checked.map_err(|problem| self.problems.add(*at, format!("`{key}`: {problem}"))).ok()
    }

    /// Reads one of several words.
    pub(super) fn word(self, key: &str, text: &Spanned<String>, allowed: &[&str]) -> Option<Value> {
        if allowed.contains(&&*text.value) {
            return Some(Value::from(text.value.as_str()));
        }
        let (shown, known) = (excerpt(&text.value), allowed.join(", "));
        self.problems.add(text.at, format!("`{key}`: `{shown}` is not allowed; allowed: {known}"));
        None
    }

    /// Reads a mapping whose keys are the fields of a record.
    fn record(self, key: &str, name: &str, node: &Node) -> Option<Value> {
        let fields = self.model.fields(self.model.data_type(name)?);
        let label = format!("`{key}`");
        let mut record = Map::new();
        for entry in self.entries(&label, node)? {
            let Some(field) = fields.iter().find(|field| field.name == entry.key) else {
                let known: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
                self.unknown_key(entry, &label, &known);
                continue;
            };
            if !entry.value.is_null() {
                let value = self.value(&field.name, &entry.value, &field.ty, &field.constraints)?;
                record.insert(field.name.clone(), value);
            }
        }
        Some(Value::Object(record))
    }

    pub(super) fn unknown_key(self, entry: &MappingEntry, label: &str, known: &[&str]) {
        let closest =
            if self.problems.is_full() { None } else { closest_name(&entry.key, known.iter().copied()) };
        let hint = match closest {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("known keys: {}", list_names(known.iter().copied())),
        };
        let key = excerpt(&entry.key);
        self.problems.add(entry.key_span.start, format!("unknown key `{key}` in {label}; {hint}"));
    }

    /// The text of a single value.
    pub(super) fn text(self, key: &str, node: &Node) -> Option<Spanned<String>> {
        let text = text_of(node);
        if text.is_none() {
            self.problems.add(node.span.start, format!("`{key}` must be a single value"));
        }
        text
    }

    /// The items of a list.
    pub(super) fn items<'n>(self, key: &str, node: &'n Node) -> Option<&'n [Node]> {
        if let Content::List(items) = &node.content {
            return Some(items);
        }
        if !node.is_null() {
            self.problems.add(node.span.start, format!("`{key}` must be a list; begin each item with `- `"));
        }
        None
    }

    /// The entries of a mapping. Duplicate keys are reported; the first entry of each counts.
    pub(super) fn entries<'n>(self, label: &str, node: &'n Node) -> Option<Vec<&'n MappingEntry>> {
        let Content::Mapping(entries) = &node.content else {
            if !node.is_null() {
                self.problems
                    .add(node.span.start, format!("{label} must be a mapping of `key: value` lines"));
            }
            return None;
        };
        let mut lines = HashMap::with_capacity(entries.len());
        let is_first = |entry: &&'n MappingEntry| {
            let at = entry.key_span.start;
            let Some(line) = lines.insert(entry.key.as_str(), at.line) else { return true };
            let key = excerpt(&entry.key);
            self.problems.add(at, format!("duplicate key `{key}`; it is already in line {line}"));
            false
        };
        Some(entries.iter().filter(is_first).collect())
    }
}

/// Returns the text of a single value; `None` for null, lists and mappings.
pub(super) fn text_of(node: &Node) -> Option<Spanned<String>> {
    match &node.content {
        Content::Scalar { text, .. } if !node.is_null() => {
            Some(Spanned { value: text.clone(), at: node.span.start })
        }
        _ => None,
    }
}

/// The text of an entry of a mapping, with its position.
pub(super) fn text_in<'n>(node: &'n Node, key: &str) -> Option<(&'n str, Mark)> {
    match node.entry(key).map(|entry| &entry.value)? {
        value @ Node { content: Content::Scalar { text, .. }, span } if !value.is_null() => {
            Some((text, span.start))
        }
        _ => None,
    }
}

/// Converts a node to JSON. A text that looks like a number or a boolean is one, unless it is quoted.
pub(super) fn to_json(node: &Node) -> Value {
    match &node.content {
        Content::Scalar { .. } if node.is_null() => Value::Null,
        Content::Scalar { text, style: Style::Plain } => match serde_json::from_str(text) {
            Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
            _ => Value::from(text.as_str()),
        },
        Content::Scalar { text, .. } => Value::from(text.as_str()),
        Content::List(items) => Value::Array(items.iter().map(to_json).collect()),
        Content::Mapping(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), to_json(&entry.value))).collect())
        }
    }
}

/// Parses an integer of 32 bits within bounds.
fn integer(text: &str, range: Option<(i64, i64)>) -> Result<Value, String> {
    let (minimum, maximum) = range.unwrap_or((i32::MIN.into(), i32::MAX.into()));
    let number = text.parse::<i64>().ok().filter(|number| (minimum..=maximum).contains(number));
    number
        .map(Value::from)
        .ok_or_else(|| format!("`{}` is not an integer between {minimum} and {maximum}", excerpt(text)))
}
