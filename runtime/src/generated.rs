//! What generated code writes short.

pub use std::collections::BTreeMap;

pub use crate::enumeration::{Enumeration, UnknownValue, enum_shape};
pub use crate::operation::{Auth, Body, Execution, Method, Operation, Request};
pub use crate::record::{Field, Kind, Record, has_fields, shape};
pub use crate::{Tags, Timestamp, Version, enumeration, record, tagged};
