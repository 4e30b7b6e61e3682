//! From JSON, forgiving where real peers are careless.
//!
//! * Integers are read from `1`, `1.0`, `8.589934592E9` and `"1"`; `1.5` and
//!   what does not fit the type are errors.
//! * Booleans are read from `true` and from `"True"`; texts from numbers and
//!   booleans, which become their JSON text.
//! * Null is the same as absent. Unknown fields are skipped, or kept by a record
//!   that others extend.
//! * Errors say where: `.inventory.vmNics[0].deviceId: 1.5 is no integer`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

use crate::Timestamp;
use crate::record::{Field, Record, Shape};

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

/// Reads a record; `None` for null.
///
/// # Errors
///
/// As [`from_slice`].
pub fn record<'de, R: Record, D: Deserializer<'de>>(from: D) -> Result<Option<R>, D::Error> {
    from.deserialize_any(RecordVisitor(PhantomData))
}

/// Reads a record that has to be there.
///
/// # Errors
///
/// As [`from_slice`], and for null.
pub fn required_record<'de, R: Record, D: Deserializer<'de>>(from: D) -> Result<R, D::Error> {
    record(from)?.ok_or_else(|| D::Error::custom(format_args!("null in place of a {}", R::SHAPE.name)))
}

/// Reads and forgets a value.
///
/// # Errors
///
/// When it is no value.
pub fn ignore<'de, D: Deserializer<'de>>(from: D) -> Result<(), D::Error> {
    IgnoredAny::deserialize(from).map(|_| ())
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

/// Which fields of a record have been read.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    first: u64,
    rest: Vec<bool>,
}

impl Seen {
    pub(crate) fn insert(&mut self, index: usize) {
        if index < 64 {
            self.first |= 1 << index;
        } else {
            let index = index - 64;
            if self.rest.len() <= index {
                self.rest.resize(index + 1, false);
            }
            self.rest[index] = true;
        }
    }

    pub(crate) fn contains(&self, index: usize) -> bool {
        if index < 64 {
            self.first & (1 << index) != 0
        } else {
            self.rest.get(index - 64).copied().unwrap_or(false)
        }
    }
}

struct RecordVisitor<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for RecordVisitor<R> {
    type Value = Option<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object, a {}", R::SHAPE.name)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let shape = R::SHAPE;
        let mut record = R::default();
        let mut seen = Seen::default();
        let mut expected = 0;
        let keep = record.more().is_some();
        while let Some(key) = map.next_key_seed(Key { shape, expected, keep })? {
            let index = match key {
                Found::Field(index) => index,
                Found::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Found::More(key) => {
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
        match missing(shape.fields, &seen) {
            None => Ok(Some(record)),
            Some(field) => Err(A::Error::custom(format_args!(
                ".{}: required in a {}, and not there",
                field.name, shape.name
            ))),
        }
    }
}

fn missing<'a>(fields: &'a [Field], seen: &Seen) -> Option<&'a Field> {
    fields
        .iter()
        .enumerate()
        .find(|(index, field)| field.required && !seen.contains(*index))
        .map(|(_, field)| field)
}

/// Reads a key into the index of its field. Peers write fields in a constant
/// order, and leave out what is absent, so the search begins after the last.
struct Key {
    shape: &'static Shape,
    expected: usize,
    /// Whether an unknown key is of use.
    keep: bool,
}

/// What a key names.
enum Found {
    Field(usize),
    /// A field of a record that extends this one.
    More(String),
    Unknown,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let fields = self.shape.fields;
        let next = || (self.expected..fields.len()).find(|index| fields[*index].name == key);
        let earlier = || (0..self.expected).find(|index| fields[*index].name == key);
        let index = next().or_else(earlier);
        Ok(match index {
            Some(index) => Found::Field(index),
            None if self.keep => Found::More(key.to_owned()),
            None => Found::Unknown,
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

/// Reads scalars: every form of the wire, by one method of [`Scalar`] each.
struct ScalarVisitor<T>(PhantomData<T>);

/// A value that is no list, map or record. Each method reads one form;
/// `None` where the form does not fit.
pub(crate) trait Scalar: Sized {
    /// What an error calls it.
    const NAME: &'static str;

    fn from_text(text: &str) -> Option<Self>;

    fn from_integer(_: i64) -> Option<Self> {
        None
    }

    fn from_double(_: f64) -> Option<Self> {
        None
    }

    /// Beyond 63 bits only a text or a floating-point number can hold it.
    fn from_large(value: u64) -> Option<Self> {
        Self::from_double(value as f64)
    }

    fn from_boolean(_: bool) -> Option<Self> {
        None
    }

    /// The text is given back where it does not fit, for the error.
    fn from_owned(text: String) -> Result<Self, String> {
        Self::from_text(&text).ok_or(text)
    }
}

fn fits<T: Scalar, E: de::Error>(value: Option<T>, shown: impl fmt::Display) -> Result<Option<T>, E> {
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(E::custom(format_args!("{shown} is no {}", T::NAME))),
    }
}

/// A text as an error shows it: its beginning, in quotation marks.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown: String = self.0.chars().take(64).collect();
        if shown.len() < self.0.len() {
            shown.push('…');
        }
        write!(f, "{shown:?}")
    }
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value, {}", T::NAME)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        fits(T::from_boolean(value), value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        fits(T::from_integer(value), value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        let read = match i64::try_from(value) {
            Ok(value) => T::from_integer(value),
            Err(_) => T::from_large(value),
        };
        fits(read, value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        fits(T::from_double(value), value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
        fits(T::from_text(value), Quoted(value))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Self::Value, E> {
        match T::from_owned(value) {
            Ok(value) => Ok(Some(value)),
            Err(value) => fits(None, Quoted(&value)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        fits(None, "a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        fits(None, "an object")
    }
}

impl Scalar for String {
    const NAME: &'static str = "text";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn from_owned(text: String) -> Result<Self, String> {
        Ok(text)
    }

    fn from_integer(value: i64) -> Option<Self> {
        Some(value.to_string())
    }

    fn from_double(value: f64) -> Option<Self> {
        Some(value.to_string())
    }

    fn from_large(value: u64) -> Option<Self> {
        Some(value.to_string())
    }

    fn from_boolean(value: bool) -> Option<Self> {
        Some(value.to_string())
    }
}

impl Scalar for bool {
    const NAME: &'static str = "boolean";

    fn from_text(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("true") {
            Some(true)
        } else if text.eq_ignore_ascii_case("false") {
            Some(false)
        } else {
            None
        }
    }

    fn from_boolean(value: bool) -> Option<Self> {
        Some(value)
    }
}

/// The integer that a floating-point number is, if it is one: up to 2^63 every
/// number without a fraction is exact.
#[expect(clippy::cast_possible_truncation, reason = "checked: no fraction, and in range")]
fn integral(value: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value)).then_some(value as i64)
}

impl Scalar for i64 {
    const NAME: &'static str = "integer of 64 bits";

    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse().ok().or_else(|| integral(text.parse().ok()?))
    }

    fn from_integer(value: i64) -> Option<Self> {
        Some(value)
    }

    fn from_double(value: f64) -> Option<Self> {
        integral(value)
    }
}

impl Scalar for i32 {
    const NAME: &'static str = "integer of 32 bits";

    fn from_text(text: &str) -> Option<Self> {
        i64::from_text(text).and_then(Self::from_integer)
    }

    fn from_integer(value: i64) -> Option<Self> {
        value.try_into().ok()
    }

    fn from_double(value: f64) -> Option<Self> {
        integral(value).and_then(Self::from_integer)
    }
}

impl Scalar for f64 {
    const NAME: &'static str = "number";

    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|it: &Self| it.is_finite())
    }

    #[expect(clippy::cast_precision_loss, reason = "a Double holds no more")]
    fn from_integer(value: i64) -> Option<Self> {
        Some(value as Self)
    }

    fn from_double(value: f64) -> Option<Self> {
        Some(value)
    }
}

impl Scalar for Timestamp {
    const NAME: &'static str = "date and time such as \"Nov 14, 2017 10:20:57 PM\"";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Reads a scalar; `None` for null.
pub(crate) fn scalar<'de, T: Scalar, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    from.deserialize_any(ScalarVisitor(PhantomData))
}

macro_rules! decode_scalars {
    ($($name:ty),+) => {$(
        impl Decode for $name {
            fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
                scalar(from)
            }
        }
    )+};
}

decode_scalars!(String, bool, i32, i64, f64, Timestamp);

impl Decode for serde_json::Value {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(from).map(|it| if it.is_null() { None } else { Some(it) })
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

/// Reads an element of a list or an entry of a map.
struct Element<T>(PhantomData<T>);

impl<'de, T: Decode> DeserializeSeed<'de> for Element<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        T::decode(from)?.ok_or_else(|| D::Error::custom("null, which no element may be"))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq
            .next_element_seed(Element(PhantomData))
            .map_err(|error| at(format_args!("[{}]", list.len()), &error))?
        {
            list.push(item);
        }
        Ok(Some(list))
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(ListVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for MapVisitor<T> {
    type Value = Option<BTreeMap<String, T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = from.next_key::<String>()? {
            let value = from
                .next_value_seed(Element(PhantomData))
                .map_err(|error| at(format_args!("[{key:?}]"), &error))?;
            map.insert(key, value);
        }
        Ok(Some(map))
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(MapVisitor(PhantomData))
    }
}
