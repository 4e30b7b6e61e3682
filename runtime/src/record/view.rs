//! The value of a field, for reading, whatever its type.

use std::collections::BTreeMap;

use super::AnyRecord;
use crate::Timestamp;

/// The value of a field, for reading.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// Not there: it is left out of JSON, and of a query string.
    Absent,
    /// True or false.
    Boolean(bool),
    /// A number without a fraction.
    Integer(i64),
    /// A number with one.
    Double(f64),
    /// Text.
    Text(&'a str),
    /// A date and time.
    Time(Timestamp),
    /// Any JSON value.
    Any(&'a serde_json::Value),
    /// A list.
    List(&'a dyn Items),
    /// A map from text.
    Map(&'a dyn Entries),
    /// A struct.
    Record(&'a dyn AnyRecord),
}

/// The elements of a list.
pub trait Items {
    /// How many there are.
    fn count(&self) -> usize;
    /// The element at `index`, which is below [`count`](Self::count).
    fn item(&self, index: usize) -> View<'_>;
}

/// The entries of a map.
pub trait Entries {
    /// How many there are.
    fn count(&self) -> usize;
    /// Calls `visit` for each entry, in the order of keys.
    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>));
}

/// What can stand in a field.
pub trait Value {
    /// The value, for reading.
    fn view(&self) -> View<'_>;
}

impl Value for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Value for bool {
    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }
}

impl Value for i32 {
    fn view(&self) -> View<'_> {
        View::Integer(i64::from(*self))
    }
}

impl Value for i64 {
    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }
}

impl Value for f64 {
    fn view(&self) -> View<'_> {
        View::Double(*self)
    }
}

impl Value for Timestamp {
    fn view(&self) -> View<'_> {
        View::Time(*self)
    }
}

impl Value for serde_json::Value {
    fn view(&self) -> View<'_> {
        View::Any(self)
    }
}

impl<T: Value> Value for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Value::view)
    }
}

impl<T: Value> Value for Box<T> {
    fn view(&self) -> View<'_> {
        T::view(self)
    }
}

impl<T: Value> Value for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: Value> Items for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> View<'_> {
        self[index].view()
    }
}

impl<T: Value> Value for BTreeMap<String, T> {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
}

impl<T: Value> Entries for BTreeMap<String, T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>)) {
        for (key, value) in self {
            visit(key, value.view());
        }
    }
}

/// The value of a field, for reading: [`Value::view`] as a function.
#[inline]
pub fn view<T: Value>(value: &T) -> View<'_> {
    value.view()
}
