//! Reading of JSON objects in requests. All problems are collected, each with the path of its key.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::suggest::closest_name;

/// The maximum length of a value in a message, in characters.
const MAX_SHOWN: usize = 100;

/// The keys of an object that have not been read.
pub(crate) struct Object<'p> {
    /// The path of the object with a dot; empty for the body.
    path: String,
    fields: Map<String, Value>,
    known: Vec<&'static str>,
    problems: &'p mut Vec<String>,
}

impl<'p> Object<'p> {
    /// Begins to read a body. A body without an object is one problem.
    pub(crate) fn of_body(body: &str, problems: &'p mut Vec<String>) -> Self {
        let fields = match serde_json::from_str(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(other) => {
                problems.push(format!(
                    "the body is invalid: it must be a JSON object; got {}",
                    show_value(&other)
                ));
                Map::new()
            }
            Err(error) => {
                problems.push(format!("the body is invalid: {error}"));
                Map::new()
            }
        };
        Self { path: String::new(), fields, known: Vec::new(), problems }
    }

    /// Begins to read the object in a key.
    pub(crate) fn object(&mut self, name: &'static str, form: &str) -> Option<Object<'_>> {
        match self.take(name)? {
            Value::Object(fields) => {
                let path = format!("{}{name}.", self.path);
                Some(Object { path, fields, known: Vec::new(), problems: &mut *self.problems })
            }
            other => {
                self.must_be(name, form, &other);
                None
            }
        }
    }

    /// Takes the value of a key; `null` counts as missing.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// True if the value of a key is an object.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(Value::is_object)
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if !text.is_empty() => Some(text),
            other => {
                self.must_be(name, "a text that is not empty", &other);
                None
            }
        }
    }

    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(other) => {
                self.must_be(name, "true or false", &other);
                false
            }
        }
    }

    pub(crate) fn integer(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.take(name)?;
        let number = value.as_u64().filter(|number| range.contains(number));
        if number.is_none() {
            let form = match (*range.start(), *range.end()) {
                (start, u64::MAX) => format!("an integer, and at least {start}"),
                (start, end) => format!("an integer from {start} to {end}"),
            };
            self.must_be(name, &form, &value);
        }
        number
    }

    pub(crate) fn number(&mut self, name: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let value = self.take(name)?;
        let number = value.as_f64().filter(|number| range.contains(number));
        if number.is_none() {
            self.must_be(name, &format!("a number from {} to {}", range.start(), range.end()), &value);
        }
        number
    }

    /// Reports that a key has the wrong value.
    pub(crate) fn must_be(&mut self, name: &str, form: &str, value: &Value) {
        self.problem(name, &format!("must be {form}; got {}", show_value(value)));
    }

    /// Reports a problem of a key.
    pub(crate) fn problem(&mut self, name: &str, text: &str) {
        self.problems.push(format!("`{}{name}` {text}", self.path));
    }

    /// Reports the keys that nothing has read.
    pub(crate) fn finish(self) {
        for name in self.fields.keys() {
            let hint = match closest_name(name, self.known.iter().copied()) {
                Some(nearest) => format!("did you mean `{}{nearest}`?", self.path),
                None => format!("known keys: {}", self.known.join(", ")),
            };
            let name: String = name.chars().take(MAX_SHOWN).collect();
            self.problems.push(format!("`{}{name}` is unknown; {hint}", self.path));
        }
    }
}

/// A value as a message shows it.
fn show_value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("`{}`", text.chars().take(MAX_SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collects_all_problems() {
        let mut problems = Vec::new();
        let body = r#"{"a": "x", "b": 0, "c": {"d": 7, "nme": 1}, "e": "", "zzz": 1, "f": null}"#;
        let mut object = Object::of_body(body, &mut problems);
        assert!(!object.flag("a"));
        assert_eq!(object.integer("b", 1..=u64::MAX), None);
        let mut inner = object.object("c", "an object").unwrap();
        assert_eq!(inner.number("d", 0.0..=1.0), None);
        assert_eq!(inner.text("name"), None);
        inner.finish();
        assert_eq!(object.text("e"), None);
        assert_eq!(object.text("f"), None);
        object.finish();
        assert_eq!(
            problems,
            [
                "`a` must be true or false; got `x`",
                "`b` must be an integer, and at least 1; got `0`",
                "`c.d` must be a number from 0 to 1; got `7`",
                "`c.nme` is unknown; did you mean `c.name`?",
                "`e` must be a text that is not empty; got ``",
                "`zzz` is unknown; known keys: a, b, c, e, f",
            ]
        );
    }
}
