//! Writes the subset of YAML that spec files need.

use serde_json::Value;

/// A mapping on one line: `{name: uuid, since: "0.6"}`.
#[derive(Debug, Default)]
pub(super) struct Row(Vec<String>);

impl Row {
    /// Adds a string.
    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.0.push(format!("{key}: {}", scalar(text)));
    }

    /// Adds a version, in quotes.
    pub(super) fn version(&mut self, key: &str, version: &str) {
        self.0.push(format!("{key}: {version:?}"));
    }

    /// Adds a value that is the same in YAML and JSON, such as a number, a Boolean or a list.
    pub(super) fn json(&mut self, key: &str, value: &Value) {
        self.0.push(format!("{key}: {value}"));
    }

    /// Adds a list of strings.
    pub(super) fn texts(&mut self, key: &str, texts: &[String]) {
        let texts: Vec<String> = texts.iter().map(|text| scalar(text)).collect();
        self.0.push(format!("{key}: [{}]", texts.join(", ")));
    }

    /// Adds a nested mapping.
    pub(super) fn row(&mut self, key: &str, row: Self) {
        self.0.push(format!("{key}: {}", row.finish()));
    }

    /// Returns the line.
    pub(super) fn finish(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}

/// Formats a key with a list of mappings, one per line.
pub(super) fn list(key: &str, rows: Vec<Row>) -> String {
    if rows.is_empty() {
        return format!("{key}: []\n");
    }
    let rows: String = rows.into_iter().map(|row| format!("  - {}\n", row.finish())).collect();
    format!("{key}:\n{rows}")
}

/// Formats a string, in quotes (those of JSON) if YAML could read it as something else.
pub(super) fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.<>/".contains(&byte))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn string_survives_a_round_trip(text in any::<String>()) {
            let row = { let mut row = Row::default(); row.text("key", &text); row.finish() };
            let read: std::collections::BTreeMap<String, String> =
                serde_yaml::from_str(&row).unwrap();
            prop_assert_eq!(&read["key"], &text);
        }
    }
}
