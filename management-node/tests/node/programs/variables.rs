//! Variables in requests: `$name` is a value of an earlier answer.

use std::collections::BTreeMap;

use serde_json::Value;

/// The values of variables.
#[derive(Default)]
pub(super) struct Variables(BTreeMap<String, Value>);

impl Variables {
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// Replaces variables in a text; `None` if one of them has no value.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        let mut parts = text.split('$');
        let mut replaced = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            match self.0.get(name)? {
                Value::String(value) => replaced.push_str(value),
                value => replaced.push_str(&value.to_string()),
            }
            replaced.push_str(rest);
        }
        Some(replaced)
    }

    /// Replaces variables in all texts of a value; a text that is one variable becomes its value.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let whole = text.strip_prefix('$').and_then(|name| self.0.get(name));
                whole.cloned().unwrap_or_else(|| match self.text(text) {
                    Some(text) => text.into(),
                    None => panic!("a variable in `{text}` has no value"),
                })
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                let replace = |(name, value): (&String, &Value)| {
                    // The class of a map key, such as a provider, can be a variable, too.
                    (self.text(name).unwrap_or_else(|| name.clone()), self.value(value))
                };
                Value::Object(fields.iter().map(replace).collect())
            }
            other => other.clone(),
        }
    }
}
