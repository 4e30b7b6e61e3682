//! Items that the expansions of the derives refer to.

pub use std::boxed::Box;
pub use std::clone::Clone;
pub use std::cmp::PartialEq;
pub use std::convert::{From, Into, TryFrom};
pub use std::default::Default;
pub use std::fmt::{Debug, Display, Formatter, Result as FormatResult};
pub use std::iter::IntoIterator;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Ok};
pub use std::string::String;
pub use std::vec::Vec;

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use serde_json::Error as JsonError;

pub use crate::Version;
pub use crate::decode::{Decode, put, record, required_record, skip};
pub use crate::encode::serialize;
pub use crate::enumeration::{
    Enumeration, UnknownValue, decode as decode_enumeration, enum_shape, from_text,
};
pub use crate::more::{More, narrow, widen};
pub use crate::operation::Tagged;
pub use crate::operation::{
    Auth, BodyKey, EarlierOperation, Execution, LegacyMessage, Method, Operation, OperationChanges, Request,
    SystemTag,
};
pub use crate::query::{Column, Query, QueryRequest};
pub use crate::record::{
    EarlierField, EnumShape, Field, FieldChanges, Kind, Limits, Record, Shape, Uuid, Value, View, Wire,
    debug, equal, shape, view,
};
pub use crate::removal::Removal;
pub use crate::tags::Tags;

/// Collects items into a list of strings.
pub fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
