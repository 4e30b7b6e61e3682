//! Text, lines of text and versions, which must be text in the file as well.
//!
//! A YAML reader that is asked for a string takes any scalar, so that `3.10`
//! would arrive as it stands although every editor reads a number there. These
//! types ask what the scalar *is* and refuse what is not text. They refuse
//! characters that cannot be seen, too: texts go into code, pages, terminals and
//! shells, where such a character ends a line or makes a text read as another.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::diagnostics::is_invisible;

/// A text, which numbers, booleans and null are not. It may have several lines,
/// and no other control characters than line feeds and tabs.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(String);

/// A text that has one line and is not blank: a title, a summary, a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(Text);

/// A version as written: a quoted string, not yet taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Text);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Deref for Version {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Deref for Line {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.0.0
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.0.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        match one_line(&text) {
            Some(line) => Ok(Self(Text(line.to_owned()))),
            None => Err(D::Error::custom("not one line of text")),
        }
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(Self)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
        match hidden(&text) {
            None => Ok(Text(text)),
            Some(_) => Err(E::custom("a character that cannot be seen")),
        }
    }
}

/// The first character of a text that no text of a spec may have.
pub(crate) fn hidden(text: &str) -> Option<char> {
    // Nearly all texts are ASCII, whose control characters are bytes.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return None;
    }
    text.chars().find(|character| is_invisible(*character) && !matches!(character, '\n' | '\t'))
}

/// A text without the end of its line, if it has one line that is not blank.
pub(crate) fn one_line(text: &str) -> Option<&str> {
    let line = text.trim_end_matches('\n');
    (!line.contains('\n') && !line.trim().is_empty()).then_some(line)
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

impl Line {
    /// The pattern by which the schemas tell it from other texts.
    pub(crate) const PATTERN: &'static str = "^.*\\S.*\\n?$";
}

impl JsonSchema for Line {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Line".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": Self::PATTERN })
    }
}

impl Version {
    /// The name of the definition in the schemas.
    pub(crate) const SCHEMA_NAME: &'static str = "Version";
}

impl JsonSchema for Version {
    fn schema_name() -> Cow<'static, str> {
        Self::SCHEMA_NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One to four numbers, each below 65536, in quotes: \"3.10\".",
            "type": "string",
            "pattern": "^[0-9]{1,5}([.][0-9]{1,5}){0,3}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    #[test]
    fn only_a_text_is_a_text() {
        assert_eq!(&*parse::<Text>("plain").unwrap(), "plain");
        assert_eq!(&*parse::<Text>("'null'").unwrap(), "null");
        for other in ["5", "3.10", "true", "null", "~", "[a]", "{a: b}"] {
            assert!(parse::<Text>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_version_needs_its_quotes() {
        assert_eq!(&*parse::<Version>("\"3.10\"").unwrap(), "3.10");
        assert!(parse::<Version>("3.10").is_err());
        assert!(parse::<Version>("3").is_err());
    }
}
