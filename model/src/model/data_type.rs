//! Data types: records and enums.

use camino::Utf8PathBuf;

use super::history::{Historic, HistoryEntry, Was};
use super::{Field, Retirement, Source, Version};
use crate::names::variant_ident;

/// A data type.
#[derive(Clone, Debug, PartialEq)]
pub struct DataType {
    /// Its identity, upper camel case.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// More than the summary says.
    pub description: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// When it goes, if it does.
    pub retirement: Retirement,
    /// The record whose fields it has besides its own.
    pub extends: Option<String>,
    /// The class that the platform names in a reply's `schema`.
    pub java_class: Option<String>,
    /// Its shape.
    pub shape: TypeShape,
    /// What it was called before, in an older spec.
    pub renamed_from: Option<String>,
    /// Who says so.
    pub source: Source,
    /// What it was before a release changed it.
    pub history: Vec<HistoryEntry>,
    /// The file it came from, relative to the spec folder.
    pub file: Utf8PathBuf,
}

impl DataType {
    /// The fields that stand in its own file. An enum has none.
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
    /// An object.
    Record {
        /// Its own fields in the order of the file; see [`Model::fields`](super::Model::fields).
        fields: Vec<Field>,
        /// The path of the Rust type that is written by hand, if it is: the
        /// emitters re-export it instead of writing one.
        native: Option<String>,
    },
    /// One of several texts, open to later ones.
    Enum {
        /// The values in the order of the file.
        values: Vec<EnumValue>,
    },
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// As on the wire.
    pub name: String,
    /// The variant in Rust, where the spec chooses it.
    pub rust_name: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// When it goes, if it does.
    pub retirement: Retirement,
    /// What it means.
    pub description: Option<String>,
    /// What it was called before, in an older spec.
    pub renamed_from: Option<String>,
}

impl EnumValue {
    /// The identifier of the variant of the generated enum.
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

    fn exchange(&mut self, was: &mut Was) {
        match was {
            Was::Extends(it) => std::mem::swap(it, &mut self.extends),
            Was::JavaClass(it) => std::mem::swap(it, &mut self.java_class),
            _ => {}
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.extends == other.extends && self.java_class == other.java_class
    }

    fn facts(&self) -> Vec<Was> {
        vec![Was::Extends(self.extends.clone()), Was::JavaClass(self.java_class.clone())]
    }
}
