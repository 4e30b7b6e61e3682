//! Decoding of records: each key is looked up in the table, and its field reads the value.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::{at, requires};
use crate::record::{Record, Seen, Shape};

/// Decodes a record; `None` for null.
///
/// # Errors
///
/// As [`from_slice`](super::from_slice).
pub fn record<'de, R: Record, D: Deserializer<'de>>(from: D) -> Result<Option<R>, D::Error> {
    from.deserialize_any(RecordVisitor(PhantomData))
}

/// Decodes a record that must not be null.
///
/// # Errors
///
/// As [`from_slice`](super::from_slice), and for null.
pub fn required_record<'de, R: Record, D: Deserializer<'de>>(from: D) -> Result<R, D::Error> {
    record(from)?.ok_or_else(|| D::Error::custom(format_args!("null instead of a {} object", R::SHAPE.name)))
}

struct RecordVisitor<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for RecordVisitor<R> {
    type Value = Option<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} object", R::SHAPE.name)
    }

    null_is_absent!('de, None);

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let shape = R::SHAPE;
        let mut record = R::default();
        let mut seen = Seen::default();
        let mut expected = 0;
        let keep = record.more().is_some();
        while let Some(key) = map.next_key_seed(Key { shape, expected, keep })? {
            let index = match key {
                KeyMeaning::Field(index) => index,
                KeyMeaning::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                KeyMeaning::More(key) => {
                    let value: serde_json::Value = map.next_value()?;
                    // Null is the same as absent.
                    if let (Some(more), false) = (record.more_mut(), value.is_null()) {
                        more.fields.insert(key, value);
                    }
                    continue;
                }
            };
            let field = FieldSeed { record: &mut record, index };
            let set = map
                .next_value_seed(field)
                .map_err(|error| at(format_args!(".{}", shape.fields[index].name), &error))?;
            if set {
                seen.insert(index);
            }
            expected = index + 1;
        }
        if shape.is_complete(&seen) {
            return Ok(Some(record));
        }
        let mut missing = shape.fields.iter().enumerate().filter(|(index, _)| !seen.contains(*index));
        match missing.find(|(_, field)| requires(field)) {
            None => Ok(Some(record)),
            Some((_, field)) => Err(A::Error::custom(format_args!(
                ".{}: required in {}, but missing",
                field.name, shape.name
            ))),
        }
    }
}

/// Decodes a key into the index of its field. The search begins after the last field that was
/// found, since senders write fields in a constant order.
struct Key {
    shape: &'static Shape,
    expected: usize,
    /// True if unknown keys are returned.
    keep: bool,
}

/// The meaning of a key.
enum KeyMeaning {
    Field(usize),
    /// A field of a record that extends this one.
    More(String),
    Unknown,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = KeyMeaning;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = KeyMeaning;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let fields = self.shape.fields;
        let next = || (self.expected..fields.len()).find(|index| fields[*index].name == key);
        let earlier = || (0..self.expected).find(|index| fields[*index].name == key);
        let index = next().or_else(earlier);
        Ok(match index {
            Some(index) => KeyMeaning::Field(index),
            None if self.keep => KeyMeaning::More(key.to_owned()),
            None => KeyMeaning::Unknown,
        })
    }
}

struct FieldSeed<'a, R> {
    record: &'a mut R,
    index: usize,
}

impl<'de, R: Record> DeserializeSeed<'de> for FieldSeed<'_, R> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        self.record.set(self.index, from)
    }
}
