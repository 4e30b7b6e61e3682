//! Enums that later releases may add values to.

use std::fmt;

use serde::Deserializer;

use crate::decode;
use crate::record::EnumShape;

/// One of several texts, open to texts of later releases.
///
/// Implemented by generated code. A value that this crate does not know is
/// kept as it is, so that reading and writing back loses nothing.
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

/// Implements [`Enumeration`] for an enum by its table, and what follows from
/// it. The enum has a variant `Unrecognized(UnknownValue)` besides.
#[macro_export]
macro_rules! enumeration {
    ($name:ident { $($variant:ident = $value:literal since $since:ident,)+ }) => {
        impl $crate::Enumeration for $name {
            const SHAPE: &'static $crate::record::EnumShape = &$crate::record::EnumShape::new(
                ::core::stringify!($name),
                &[$(($value, $since)),+],
            );

            const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            fn unrecognized(value: $crate::UnknownValue) -> Self {
                Self::Unrecognized(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }

        /// The empty text, which a required field holds until it is read.
        impl ::core::default::Default for $name {
            fn default() -> Self {
                $crate::Enumeration::unrecognized(::core::default::Default::default())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str($crate::Enumeration::as_str(self))
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::enumeration::from_text(text)
            }
        }

        impl $crate::record::Value for $name {
            fn view(&self) -> $crate::View<'_> {
                $crate::View::Text($crate::Enumeration::as_str(self))
            }
        }

        impl $crate::decode::Decode for $name {
            fn decode<'de, D: $crate::__serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<::core::option::Option<Self>, D::Error> {
                $crate::enumeration::decode(from)
            }
        }

        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                to.serialize_str($crate::Enumeration::as_str(self))
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::__serde::Deserialize>::deserialize(from)?;
                ::core::result::Result::Ok(Self::from(text.as_str()))
            }
        }
    };
}
