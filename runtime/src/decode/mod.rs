//! From JSON, forgiving where real peers are careless.
//!
//! * Integers are read from `1`, `1.0`, `8.589934592E9` and `"1"`; `1.5` and
//!   what does not fit the type are errors.
//! * Booleans are read from `true` and from `"True"`; texts from numbers and
//!   booleans, which become their JSON text.
//! * Null is the same as absent. Unknown fields are skipped, or kept by a record
//!   that others extend.
//! * Errors say where: `.inventory.vmNics[0].deviceId: 1.5 is no integer`.

mod collection;
mod record;
mod scalar;

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny};

use crate::record::Record;

pub use record::{record, required_record};
pub(crate) use scalar::text;

/// What can be read from a field.
pub trait Decode: Sized {
    /// Reads a value; `None` for null.
    ///
    /// # Errors
    ///
    /// When the value does not fit.
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error>;
}

/// Reads a record from JSON text.
///
/// # Errors
///
/// When the text is no JSON object, a value does not fit its field, or a
/// required field is missing. Says where.
pub fn from_slice<R: Record>(json: &[u8]) -> Result<R, serde_json::Error> {
    // Looked at as a whole; one text at a time, this is a seventh of the work.
    let json = std::str::from_utf8(json).map_err(serde_json::Error::custom)?;
    let mut from = serde_json::Deserializer::from_str(json);
    let record = required_record(&mut from)?;
    from.end()?;
    Ok(record)
}

/// Reads a value into a field. `false`, and the field as it was, for null.
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

/// Reads and forgets a value: what [`Record::set`] does with an index beyond
/// its table.
///
/// # Errors
///
/// When it is no value.
pub fn skip<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| false)
}

/// `error`, one step further from the root. Texts of errors that know where
/// they are begin with `.` or `[`.
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
        Self::deserialize(from)
            .map(|deserialize| if deserialize.is_null() { None } else { Some(deserialize) })
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
