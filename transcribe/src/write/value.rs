//! The YAML of samples.

pub(super) use zstack_model::yaml::write::{Yaml, entry, item};

use crate::json::{Sample, number};

/// A sample in the order of the page, with whole numbers as integers.
pub(super) fn sample(sample: &Sample) -> Yaml {
    match sample {
        Sample::Null => Yaml::word("null"),
        Sample::Boolean(value) => Yaml::word(value),
        Sample::Number(text) => Yaml::word(number(text)),
        Sample::Text(text) => Yaml::text(text),
        Sample::List(items) => Yaml::List(items.iter().map(self::sample).collect()),
        Sample::Object(fields) => {
            Yaml::mapping(fields.iter().map(|(name, value)| (name, self::sample(value))))
        }
    }
}
