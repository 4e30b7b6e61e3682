//! The spec as people write it: one struct for each kind of file, with the
//! keys of the file. Nothing here is checked beyond its shape.
//!
//! The same structs describe the files to the loader (serde), to editors (JSON
//! Schema) and to the diagnostics, which walk that schema.

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

pub use api::{Api, AuthScheme, Category, Release, ReleaseState};
pub use data_type::{DataType, EnumValue};
pub use field::{Documented, Field, Origin, Parameter};
pub use history::{Historic, OfDataType, OfField, OfOperation, OfParameter, Past, Was};
pub use operation::{ErrorCase, Example, Notes, Operation, Tag};
pub use text::{Line, Text, Version};
pub(crate) use text::{hidden, one_line};
pub use value::{Json, Object};
pub use waivers::{Expires, Waiver, Waivers};
pub use words::{Auth, Body, Execution, Method, Place};

/// The contents of a kind of file.
pub(crate) trait Source: DeserializeOwned {
    /// Reads the usable part of a file with mistakes, which are reported already.
    fn from_usable(usable: Value) -> Option<Self> {
        serde_json::from_value(usable).ok()
    }
}

impl Source for Api {}
impl Source for DataType {}
impl Source for Operation {}
