//! The one module that knows which library reads YAML.
//!
//! It is fast and knows no positions; whatever it refuses is read again by
//! [`crate::positions`], which knows them.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Api, DataType, Operation};

/// Why a text is no file of its kind, in the words of the library.
#[derive(Debug)]
pub(crate) struct YamlError {
    /// What is wrong.
    pub(crate) message: String,
    /// Where: line and column, from 1.
    pub(crate) at: Option<(usize, usize)>,
}

/// What a kind of file holds.
pub(crate) trait Source: DeserializeOwned {
    /// What can be made of a file with mistakes, which have been reported.
    fn of_usable(usable: Value) -> Option<Self> {
        serde_json::from_value(usable).ok()
    }
}

impl Source for Api {}
impl Source for DataType {}
impl Source for Operation {}

/// Reads a file's text.
pub(crate) fn yaml<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_yaml::from_str(text).map_err(|error| {
        let message = error.to_string();
        YamlError {
            message: without_position(&message).to_owned(),
            at: error.location().map(|at| (at.line(), at.column())),
        }
    })
}

/// The library ends its messages with a position; ours stands elsewhere.
fn without_position(message: &str) -> &str {
    message.split_once(" at line ").map_or(message, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Object, Text, Version};

    #[test]
    fn text_is_text() {
        assert_eq!(&*yaml::<Text>("plain").unwrap(), "plain");
        assert_eq!(&*yaml::<Text>("'null'").unwrap(), "null");
        for not_text in ["5", "3.10", "true", "null", "~", "[a]", "{a: b}"] {
            assert!(yaml::<Text>(not_text).is_err(), "{not_text}");
        }
    }

    #[test]
    fn a_version_needs_its_quotes() {
        assert_eq!(&*yaml::<Version>("\"3.10\"").unwrap(), "3.10");
        assert!(yaml::<Version>("3.10").is_err());
        assert!(yaml::<Version>("3").is_err());
    }

    #[test]
    fn objects_keep_the_form_of_numbers() {
        let Object(map) = yaml("{whole: 1, float: 1.0}").unwrap();
        assert!(map["whole"].is_i64() && map["float"].is_f64());
        assert!(yaml::<Object>("{a: .nan}").is_err());
    }

    #[test]
    fn objects_refuse_a_key_that_stands_twice() {
        assert!(yaml::<Object>("{a: {b: 1, b: 2}}").is_err());
    }

    #[test]
    fn objects_refuse_deep_nesting() {
        let nested = |depth: usize| "{a: ".repeat(depth) + "1" + &"}".repeat(depth);
        assert!(yaml::<Object>(&nested(60)).is_ok());
        assert!(yaml::<Object>(&nested(61)).is_err());
    }
}
