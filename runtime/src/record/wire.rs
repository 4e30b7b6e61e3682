//! The types on the wire of Rust types.

use std::collections::BTreeMap;

use super::Kind;

/// A Rust type that has a type on the wire.
///
/// The derives take the type of a field from it, so that a declaration states it once.
pub trait Wire {
    /// The type on the wire.
    const KIND: Kind;
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

/// Marks a `String` field whose wire type is [`Kind::Uuid`].
#[doc(hidden)]
#[derive(Debug)]
pub enum Uuid {}

impl Wire for Uuid {
    const KIND: Kind = Kind::Uuid;
}
