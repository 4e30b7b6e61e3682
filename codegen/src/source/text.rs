//! Text, and versions, that must be text in the file as well.
//!
//! A YAML reader that is asked for a string takes any scalar, so that `3.10`
//! would arrive as it stands although every editor reads a number there. These
//! two types ask what the scalar *is* and refuse what is not text.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A text, which numbers, booleans and null are not.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(String);

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
        Ok(Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
        Ok(Text(text))
    }
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
