//! `types/<Type>.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Source;

use super::{DataTypeAttributes, Field, Line, PastValue, Text, Version};

/// A data type: a record, with `fields`, or an enum, with `values`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataType {
    /// The name in upper camel case, which is also the name of the file.
    pub name: Line,
    /// One sentence about it.
    pub summary: Line,
    /// Further paragraphs.
    pub description: Option<Text>,
    /// The first release that has it.
    pub since: Version,
    /// The record whose fields this record inherits. Values of this record may occur where that record
    /// is expected.
    pub extends: Option<Line>,
    /// The resource that the record describes: the platform's name for it in upper camel case, such as `VmInstance`.
    pub resource: Option<Line>,
    /// The Java class that the platform names in the `schema` of a reply.
    pub java_class: Option<Line>,
    /// The origin of the information.
    #[serde(default)]
    pub source: Source,
    /// The path of the Rust type, if it is written by hand.
    pub native: Option<Line>,
    /// The fields of a record.
    pub fields: Option<Vec<Field>>,
    /// The values of an enum. Later releases may add others.
    pub values: Option<Vec<EnumValue>>,
    /// The release that deprecates it.
    pub deprecated: Option<Version>,
    /// The first release without it.
    pub removed: Option<Version>,
    /// The alternative: a name or a sentence.
    pub replacement: Option<Text>,
    /// The previous name.
    pub renamed_from: Option<Line>,
    /// The previous values of changed attributes, in the order of releases.
    #[serde(default)]
    pub history: Vec<PastValue<DataTypeAttributes>>,
}

/// A value of an enum.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnumValue {
    /// The text on the wire.
    pub name: Line,
    /// The name of the variant in Rust, in upper camel case. Required for values without a valid name,
    /// such as `>=`, and for values whose name another one has.
    pub rust_name: Option<Line>,
    /// The first release that has it.
    pub since: Version,
    /// The meaning of the value.
    pub description: Option<Text>,
    /// The release that deprecates it.
    pub deprecated: Option<Version>,
    /// The first release without it.
    pub removed: Option<Version>,
    /// The alternative: a name or a sentence.
    pub replacement: Option<Text>,
    /// The previous name.
    pub renamed_from: Option<Line>,
}
