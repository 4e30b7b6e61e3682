//! A record type for every table.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde_json::{Map, Value};
use zstack_runtime::decode::{self, Decode};
use zstack_runtime::record::{AnyRecord, Fill, Kind, Shape, View};
use zstack_runtime::{More, Query, Timestamp, record};

use super::slots::keeps_more;

/// The number of standard parameters of queries.
const STANDARD: usize = 9;

/// A record whose table is known at run time only.
///
/// Scalars are decoded by the runtime's own `Decode`; lists, maps and records follow the same
/// rules: null is absent, unknown fields are skipped or kept, required fields must be present.
#[derive(Clone)]
pub struct Dynamic {
    shape: &'static Shape,
    values: Vec<FieldValue>,
    more: Option<More>,
}

/// The value of a field.
#[derive(Clone, Default)]
enum FieldValue {
    #[default]
    Absent,
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(String),
    Time(Timestamp),
    Any(Value),
    List(Vec<FieldValue>),
    Map(BTreeMap<String, FieldValue>),
    Record(Arc<Dynamic>),
}

impl record::Value for FieldValue {
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
            Self::Record(record) => View::Record(&**record),
        }
    }
}

impl Dynamic {
    /// Creates an empty record.
    #[must_use]
    pub fn new(shape: &'static Shape) -> Self {
        let values = vec![FieldValue::Absent; shape.fields.len()];
        Self { shape, values, more: keeps_more(shape).then(More::default) }
    }

    /// Decodes a record from JSON text.
    ///
    /// # Errors
    ///
    /// When the text is not a JSON object, a value does not fit its field, or a required field is
    /// missing.
    pub fn read(shape: &'static Shape, json: &[u8]) -> Result<Self, String> {
        match serde_json::from_slice(json).map_err(|error| error.to_string())? {
            Value::Object(fields) => Self::from_fields(shape, fields),
            other => Err(format!("{other} is not a {} object", shape.name)),
        }
    }

    /// Returns the text of a field; `None` if it is absent or has another type.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.values.get(self.shape.index_of(field)?)? {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Copies stored fields that the table has. `time` converts times, which are stored as milliseconds
    /// since the Unix epoch.
    ///
    /// # Errors
    ///
    /// When a value does not fit its field.
    pub fn from_stored(
        shape: &'static Shape,
        fields: &Map<String, Value>,
        time: &dyn Fn(i64) -> Timestamp,
    ) -> Result<Self, String> {
        let mut record = Self::new(shape);
        for (field, value) in shape.fields.iter().zip(&mut record.values) {
            if let Some(stored) = fields.get(field.name) {
                let copied = copy_stored(field.kind, stored, time);
                *value = copied.map_err(|error| at(&format!(".{}", field.name), &error))?.unwrap_or_default();
            }
        }
        Ok(record)
    }

    /// Sets a field to a value; null removes it. A field that the table does not have is skipped.
    ///
    /// # Errors
    ///
    /// When the value does not fit the field.
    pub fn set(&mut self, field: &str, value: Value) -> Result<(), String> {
        let Some(index) = self.shape.index_of(field) else { return Ok(()) };
        self.values[index] = decode_value(self.shape.fields[index].kind, value)?.unwrap_or_default();
        Ok(())
    }

    /// Sets a field to records: to a list of them, or to the first one if the field is a record.
    pub fn set_records(&mut self, field: &str, records: Vec<Arc<Self>>) {
        let Some(index) = self.shape.index_of(field) else { return };
        let mut records = records.into_iter().map(FieldValue::Record);
        self.values[index] = match self.shape.fields[index].kind {
            Kind::Record(_) => records.next().unwrap_or_default(),
            _ => FieldValue::List(records.collect()),
        };
    }

    /// Copies fields of the first record in a list: each pair has the field of this record and that of the
    /// other one.
    pub fn copy_from_first(&mut self, list: &str, fields: &[(&str, &str)]) {
        let first = match self.shape.index_of(list).and_then(|index| self.values.get(index)) {
            Some(FieldValue::List(items)) => items.first(),
            _ => None,
        };
        let Some(FieldValue::Record(first)) = first else { return };
        let first = Arc::clone(first);
        for (field, of_first) in fields {
            if let (Some(to), Some(from)) = (self.shape.index_of(field), first.shape.index_of(of_first)) {
                self.values[to] = first.values[from].clone();
            }
        }
    }

    /// Converts a record to the fields of a JSON object, without absent ones.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        let fields = self.shape.fields.iter().zip(self.values);
        let present = fields.filter(|(_, value)| !matches!(value, FieldValue::Absent));
        let named = present.map(|(field, value)| (field.name.to_owned(), value.into_json()));
        named.chain(self.more.into_iter().flat_map(|more| more.fields)).collect()
    }

    /// Decodes a record from the fields of a JSON object.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), for an object.
    pub fn from_fields(shape: &'static Shape, fields: Map<String, Value>) -> Result<Self, String> {
        let mut record = Self::new(shape);
        for (name, value) in fields {
            match (shape.index_of(&name), &mut record.more) {
                (Some(index), _) => {
                    let value = decode_value(shape.fields[index].kind, value);
                    let value = value.map_err(|error| at(&format!(".{name}"), &error))?;
                    record.values[index] = value.unwrap_or_default();
                }
                (None, Some(more)) if !value.is_null() => drop(more.fields.insert(name, value)),
                (None, _) => {}
            }
        }
        let is_missing = |index: usize| matches!(record.values[index], FieldValue::Absent);
        match shape
            .fields
            .iter()
            .enumerate()
            .find(|(index, field)| decode::requires(field) && is_missing(*index))
        {
            Some((_, field)) => Err(format!(".{}: required in {}, but missing", field.name, shape.name)),
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
        if self.shape.fields.first().is_some_and(|first| first.name == Query::Q.name) && index < STANDARD {
            // The standard parameters of queries have syntaxes of their own.
            let mut query = Query::new();
            let is_present = query.set(index, value)?;
            self.values[index] = copy(query.get(index));
            return Ok(is_present);
        }
        let value = Value::deserialize(value)?;
        match decode_value(self.shape.fields[index].kind, value).map_err(D::Error::custom)? {
            Some(value) => {
                self.values[index] = value;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// Copies a stored value; `None` for null.
fn copy_stored(
    kind: Kind,
    value: &Value,
    time: &dyn Fn(i64) -> Timestamp,
) -> Result<Option<FieldValue>, String> {
    Ok(Some(match (kind, value) {
        (Kind::String | Kind::Uuid | Kind::Enum(_), Value::String(text)) => FieldValue::Text(text.clone()),
        (Kind::Boolean, Value::Bool(value)) => FieldValue::Boolean(*value),
        (Kind::Timestamp, Value::Number(number)) => match number.as_i64() {
            Some(millis) => FieldValue::Time(time(millis)),
            None => return Err(format!("{number} is not a time")),
        },
        (Kind::List(kind), Value::Array(items)) => {
            let items = items.iter().map(|item| Ok(copy_stored(*kind, item, time)?.unwrap_or_default()));
            FieldValue::List(items.collect::<Result<_, String>>()?)
        }
        (Kind::Map(kind), Value::Object(entries)) => {
            let copy = |(key, value): (&String, &Value)| {
                Ok((key.clone(), copy_stored(*kind, value, time)?.unwrap_or_default()))
            };
            FieldValue::Map(entries.iter().map(copy).collect::<Result<_, String>>()?)
        }
        (Kind::Record(shape), Value::Object(fields)) => {
            FieldValue::Record(Dynamic::from_stored(shape(), fields, time)?.into())
        }
        (kind, value) => return decode_value(kind, value.clone()),
    }))
}

/// Copies a scalar or a list of scalars.
fn copy(view: View<'_>) -> FieldValue {
    match view {
        View::Boolean(value) => FieldValue::Boolean(value),
        View::Integer(value) => FieldValue::Integer(value),
        View::Text(text) => FieldValue::Text(text.to_owned()),
        View::List(items) => {
            FieldValue::List((0..items.count()).map(|index| copy(items.item(index))).collect())
        }
        _ => FieldValue::Absent,
    }
}

impl FieldValue {
    fn into_json(self) -> Value {
        match self {
            Self::Absent => Value::Null,
            Self::Boolean(value) => value.into(),
            Self::Integer(value) => value.into(),
            Self::Double(value) => value.into(),
            Self::Text(value) => value.into(),
            Self::Time(value) => value.to_string().into(),
            Self::Any(value) => value,
            Self::List(items) => items.into_iter().map(Self::into_json).collect(),
            Self::Map(entries) => entries.into_iter().map(|(key, value)| (key, value.into_json())).collect(),
            Self::Record(record) => Value::Object(Arc::unwrap_or_clone(record).into_fields()),
        }
    }
}

/// Decodes a value of a type; `None` for null.
fn decode_value(kind: Kind, value: Value) -> Result<Option<FieldValue>, String> {
    match (kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::List(kind), Value::Array(items)) => {
            let items = items.into_iter().enumerate();
            let items = items.map(|(index, item)| decode_item(*kind, item, &format!("[{index}]")));
            Ok(Some(FieldValue::List(items.collect::<Result<_, _>>()?)))
        }
        (Kind::Map(kind), Value::Object(entries)) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let value = decode_item(*kind, value, &format!("[{key:?}]"))?;
                Ok((key, value))
            });
            Ok(Some(FieldValue::Map(entries.collect::<Result<_, String>>()?)))
        }
        (Kind::Record(shape), Value::Object(fields)) => {
            Ok(Some(FieldValue::Record(Dynamic::from_fields(shape(), fields)?.into())))
        }
        (Kind::List(_), other) => Err(format!("{other} is not a list")),
        (Kind::Map(_), other) => Err(format!("{other} is not a map")),
        (Kind::Record(shape), other) => Err(format!("{other} is not a {} object", shape().name)),
        (Kind::Boolean, value) => scalar(value, FieldValue::Boolean),
        (Kind::Integer, value) => scalar(value, |number: i32| FieldValue::Integer(number.into())),
        (Kind::Long, value) => scalar(value, FieldValue::Integer),
        (Kind::Double, value) => scalar(value, FieldValue::Double),
        (Kind::Timestamp, value) => scalar(value, FieldValue::Time),
        (Kind::Any, value) => Ok(Some(FieldValue::Any(value))),
        // Texts, UUIDs and values of enums.
        (_, value) => scalar(value, FieldValue::Text),
    }
}

fn decode_item(kind: Kind, value: Value, step: &str) -> Result<FieldValue, String> {
    let value = decode_value(kind, value).map_err(|error| at(step, &error))?;
    value.ok_or_else(|| at(step, "null; items of lists and maps must have a value"))
}

/// Adds a step to the position in an error, in the form of the runtime.
fn at(step: &str, error: &str) -> String {
    let colon = if error.starts_with(['.', '[']) { "" } else { ": " };
    format!("{step}{colon}{error}")
}

fn scalar<T: Decode>(value: Value, hold: impl FnOnce(T) -> FieldValue) -> Result<Option<FieldValue>, String> {
    match T::decode(value) {
        Ok(value) => Ok(value.map(hold)),
        Err(error) => Err(error.to_string()),
    }
}
