//! Enums whose later releases may add values.

use std::fmt;

use serde::Deserializer;

use crate::decode;
use crate::record::EnumShape;

/// An enum of the API: one of several strings, of which later releases may add more.
///
/// Implemented by the [derive](derive@crate::Enumeration). An unknown value is kept as it is, so
/// that decoding and encoding lose nothing.
pub trait Enumeration: Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The name and the values, in the order of the spec.
    const SHAPE: &'static EnumShape;

    /// The values, in the order of [`SHAPE`](Self::SHAPE).
    const KNOWN: &'static [Self];

    /// Returns the variant for a value that this crate does not know.
    fn from_unknown(value: UnknownValue) -> Self;

    /// The text on the wire.
    fn as_str(&self) -> &str;
}

/// A value of an enum that this crate does not know, since it came with a later release.
///
/// Programs cannot construct it: a value that is unknown today may become a variant, and code must
/// not depend on the difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// The text on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the table of an enum: a function for [`Kind::Enum`](crate::record::Kind::Enum).
#[must_use]
pub fn enum_shape<E: Enumeration>() -> &'static EnumShape {
    E::SHAPE
}

/// Converts a text on the wire to a value of the enum.
#[must_use]
pub fn from_text<E: Enumeration>(text: &str) -> E {
    let known = E::SHAPE.values.iter().position(|(name, _)| *name == text);
    match known.and_then(|index| E::KNOWN.get(index)) {
        Some(value) => value.clone(),
        None => E::from_unknown(UnknownValue(text.into())),
    }
}

/// Decodes a value; `None` for null. Numbers and booleans are read as texts.
///
/// # Errors
///
/// When it is a list or an object.
#[doc(hidden)]
pub fn decode<'de, E: Enumeration, D: Deserializer<'de>>(from: D) -> Result<Option<E>, D::Error> {
    let mut value = None;
    decode::text(from, &mut |text| value = Some(from_text(text)))?;
    Ok(value)
}
