//! Writing YAML: as much of it as spec files need.

use serde_json::Value;

/// A mapping on one line: `{name: uuid, since: "0.6"}`.
#[derive(Debug, Default)]
pub(super) struct Row(Vec<String>);

impl Row {
    /// A text.
    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.0.push(format!("{key}: {}", scalar(text)));
    }

    /// A version, which has quotes.
    pub(super) fn version(&mut self, key: &str, version: &str) {
        self.0.push(format!("{key}: {version:?}"));
    }

    /// Whatever has one form in YAML and JSON: numbers, booleans, lists.
    pub(super) fn json(&mut self, key: &str, value: &Value) {
        self.0.push(format!("{key}: {value}"));
    }

    /// Texts.
    pub(super) fn texts(&mut self, key: &str, texts: &[String]) {
        let texts: Vec<String> = texts.iter().map(|text| scalar(text)).collect();
        self.0.push(format!("{key}: [{}]", texts.join(", ")));
    }

    /// `key: true`.
    pub(super) fn flag(&mut self, key: &str) {
        self.0.push(format!("{key}: true"));
    }

    /// A mapping in a mapping.
    pub(super) fn row(&mut self, key: &str, row: Self) {
        self.0.push(format!("{key}: {}", row.finish()));
    }

    /// The line.
    pub(super) fn finish(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}

/// `key:` and a list of rows, each on a line.
pub(super) fn list(key: &str, rows: Vec<Row>) -> String {
    if rows.is_empty() {
        return format!("{key}: []\n");
    }
    let rows: String = rows.into_iter().map(|row| format!("  - {}\n", row.finish())).collect();
    format!("{key}:\n{rows}")
}

/// A text, in quotes if it could be taken for something else. JSON's quotes
/// are YAML's.
pub(super) fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '/')
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
        fn a_text_is_read_back(text in any::<String>()) {
            let row = { let mut row = Row::default(); row.text("key", &text); row.finish() };
            let read: std::collections::BTreeMap<String, String> =
                serde_yaml::from_str(&row).unwrap();
            prop_assert_eq!(&read["key"], &text);
        }
    }
}
