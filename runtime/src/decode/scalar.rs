//! Decoding of scalars: strings, numbers, booleans and timestamps.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Decode;
use crate::Timestamp;

/// Decodes a scalar from any form on the wire, by one method of [`Scalar`] each.
struct ScalarVisitor<T>(PhantomData<T>);

/// A scalar type. Each method converts one form of the wire; `None` where the form does not fit.
trait Scalar: Sized {
    /// Its name in errors, with an article.
    const NAME: &'static str;

    fn from_text(text: &str) -> Option<Self>;

    fn from_integer(_: i64) -> Option<Self> {
        None
    }

    fn from_double(_: f64) -> Option<Self> {
        None
    }

    /// Converts an integer beyond the range of `i64`.
    fn from_large(value: u64) -> Option<Self> {
        Self::from_double(value as f64)
    }

    fn from_boolean(_: bool) -> Option<Self> {
        None
    }

    /// Converts an owned string; returns it where it does not fit, for the error.
    fn from_owned(text: String) -> Result<Self, String> {
        Self::from_text(&text).ok_or(text)
    }
}

fn fits<T: Scalar, E: de::Error>(value: Option<T>, shown: impl fmt::Display) -> Result<Option<T>, E> {
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(E::custom(format_args!("{shown} is not {}", T::NAME))),
    }
}

/// The beginning of a string in quotation marks, for an error.
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
        write!(f, "{}", T::NAME)
    }

    null_is_absent!('de, None);

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
    const NAME: &'static str = "a string";

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
    const NAME: &'static str = "a boolean";

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

/// Converts a floating-point number without a fraction; every such number below 2^63 is exact.
#[expect(clippy::cast_possible_truncation, reason = "checked: no fraction, and in range")]
fn integral(value: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value)).then_some(value as i64)
}

impl Scalar for i64 {
    const NAME: &'static str = "a 64-bit integer";

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
    const NAME: &'static str = "a 32-bit integer";

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
    const NAME: &'static str = "a number";

    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &Self| number.is_finite())
    }

    #[expect(clippy::cast_precision_loss, reason = "the wire type is a Double")]
    fn from_integer(value: i64) -> Option<Self> {
        Some(value as Self)
    }

    fn from_double(value: f64) -> Option<Self> {
        Some(value)
    }
}

impl Scalar for Timestamp {
    const NAME: &'static str = "a date and time such as \"Nov 14, 2017 10:20:57 PM\"";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Decodes a scalar; `None` for null.
fn scalar<'de, T: Scalar, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    from.deserialize_any(ScalarVisitor(PhantomData))
}

/// Passes the text of a scalar to a function, without a copy. All enums share this visitor; there
/// are hundreds of them.
struct TextVisitor<'f>(&'f mut dyn FnMut(&str));

impl<'de> Visitor<'de> for TextVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", String::NAME)
    }

    null_is_absent!('de, ());

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        (self.0)(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        fits::<String, _>(None, "a list").map(drop)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        fits::<String, _>(None, "an object").map(drop)
    }
}

/// Calls `visit` with the text of a scalar; not for null.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D, visit: &mut dyn FnMut(&str)) -> Result<(), D::Error> {
    from.deserialize_any(TextVisitor(visit))
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
