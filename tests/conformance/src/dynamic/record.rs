//! One record for every table.

use std::collections::BTreeMap;

use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde_json::{Map, Value};
use zstack_runtime::decode::Decode;
use zstack_runtime::record::{AnyRecord, Fill, Kind, Shape, View};
use zstack_runtime::{More, Timestamp, record};

use super::slots::keeps_more;

/// A record whose table is known at run time only.
///
/// It reads values by the runtime's own `Decode`, and what holds them - lists,
/// maps, records - as that does: null is absent, what is unknown is skipped or
/// kept, what is required has to be there.
#[derive(Clone)]
pub struct Dynamic {
    shape: &'static Shape,
    values: Vec<Held>,
    more: Option<More>,
}

/// What is in a field.
#[derive(Clone, Default)]
enum Held {
    #[default]
    Absent,
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(String),
    Time(Timestamp),
    Any(Value),
    List(Vec<Held>),
    Map(BTreeMap<String, Held>),
    Record(Dynamic),
}

impl record::Value for Held {
    fn view(&self) -> View<'_> {
        match self {
            Self::Absent => View::Absent,
            Self::Boolean(value) => View::Boolean(*value),
            Self::Integer(value) => View::Integer(*value),
            Self::Double(value) => View::Double(*value),
            Self::Text(value) => View::Text(value),
            Self::Time(value) => View::Time(*value),
            Self::Any(value) => View::Any(value),
            Self::List(items) => View::List(items),
            Self::Map(entries) => View::Map(entries),
            Self::Record(record) => View::Record(record),
        }
    }
}

impl Dynamic {
    /// A record with nothing in it.
    #[must_use]
    pub fn new(shape: &'static Shape) -> Self {
        let values = vec![Held::Absent; shape.fields.len()];
        Self { shape, values, more: keeps_more(shape).then(More::default) }
    }

    /// Reads a record from JSON text.
    ///
    /// # Errors
    ///
    /// When the text is no JSON object, a value does not fit its field, or a
    /// required field is missing.
    pub fn read(shape: &'static Shape, json: &[u8]) -> Result<Self, String> {
        match serde_json::from_slice(json).map_err(|error| error.to_string())? {
            Value::Object(fields) => Self::object(shape, fields),
            other => Err(format!("{other} is no object, a {}", shape.name)),
        }
    }

    fn object(shape: &'static Shape, fields: Map<String, Value>) -> Result<Self, String> {
        let mut record = Self::new(shape);
        for (name, value) in fields {
            match (shape.index_of(&name), &mut record.more) {
                (Some(index), _) => {
                    let held = held(shape.fields[index].kind, value);
                    let held = held.map_err(|error| at(&format!(".{name}"), &error))?;
                    record.values[index] = held.unwrap_or_default();
                }
                (None, Some(more)) if !value.is_null() => drop(more.fields.insert(name, value)),
                (None, _) => {}
            }
        }
        let is_missing = |index: usize| matches!(record.values[index], Held::Absent);
        match shape.fields.iter().enumerate().find(|(index, it)| it.required && is_missing(*index)) {
            Some((_, it)) => Err(format!(".{}: required in a {}, and not there", it.name, shape.name)),
            None => Ok(record),
        }
    }
}

impl AnyRecord for Dynamic {
    fn shape(&self) -> &'static Shape {
        self.shape
    }

    fn get(&self, index: usize) -> View<'_> {
        self.values.get(index).map_or(View::Absent, record::Value::view)
    }

    fn more(&self) -> Option<&More> {
        self.more.as_ref()
    }
}

impl Fill for Dynamic {
    fn fill<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error> {
        let value = Value::deserialize(value)?;
        match held(self.shape.fields[index].kind, value).map_err(D::Error::custom)? {
            Some(held) => {
                self.values[index] = held;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// The value of a type; nothing for null.
fn held(kind: Kind, value: Value) -> Result<Option<Held>, String> {
    match (kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::List(kind), Value::Array(items)) => {
            let items = items.into_iter().enumerate();
            let items = items.map(|(index, it)| element(*kind, it, &format!("[{index}]")));
            Ok(Some(Held::List(items.collect::<Result<_, _>>()?)))
        }
        (Kind::Map(kind), Value::Object(entries)) => {
            let entries = entries.into_iter().map(|(key, it)| {
                let held = element(*kind, it, &format!("[{key:?}]"))?;
                Ok((key, held))
            });
            Ok(Some(Held::Map(entries.collect::<Result<_, String>>()?)))
        }
        (Kind::Record(shape), Value::Object(fields)) => {
            Ok(Some(Held::Record(Dynamic::object(shape(), fields)?)))
        }
        (Kind::List(_), other) => Err(format!("{other} is no list")),
        (Kind::Map(_), other) => Err(format!("{other} is no map")),
        (Kind::Record(shape), other) => Err(format!("{other} is no object, a {}", shape().name)),
        (Kind::Boolean, value) => scalar(value, Held::Boolean),
        (Kind::Integer, value) => scalar(value, |it: i32| Held::Integer(it.into())),
        (Kind::Long, value) => scalar(value, Held::Integer),
        (Kind::Double, value) => scalar(value, Held::Double),
        (Kind::Timestamp, value) => scalar(value, Held::Time),
        (Kind::Any, value) => Ok(Some(Held::Any(value))),
        // Texts, UUIDs and values of enums.
        (_, value) => scalar(value, Held::Text),
    }
}

fn element(kind: Kind, value: Value, step: &str) -> Result<Held, String> {
    let held = held(kind, value).map_err(|error| at(step, &error))?;
    held.ok_or_else(|| at(step, "null, which no element may be"))
}

/// An error, one step further from the root; the runtime tells it the same way.
fn at(step: &str, error: &str) -> String {
    let colon = if error.starts_with(['.', '[']) { "" } else { ": " };
    format!("{step}{colon}{error}")
}

fn scalar<T: Decode>(value: Value, hold: impl FnOnce(T) -> Held) -> Result<Option<Held>, String> {
    match T::decode(value) {
        Ok(value) => Ok(value.map(hold)),
        Err(error) => Err(error.to_string()),
    }
}
