//! Enums that later releases may add values to.

use std::fmt;

use serde::Deserializer;

use crate::decode;
use crate::record::EnumShape;

/// One of several texts, open to texts of later releases.
///
/// Implemented by the [derive](derive@crate::Enumeration). A value that this
/// crate does not know is kept as it is, so that reading and writing back loses
/// nothing.
pub trait Enumeration: Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// Its name, and its values in the order of the spec.
    const SHAPE: &'static EnumShape;

    /// The values, in the order of [`SHAPE`](Self::SHAPE).
    const KNOWN: &'static [Self];

    /// The variant for a value that this crate does not know.
    fn unrecognized(value: UnknownValue) -> Self;

    /// The text on the wire.
    fn as_str(&self) -> &str;
}

/// A value of an enum that came with a later release than this crate.
///
/// It cannot be made outside: what is unknown today may be a variant
/// tomorrow, and code must not lean on the difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// The text on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The shape of an enum, as a function for
/// [`Kind::Enum`](crate::record::Kind::Enum).
#[must_use]
pub fn enum_shape<E: Enumeration>() -> &'static EnumShape {
    E::SHAPE
}

/// The value that a text on the wire names.
#[must_use]
pub fn from_text<E: Enumeration>(text: &str) -> E {
    let known = E::SHAPE.values.iter().position(|(name, _)| *name == text);
    match known.and_then(|index| E::KNOWN.get(index)) {
        Some(value) => value.clone(),
        None => E::unrecognized(UnknownValue(text.into())),
    }
}

/// Reads a value; `None` for null. What is no text is an unknown value.
///
/// # Errors
///
/// When it is no scalar.
#[doc(hidden)]
pub fn decode<'de, E: Enumeration, D: Deserializer<'de>>(from: D) -> Result<Option<E>, D::Error> {
    let mut value = None;
    decode::text(from, &mut |text| value = Some(from_text(text)))?;
    Ok(value)
}
