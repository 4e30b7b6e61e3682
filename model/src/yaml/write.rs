//! Writes YAML in the layout of spec files: values on one line where they fit, below their keys
//! where they do not, and quotes only where a text needs them.
//!
//! ```
//! use zstack_model::yaml::write::{Yaml, list};
//!
//! let field = Yaml::mapping([("name", Yaml::text("uuid")), ("since", Yaml::version("0.6"))]);
//! assert_eq!(list("fields", vec![field]), "fields:\n  - {name: uuid, since: \"0.6\"}\n");
//! ```

use serde_json::Value;

/// The longest line.
const WIDTH: usize = 120;

/// A value of a spec file.
#[derive(Clone, Debug)]
pub enum Yaml {
    /// A text that is written as it is: a word, a number, a version in quotes.
    Plain(String),
    /// A text, in quotes if it needs them.
    Text(String),
    /// A mapping, in its order.
    Mapping(Vec<(String, Self)>),
    /// A list.
    List(Vec<Self>),
}

impl Yaml {
    /// A text, in quotes if it needs them.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A version, in quotes.
    pub fn version(text: &str) -> Self {
        Self::Plain(quote(text))
    }

    /// A word that is the same in YAML and JSON: a Boolean, a number, a name without punctuation.
    pub fn word(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }

    /// A mapping, in the order of its entries.
    pub fn mapping<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Mapping(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::text(text.as_ref())).collect())
    }

    /// The value on one line.
    fn inline(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Text(text) => scalar(text, Context::Flow),
            Self::List(items) => {
                format!("[{}]", items.iter().map(Self::inline).collect::<Vec<_>>().join(", "))
            }
            Self::Mapping(entries) => {
                let entry = |(key, value): &(String, Self)| {
                    format!("{}: {}", scalar(key, Context::Flow), value.inline())
                };
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The value on one line that it has for itself, where brackets and commas mean nothing.
    fn alone(&self) -> String {
        match self {
            Self::Text(text) => scalar(text, Context::Block),
            value => value.inline(),
        }
    }

    /// Returns whether the value reads well on one line: it has only texts and numbers.
    fn is_flat(&self) -> bool {
        match self {
            Self::Plain(_) | Self::Text(_) => true,
            Self::List(items) => items.iter().all(Self::is_scalar),
            Self::Mapping(entries) => entries.iter().all(|(_, value)| match value {
                Self::Mapping(entries) => entries.iter().all(|(_, value)| value.is_scalar()),
                Self::List(items) => items.iter().all(Self::is_scalar),
                value => value.is_scalar(),
            }),
        }
    }

    fn is_scalar(&self) -> bool {
        matches!(self, Self::Plain(_) | Self::Text(_))
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Mapping(entries) => entries.is_empty(),
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }
}

impl From<&Value> for Yaml {
    fn from(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::mapping(fields.iter().map(|(key, value)| (key, Self::from(value))))
            }
            value => Self::word(value),
        }
    }
}

/// A key at the margin, with a list below it: an item per line where it fits.
pub fn list(key: &str, items: Vec<Yaml>) -> String {
    if items.is_empty() {
        return format!("{key}: []\n");
    }
    let items: String = items.iter().map(|value| item(value, 2)).collect();
    format!("{key}:\n{items}")
}

/// A key with its value, indented.
pub fn entry(key: &str, value: &Yaml, indent: usize) -> String {
    let head = format!("{}{}:", " ".repeat(indent), scalar(key, Context::Block));
    if value.is_flat() {
        let alone = value.alone();
        let is_wide = width(&head) + 1 + width(&alone) > WIDTH;
        if !is_wide || value.is_empty() || matches!(value, Yaml::Plain(_)) {
            return format!("{head} {alone}\n");
        }
        if let Yaml::Text(text) = value {
            return match fold(text, indent + 2) {
                Some(folded) => format!("{head} >-\n{folded}"),
                None => format!("{head} {alone}\n"),
            };
        }
    }
    match value {
        Yaml::Mapping(entries) => {
            let entries: String = entries.iter().map(|(key, value)| entry(key, value, indent + 2)).collect();
            format!("{head}\n{entries}")
        }
        Yaml::List(items) => {
            let items: String = items.iter().map(|value| item(value, indent + 2)).collect();
            format!("{head}\n{items}")
        }
        value => format!("{head} {}\n", value.alone()),
    }
}

/// An item of a list, indented.
pub fn item(value: &Yaml, indent: usize) -> String {
    let dash = format!("{}- ", " ".repeat(indent));
    let alone = value.alone();
    if value.is_flat() && width(&dash) + width(&alone) <= WIDTH || value.is_empty() {
        return format!("{dash}{alone}\n");
    }
    // The dash takes the place of the spaces before the first line.
    let below_dash = |text: String| format!("{dash}{}", text.get(indent + 2..).unwrap_or_default());
    match value {
        Yaml::Mapping(entries) => {
            below_dash(entries.iter().map(|(key, value)| entry(key, value, indent + 2)).collect())
        }
        Yaml::Text(text) => match fold(text, indent + 2) {
            Some(folded) => format!("{dash}>-\n{folded}"),
            None => format!("{dash}{alone}\n"),
        },
        Yaml::List(items) if items.iter().any(|item| !item.is_scalar()) => {
            below_dash(items.iter().map(|value| item(value, indent + 2)).collect())
        }
        _ => format!("{dash}{alone}\n"),
    }
}

/// A long text below `>-`; nothing if folding would change it.
fn fold(text: &str, indent: usize) -> Option<String> {
    let survives = text.contains(' ')
        && !text.contains("  ")
        && text.trim() == text
        && text.chars().all(|character| character != '\t' && is_printable(character));
    if !survives {
        return None;
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut()?;
        if !line.is_empty() && indent + width(line) + 1 + width(word) > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    Some(lines.iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect())
}

/// The columns of a text; Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// The surroundings of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Between brackets or braces, which commas, brackets and braces structure.
    Flow,
    /// On a line of its own, after a key or a dash.
    Block,
}

/// A text, in quotes if YAML could read it as something else.
fn scalar(text: &str, context: Context) -> String {
    const WORDS: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let begins_plainly =
        text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/' || !first.is_ascii());
    let is_plain_character = |character: char| {
        character.is_ascii_alphanumeric()
            || " _-./()<>;+=".contains(character)
            || is_wide_letter(character)
            || context == Context::Block && ",{}".contains(character) && !text.contains(' ')
    };
    let looks_like_uuid = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_plain = begins_plainly
        && text.chars().all(is_plain_character)
        && !text.ends_with(' ')
        && !looks_like_uuid
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quote(text) }
}

/// Returns whether a character is a letter or a mark of Chinese text, which YAML takes as it is.
fn is_wide_letter(character: char) -> bool {
    !character.is_ascii()
        && (character.is_alphanumeric() || "，。、；：（）“”‘’《》？！—…·".contains(character))
}

/// A text in the quotes of JSON, which are YAML's; characters that YAML does not print are escaped.
fn quote(text: &str) -> String {
    let json = Value::from(text).to_string();
    if json.chars().all(is_printable) {
        return json;
    }
    let escape = |character: char| match is_printable(character) {
        true => character.to_string(),
        false => format!("\\u{:04X}", u32::from(character)),
    };
    json.chars().map(escape).collect()
}

/// Returns whether a character may be in a YAML file as it is, and is not a line break.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_quoted_where_they_have_to_be() {
        for (text, written) in [
            ("The resource UUID.", "The resource UUID."),
            ("params", "params"),
            ("null", "\"null\""),
            ("0.6", "\"0.6\""),
            ("a: b", "\"a: b\""),
            ("a, b", "\"a, b\""),
            ("/zones/{uuid}", "\"/zones/{uuid}\""),
            ("b109f3bbbc244eb82441917ed06d618b", "\"b109f3bbbc244eb82441917ed06d618b\""),
            ("资源名称", "资源名称"),
            ("a\u{2028}b", "\"a\\u2028b\""),
        ] {
            assert_eq!(scalar(text, Context::Flow), written);
        }
        assert_eq!(scalar("/zones/{uuid}", Context::Block), "/zones/{uuid}");
    }

    #[test]
    fn long_values_go_below_their_keys() {
        let short = Yaml::mapping([("name", Yaml::text("a")), ("since", Yaml::version("0.6"))]);
        assert_eq!(item(&short, 2), "  - {name: a, since: \"0.6\"}\n");
        let long = Yaml::mapping([
            ("name", Yaml::text("a")),
            ("description", Yaml::text("word ".repeat(30).trim_end())),
        ]);
        let written = item(&long, 2);
        assert!(written.starts_with("  - name: a\n    description: >-\n      word word"), "{written}");
        assert!(written.lines().all(|line| line.len() <= WIDTH));
    }

    /// Texts of any characters, of those that YAML gives a meaning, and long ones.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-z0-9 :#,{}\\[\\]&*!|>'\"%@`?<~=./\\\\\u{85}\u{2028}\u{feff}\u{7f}\t\n资，-]{0,12}",
            "([a-z:#{},>|资-]{1,12} ){0,40}[a-z]",
        ]
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            texts().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((texts(), inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_survive_a_round_trip(key in texts(), value in values()) {
            let yaml = Yaml::from(&value);
            for (text, expected) in [
                (entry(&key, &yaml, 0), serde_json::json!({ &key: &value })),
                (list("key", vec![yaml.clone(), yaml.clone()]), serde_json::json!({ "key": [&value, &value] })),
                (format!("{}\n", yaml.inline()), value.clone()),
            ] {
                let read: Value = serde_yaml::from_str(&text).map_err(|error| {
                    TestCaseError::fail(format!("{error}\n{text}"))
                })?;
                prop_assert_eq!(read, expected, "{}", text);
            }
        }
    }
}
