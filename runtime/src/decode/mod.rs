//! Decoding of JSON, lenient where clients and servers in use are careless.
//!
//! * Integers are read from `1`, `1.0`, `8.589934592E9` and `"1"`; `1.5` and numbers out of range
//!   are errors.
//! * Booleans are read from `true` and `"True"`; strings from strings, numbers and booleans, which
//!   become their JSON text.
//! * Null is the same as absent. Unknown fields are skipped, or kept by a record that others
//!   extend.
//! * Errors name the position: `.inventory.vmNics[0].deviceId: 1.5 is not a 32-bit integer`.
//!
//! ```
//! use zstack_runtime::{Record, decode};
//!
//! #[derive(Clone, Default, Record)]
//! #[record(since = "0.6")]
//! struct Drive {
//!     uuid: String,
//!     size: Option<i64>,
//! }
//!
//! let drive: Drive = decode::from_slice(br#"{"uuid": "70e8", "size": 8.589934592E9}"#)?;
//! assert_eq!(drive.size, Some(8_589_934_592));
//! let error = decode::from_slice::<Drive>(br#"{"uuid": "70e8", "size": 1.5}"#).unwrap_err();
//! assert!(error.to_string().starts_with(".size: 1.5 is not a 64-bit integer"));
//! # Ok::<(), serde_json::Error>(())
//! ```

/// Makes a visitor return this value for null.
macro_rules! null_is_absent {
    ($de:lifetime, $absent:expr) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_some<D: Deserializer<$de>>(self, from: D) -> Result<Self::Value, D::Error> {
            from.deserialize_any(self)
        }
    };
}

mod collection;
mod record;
mod release;
mod scalar;

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny};

use crate::record::Record;

pub use record::{record, required_record};
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use release::in_release;
pub use release::requires;
pub(crate) use scalar::text;

/// A type of field that can be decoded.
pub trait Decode: Sized {
    /// Decodes a value; `None` for null.
    ///
    /// # Errors
    ///
    /// When the value does not fit.
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error>;
}

/// Decodes a record from JSON text.
///
/// # Errors
///
/// When the text is not a JSON object, a value does not fit its field, or a required field is
/// missing. The error names the position.
pub fn from_slice<R: Record>(json: &[u8]) -> Result<R, serde_json::Error> {
    // Checked as a whole: checking string by string is a seventh of the work.
    let json = std::str::from_utf8(json).map_err(serde_json::Error::custom)?;
    let mut from = serde_json::Deserializer::from_str(json);
    let record = required_record(&mut from)?;
    from.end()?;
    Ok(record)
}

/// Decodes a value into a field. Returns `false` for null, which leaves the field unchanged.
///
/// # Errors
///
/// When the value does not fit.
pub fn put<'de, T: Decode, D: Deserializer<'de>>(field: &mut T, value: D) -> Result<bool, D::Error> {
    match T::decode(value)? {
        Some(value) => {
            *field = value;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// Skips a value and returns `false`: [`Record::set`] does this with an index outside of its table.
///
/// # Errors
///
/// When the value is not valid JSON.
pub fn skip<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| false)
}

/// Adds a step to the position in an error; texts that have a position begin with `.` or `[`.
fn at<E: Error>(step: fmt::Arguments<'_>, error: &E) -> E {
    let text = error.to_string();
    if text.starts_with(['.', '[']) {
        E::custom(format_args!("{step}{text}"))
    } else {
        E::custom(format_args!("{step}: {text}"))
    }
}

impl Decode for serde_json::Value {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(from).map(|value| Some(value).filter(|value| !value.is_null()))
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(T::decode(from)?.map(Some))
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(T::decode(from)?.map(Self::new))
    }
}
