//! The unparsed value of a parameter.
//!
//! All sources are one type: `Record::set` is generic over its deserializer, so each record is
//! compiled once.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

/// A value that has not been decoded.
pub(crate) enum Source<'a> {
    /// A JSON value in a body; if it is a text, surrounding whitespace is removed.
    Trimmed(&'a RawValue),
    /// A JSON value in a body.
    Json(&'a RawValue),
    /// A text in the path or the query string.
    Text(&'a str),
    /// A list of texts in the query string.
    List(Vec<&'a str>),
    /// A map of texts in the query string.
    Map(Vec<(&'a str, Source<'a>)>),
}

/// Removes surrounding spaces and control characters, as the platform does.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|character| character <= ' ')
}

impl<'de> Deserializer<'de> for Source<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Trimmed(raw) => match inner_text(raw.get()) {
                // Nothing to unescape.
                Some(text) if !text.contains('\\') => visitor.visit_str(trim(text)),
                Some(_) => visitor.visit_str(trim(&serde_json::from_str::<String>(raw.get())?)),
                None => raw.deserialize_any(visitor),
            },
            Self::Json(raw) => raw.deserialize_any(visitor),
            Self::Text(text) => visitor.visit_str(text),
            Self::List(texts) => visitor.visit_seq(SeqDeserializer::new(texts.into_iter().map(Source::Text))),
            Self::Map(entries) => visitor.visit_map(MapDeserializer::new(entries.into_iter())),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Returns the text between the quotation marks of a JSON string.
fn inner_text(json: &str) -> Option<&str> {
    json.strip_prefix('"')?.strip_suffix('"')
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for Source<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
