//! The spec as written: one struct for each kind of file, with the keys of the file. Only the shape is
//! checked here.
//!
//! The same structs describe the files to the loader (serde), to editors (JSON Schema) and to the
//! diagnostics, which compare files with that schema.

mod api;
mod data_type;
mod field;
mod history;
mod operation;
mod text;
mod value;
mod waivers;
mod words;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use api::{Api, AuthScheme, Category, Release};
pub use data_type::{DataType, EnumValue};
pub use field::{Documented, Field, Parameter};
pub use history::{
    AttributeValue, Attributes, DataTypeAttributes, FieldAttributes, OperationAttributes,
    ParameterAttributes, PastValue,
};
pub use operation::{ErrorCase, Example, Notes, Operation, Tag};
pub use text::{Line, Text, Version};
pub(crate) use text::{hidden, one_line};
pub use value::{Json, Object};
pub use waivers::{Expires, Waiver, Waivers};
pub use words::{Auth, Body, Execution, Method, Place};

/// The contents of a spec file.
pub(crate) trait SourceFile: DeserializeOwned {
    /// Reads the usable part of a file whose problems have been reported.
    fn from_usable(usable: Value) -> Option<Self> {
        serde_json::from_value(usable).ok()
    }
}

impl SourceFile for Api {}
impl SourceFile for DataType {}
impl SourceFile for Operation {}
