//! Fields of data types and responses, and parameters.

use schemars::JsonSchema;
use serde::Deserialize;

use super::attributes::Type;
use super::history::{AttributeValue, Historic, HistoryEntry};
use super::{Retirement, Version};
use zstack_vocabulary::{Execution, Place};

/// A field, or the part of a parameter that fields have as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The resource whose UUIDs it contains; see [`Model::record_of`](super::Model::record_of).
    pub refers: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// The deprecation and the removal, if there are any.
    pub retirement: Retirement,
    /// True for a required parameter, and for a field that is always present.
    pub required: bool,
    /// One or more sentences for the documentation.
    pub description: Option<String>,
    /// The constraints on its values.
    pub constraints: Constraints,
    /// True if logs must not contain it, as with a password.
    pub sensitive: bool,
    /// The value that the platform uses if none is given.
    pub default: Option<serde_json::Value>,
    /// The values that the official document prints where they differ from the wire.
    pub documented: Option<Documented>,
    /// The name in an older spec.
    pub renamed_from: Option<String>,
    /// The origin of the information.
    pub source: Source,
    /// The previous values of changed attributes, including the place of a parameter.
    pub history: Vec<HistoryEntry>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Everything that fields have as well.
    pub field: Field,
    /// The part of a request that contains it.
    pub place: Place,
}

/// The constraints on a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// The maximum length of a text, in UTF-16 units.
    pub max_length: Option<u32>,
    /// The minimum length of a text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// The minimum and the maximum of a number.
    pub range: Option<(i64, i64)>,
    /// A regular expression that the whole text must match.
    pub pattern: Option<String>,
    /// A regular expression that only Java understands. It is not evaluated.
    pub java_pattern: Option<String>,
    /// The allowed values, as texts.
    pub values: Vec<String>,
    /// True if a list must have an element, or a text a character.
    pub non_empty: bool,
    /// True if surrounding whitespace of a text is significant.
    pub no_trim: bool,
    /// The unit of a number.
    pub unit: Option<String>,
}

/// The values that the official document prints where they differ from the wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documented {
    /// The Location column.
    pub place: Option<String>,
    /// The Type column.
    pub ty: Option<String>,
    /// The Starting Version column.
    pub since: Option<String>,
    /// True if it is required.
    pub required: Option<bool>,
    /// The execution badge.
    pub execution: Option<Execution>,
}

/// The origin of the information about an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The official API document.
    #[default]
    Document,
    /// Undocumented; observed on the platform or in its code.
    Platform,
}

impl Field {
    /// Returns whether every value has it: it is required, and no release removed it.
    #[must_use]
    pub const fn is_always_present(&self) -> bool {
        self.required && self.retirement.removed.is_none()
    }
}

impl Historic for Field {
    fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.history
    }

    fn exchange(&mut self, value: &mut AttributeValue) {
        use std::mem::swap;
        let constraints = &mut self.constraints;
        match value {
            AttributeValue::Type(it) => swap(it, &mut self.ty),
            AttributeValue::Required(it) => swap(it, &mut self.required),
            AttributeValue::Default(it) => swap(it, &mut self.default),
            AttributeValue::MaxLength(it) => swap(it, &mut constraints.max_length),
            AttributeValue::MinLength(it) => swap(it, &mut constraints.min_length),
            AttributeValue::Range(it) => swap(it, &mut constraints.range),
            AttributeValue::Pattern(it) => swap(it, &mut constraints.pattern),
            AttributeValue::JavaPattern(it) => swap(it, &mut constraints.java_pattern),
            AttributeValue::Values(it) => swap(it, &mut constraints.values),
            AttributeValue::NonEmpty(it) => swap(it, &mut constraints.non_empty),
            AttributeValue::NoTrim(it) => swap(it, &mut constraints.no_trim),
            AttributeValue::Unit(it) => swap(it, &mut constraints.unit),
            _ => {}
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.ty == other.ty
            && self.required == other.required
            && self.default == other.default
            && self.constraints == other.constraints
    }

    fn attributes(&self) -> Vec<AttributeValue> {
        let it = self.constraints.clone();
        vec![
            AttributeValue::Type(self.ty.clone()),
            AttributeValue::Required(self.required),
            AttributeValue::Default(self.default.clone()),
            AttributeValue::MaxLength(it.max_length),
            AttributeValue::MinLength(it.min_length),
            AttributeValue::Range(it.range),
            AttributeValue::Pattern(it.pattern),
            AttributeValue::JavaPattern(it.java_pattern),
            AttributeValue::Values(it.values),
            AttributeValue::NonEmpty(it.non_empty),
            AttributeValue::NoTrim(it.no_trim),
            AttributeValue::Unit(it.unit),
        ]
    }
}

impl Historic for Parameter {
    fn history(&self) -> &[HistoryEntry] {
        &self.field.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.field.history
    }

    fn exchange(&mut self, value: &mut AttributeValue) {
        match value {
            AttributeValue::In(it) | AttributeValue::Enclosed(it) => std::mem::swap(it, &mut self.place),
            of_field => self.field.exchange(of_field),
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.place == other.place && self.field.is_same_on_wire(&other.field)
    }

    fn attributes(&self) -> Vec<AttributeValue> {
        let mut attributes = self.field.attributes();
        attributes.extend([AttributeValue::In(self.place), AttributeValue::Enclosed(self.place)]);
        attributes
    }
}
