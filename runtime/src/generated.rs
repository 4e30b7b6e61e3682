//! What generated code writes short.

pub use std::collections::BTreeMap;
pub use std::convert::identity;

pub use crate::enumeration::{Enumeration, UnknownValue, enum_shape};
pub use crate::operation::{Auth, Body, Execution, Method, Operation, Request, find_operation};
pub use crate::record::{Field, Kind, Limits, Record, has_fields, shape};
pub use crate::{More, Query, Tags, Timestamp, Version};
pub use crate::{columns, enumeration, extends, message, operation, record, request};

/// A list of texts, of whatever can be made into one.
pub fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
