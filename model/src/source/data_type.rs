//! `types/<Type>.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, Line, OfDataType, Origin, Past, Text, Version};

/// A data type: a record, with `fields`, or an enum, with `values`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataType {
    /// Its identity, upper camel case; the file has the same name.
    pub name: Line,
    /// One sentence.
    pub summary: Line,
    /// More than the summary says.
    pub description: Option<Text>,
    /// The first release that has it.
    pub since: Version,
    /// The record whose fields this one has besides its own. Where that one
    /// is expected, this one may stand.
    pub extends: Option<Line>,
    /// The class that the platform names in a reply's `schema`.
    pub java_class: Option<Line>,
    /// Who says so.
    #[serde(default)]
    pub source: Origin,
    /// The path of the Rust type, where that is written by hand.
    pub native: Option<Line>,
    /// The fields of a record.
    pub fields: Option<Vec<Field>>,
    /// The values of an enum, which is open to later ones.
    pub values: Option<Vec<EnumValue>>,
    /// The release that advises against it.
    pub deprecated: Option<Version>,
    /// The release that no longer has it.
    pub removed: Option<Version>,
    /// What to use instead.
    pub replacement: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Line>,
    /// What it was before a release changed it, in the order of the releases.
    #[serde(default)]
    pub history: Vec<Past<OfDataType>>,
}

/// A value of an enum.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnumValue {
    /// As on the wire.
    pub name: Line,
    /// The variant in Rust, upper camel case, for a value of which none can be
    /// made, such as `>=`, or whose variant another value has.
    pub rust_name: Option<Line>,
    /// The first release that has it.
    pub since: Version,
    /// What it means.
    pub description: Option<Text>,
    /// The release that advises against it.
    pub deprecated: Option<Version>,
    /// The release that no longer has it.
    pub removed: Option<Version>,
    /// What to use instead.
    pub replacement: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Line>,
}
