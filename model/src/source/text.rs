//! Texts, lines of text and versions, which must be texts in YAML, too.
//!
//! `serde_yaml` accepts any scalar for a string, so `3.10` would be read as a text although editors
//! treat it as a number. These types check the type of the scalar and refuse other types. They also
//! refuse invisible characters, which end lines or disguise texts in code, pages, terminals and shells.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::diagnostics::is_invisible;

/// A text; not a number, a boolean or null. It may have several lines, and line feeds and tabs are its
/// only control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(String);

/// A text of one line that is not blank, such as a title or a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(String);

/// A version as written, in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

macro_rules! impl_conversions {
    ($($Type:ident),*) => {$(
        impl Deref for $Type {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<$Type> for String {
            fn from(text: $Type) -> Self {
                text.0
            }
        }
    )*};
}

impl_conversions!(Text, Line, Version);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        match one_line(&text) {
            Some(line) => Ok(Self(line.to_owned())),
            None => Err(D::Error::custom("not one line of text")),
        }
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(|text| Self(text.0))
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
            Some(_) => Err(E::custom("an invisible character")),
        }
    }
}

/// Returns the first character of a text that texts of a spec must not contain.
pub(crate) fn hidden(text: &str) -> Option<char> {
    // Nearly all texts are ASCII, whose control characters are bytes.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return None;
    }
    text.chars().find(|character| is_invisible(*character) && !matches!(character, '\n' | '\t'))
}

/// Returns the line of a text, if it has one line that is not blank.
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
    /// The pattern that identifies it in the schemas.
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
            "description": "One to four numbers from 0 to 65535 in quotes, such as \"3.10\".",
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
    fn rejects_other_scalars_as_text() {
        assert_eq!(&*parse::<Text>("plain").unwrap(), "plain");
        assert_eq!(&*parse::<Text>("'null'").unwrap(), "null");
        for other in ["5", "3.10", "true", "null", "~", "[a]", "{a: b}"] {
            assert!(parse::<Text>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn rejects_unquoted_version() {
        assert_eq!(&*parse::<Version>("\"3.10\"").unwrap(), "3.10");
        assert!(parse::<Version>("3.10").is_err());
        assert!(parse::<Version>("3").is_err());
    }
}
