//! Reads some keys of a JSON object, with their values unparsed.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Calls `visit` with the value of each key that `known` accepts. Other keys are skipped, and take
/// no memory. Fails when the text is not a JSON object.
pub(crate) fn each<'a, K>(
    json: &'a [u8],
    known: impl Fn(&str) -> Option<K>,
    visit: impl FnMut(K, &'a RawValue),
) -> Result<(), serde_json::Error> {
    let mut from = serde_json::Deserializer::from_slice(json);
    from.deserialize_map(Object { known, visit })?;
    from.end()
}

struct Object<F, G> {
    known: F,
    visit: G,
}

impl<'de, K, F, G> Visitor<'de> for Object<F, G>
where
    F: Fn(&str) -> Option<K>,
    G: FnMut(K, &'de RawValue),
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(&self.known))? {
            match key {
                Some(key) => (self.visit)(key, map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Key<'a, F>(&'a F);

impl<'de, K, F: Fn(&str) -> Option<K>> DeserializeSeed<'de> for Key<'_, F> {
    type Value = Option<K>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<K, F: Fn(&str) -> Option<K>> Visitor<'_> for Key<'_, F> {
    type Value = Option<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok((self.0)(key))
    }
}

/// Returns the text of an error of `serde_json` without its position, which would be relative to
/// the value.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&position) {
        Some(message) => message.to_owned(),
        None => text,
    }
}
