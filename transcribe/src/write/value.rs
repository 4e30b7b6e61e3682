//! YAML values: on one line where they fit, below their key where they do not.

use serde_json::Value;

use crate::json::{Sample, number};

/// The longest line.
const WIDTH: usize = 120;

/// A value of a spec file.
#[derive(Clone, Debug)]
pub(super) enum Yaml {
    /// A text that is written as it is: a word, a number, a version in quotes.
    Plain(String),
    /// A text, in quotes if it needs them.
    Text(String),
    /// A mapping, in its order.
    Mapping(Vec<(String, Self)>),
    List(Vec<Self>),
}

impl Yaml {
    pub(super) fn version(text: &str) -> Self {
        Self::Plain(format!("\"{text}\""))
    }

    pub(super) fn word(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn sample(sample: &Sample) -> Self {
        match sample {
            Sample::Null => Self::word("null"),
            Sample::Boolean(value) => Self::word(value),
            Sample::Number(text) => Self::word(number(text)),
            Sample::Text(text) => Self::text(text),
            Sample::List(items) => Self::List(items.iter().map(Self::sample).collect()),
            Sample::Object(fields) => Self::Mapping(
                fields.iter().map(|(name, value)| (name.clone(), Self::sample(value))).collect(),
            ),
        }
    }

    /// The value on one line.
    fn inline(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Text(text) => scalar(text, true),
            Self::List(items) => {
                format!("[{}]", items.iter().map(Self::inline).collect::<Vec<_>>().join(", "))
            }
            Self::Mapping(entries) => {
                let entry =
                    |(key, value): &(String, Self)| format!("{}: {}", scalar(key, true), value.inline());
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
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

/// A key with its value, indented.
pub(super) fn entry(key: &str, value: &Yaml, indent: usize) -> String {
    let head = format!("{}{}:", " ".repeat(indent), scalar(key, false));
    if value.is_flat() {
        let inline = match value {
            Yaml::Text(text) => scalar(text, false),
            value => value.inline(),
        };
        let is_wide = width(&head) + 1 + width(&inline) > WIDTH;
        if !is_wide || value.is_empty() || matches!(value, Yaml::Plain(_)) {
            return format!("{head} {inline}\n");
        }
        if let Yaml::Text(text) = value {
            return match fold(text, indent + 2) {
                Some(folded) => format!("{head} >-\n{folded}"),
                None => format!("{head} {inline}\n"),
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
        value => format!("{head} {}\n", value.inline()),
    }
}

/// An element of a list, indented.
pub(super) fn item(value: &Yaml, indent: usize) -> String {
    let dash = format!("{}- ", " ".repeat(indent));
    let inline = match value {
        Yaml::Text(text) => scalar(text, false),
        value => value.inline(),
    };
    if value.is_flat() && width(&dash) + width(&inline) <= WIDTH || value.is_empty() {
        return format!("{dash}{inline}\n");
    }
    match value {
        Yaml::Mapping(entries) => {
            let text: String = entries.iter().map(|(key, value)| entry(key, value, indent + 2)).collect();
            // The dash is where the first key is indented.
            format!("{dash}{}", text.get(indent + 2..).unwrap_or_default())
        }
        Yaml::Text(text) => match fold(text, indent + 2) {
            Some(folded) => format!("{dash}>-\n{folded}"),
            None => format!("{dash}{inline}\n"),
        },
        Yaml::List(items) if items.iter().any(|item| !item.is_scalar()) => {
            let text: String = items.iter().map(|value| item(value, indent + 2)).collect();
            format!("{dash}{}", text.get(indent + 2..).unwrap_or_default())
        }
        _ => format!("{dash}{inline}\n"),
    }
}

/// A long text below `>-`; nothing if folding would change it.
fn fold(text: &str, indent: usize) -> Option<String> {
    let is_plain =
        !text.contains(['\n', '\t']) && !text.contains("  ") && text.trim() == text && text.contains(' ');
    if !is_plain {
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

fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// A text, in quotes if it could be taken for something else. JSON's quotes are YAML's.
fn scalar(text: &str, is_inline: bool) -> String {
    const WORDS: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let begins_plainly =
        text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/' || !first.is_ascii());
    let is_plain_character = |character: char| {
        character.is_ascii_alphanumeric() || " _-./()<>;+=".contains(character) || is_wide_letter(character)
            // A comma separates values only on one line.
            || character == ',' && !is_inline && !text.contains(' ')
    };
    let looks_like_uuid = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_plain = begins_plainly
        && text.chars().all(is_plain_character)
        && !text.ends_with(' ')
        && !text.contains(" #")
        && !looks_like_uuid
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { Value::from(text).to_string() }
}

/// Returns whether a character is a letter or a mark of Chinese text, which YAML takes as it is.
fn is_wide_letter(character: char) -> bool {
    !character.is_ascii()
        && (character.is_alphanumeric() || "，。、；：（）“”‘’《》？！—…·".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_where_they_have_to_be() {
        for (text, written) in [
            ("The resource UUID.", "The resource UUID."),
            ("params", "params"),
            ("null", "\"null\""),
            ("0.6", "\"0.6\""),
            ("a: b", "\"a: b\""),
            ("a, b", "\"a, b\""),
            ("b109f3bbbc244eb82441917ed06d618b", "\"b109f3bbbc244eb82441917ed06d618b\""),
            ("资源名称", "资源名称"),
        ] {
            assert_eq!(scalar(text, true), written);
        }
    }

    #[test]
    fn long_values_go_below_their_keys() {
        let short = Yaml::Mapping(vec![
            ("name".to_owned(), Yaml::text("a")),
            ("since".to_owned(), Yaml::version("0.6")),
        ]);
        assert_eq!(item(&short, 2), "  - {name: a, since: \"0.6\"}\n");
        let long = Yaml::Mapping(vec![
            ("name".to_owned(), Yaml::text("a")),
            ("description".to_owned(), Yaml::text("word ".repeat(30).trim_end())),
        ]);
        let written = item(&long, 2);
        assert!(written.starts_with("  - name: a\n    description: >-\n      word word"), "{written}");
        assert!(written.lines().all(|line| line.len() <= WIDTH));
    }
}
