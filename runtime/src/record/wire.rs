//! The wire types of Rust types.

use std::collections::BTreeMap;

use super::Kind;
use crate::Timestamp;

/// A Rust type with a type on the wire.
///
/// The derives read the type of a field from it, so that a declaration says the
/// type once.
pub trait Wire {
    /// The type on the wire.
    const KIND: Kind;
}

impl Wire for String {
    const KIND: Kind = Kind::String;
}

impl Wire for bool {
    const KIND: Kind = Kind::Boolean;
}

impl Wire for i32 {
    const KIND: Kind = Kind::Integer;
}

impl Wire for i64 {
    const KIND: Kind = Kind::Long;
}

impl Wire for f64 {
    const KIND: Kind = Kind::Double;
}

impl Wire for Timestamp {
    const KIND: Kind = Kind::Timestamp;
}

impl Wire for serde_json::Value {
    const KIND: Kind = Kind::Any;
}

impl<T: Wire> Wire for Option<T> {
    const KIND: Kind = T::KIND;
}

impl<T: Wire> Wire for Box<T> {
    const KIND: Kind = T::KIND;
}

impl<T: Wire> Wire for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    const KIND: Kind = Kind::Map(&T::KIND);
}

/// Stands for a text with the form of a UUID, which is a `String` in Rust.
#[doc(hidden)]
#[derive(Debug)]
pub enum Uuid {}

impl Wire for Uuid {
    const KIND: Kind = Kind::Uuid;
}
