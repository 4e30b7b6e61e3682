//! Decoding of lists and of maps with string keys.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Decode, at};

/// Decodes an item of a list or a value of a map.
struct ItemSeed<T>(PhantomData<T>);

impl<'de, T: Decode> DeserializeSeed<'de> for ItemSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        match T::decode(from) {
            Ok(Some(item)) => Ok(item),
            Ok(None) => Err(D::Error::custom("null; items of lists and maps must have a value")),
            Err(error) => Err(error),
        }
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    null_is_absent!('de, None);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        loop {
            // With `match`, since items are large and `map_err` moves them.
            match seq.next_element_seed(ItemSeed(PhantomData)) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Some(list)),
                Err(error) => return Err(at(format_args!("[{}]", list.len()), &error)),
            }
        }
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

    null_is_absent!('de, None);

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = from.next_key::<String>()? {
            let value = from
                .next_value_seed(ItemSeed(PhantomData))
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
