//! Data types: records and enums.

use camino::Utf8PathBuf;

use super::history::{AttributeValue, Historic, HistoryEntry};
use super::{Field, Retirement, Source, Version};
use crate::names::variant_ident;

/// A data type.
#[derive(Clone, Debug, PartialEq)]
pub struct DataType {
    /// The name in upper camel case.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// Further paragraphs.
    pub description: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// The deprecation and the removal, if there are any.
    pub retirement: Retirement,
    /// The record whose fields it inherits.
    pub extends: Option<String>,
    /// The resource that the record describes, such as `VmInstance`.
    pub resource: Option<String>,
    /// The Java class that the platform names in the `schema` of a reply.
    pub java_class: Option<String>,
    /// The fields of a record, or the values of an enum.
    pub shape: TypeShape,
    /// The name in an older spec.
    pub renamed_from: Option<String>,
    /// The origin of the information.
    pub source: Source,
    /// The previous values of changed attributes.
    pub history: Vec<HistoryEntry>,
    /// The file, relative to the folder of the spec.
    pub file: Utf8PathBuf,
}

impl DataType {
    /// The fields that its own file declares. An enum has none.
    pub fn own_fields(&self) -> &[Field] {
        match &self.shape {
            TypeShape::Record { fields, .. } => fields,
            TypeShape::Enum { .. } => &[],
        }
    }
}

/// The shape of a data type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeShape {
    /// A JSON object.
    Record {
        /// The fields that its own file declares, in order; see [`Model::fields`](super::Model::fields).
        fields: Vec<Field>,
        /// The path of a hand-written Rust type, which the generated code re-exports.
        native: Option<String>,
    },
    /// One of several texts. Later releases may add others.
    Enum {
        /// The values in the order of the file.
        values: Vec<EnumValue>,
    },
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// The text on the wire.
    pub name: String,
    /// The name of the variant in Rust, if the spec names it.
    pub rust_name: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// The deprecation and the removal, if there are any.
    pub retirement: Retirement,
    /// The meaning of the value.
    pub description: Option<String>,
    /// The name in an older spec.
    pub renamed_from: Option<String>,
}

impl EnumValue {
    /// The name of the variant in the generated enum.
    pub fn variant(&self) -> String {
        self.rust_name.clone().unwrap_or_else(|| variant_ident(&self.name))
    }
}

impl Historic for DataType {
    fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.history
    }

    fn exchange(&mut self, value: &mut AttributeValue) {
        match value {
            AttributeValue::Extends(it) => std::mem::swap(it, &mut self.extends),
            AttributeValue::JavaClass(it) => std::mem::swap(it, &mut self.java_class),
            _ => {}
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.extends == other.extends && self.java_class == other.java_class
    }

    fn attributes(&self) -> Vec<AttributeValue> {
        vec![
            AttributeValue::Extends(self.extends.clone()),
            AttributeValue::JavaClass(self.java_class.clone()),
        ]
    }
}
