use std::collections::BTreeMap;

use super::{AnyRecord, Kind, Wire};
use crate::Timestamp;

/// The value of a field, for reading.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// No value: it is left out of JSON and of a query string.
    Absent,
    /// True or false.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Text(&'a str),
    /// A date and time.
    Time(Timestamp),
    /// Any JSON value.
    Any(&'a serde_json::Value),
    /// A list.
    List(&'a dyn Items),
    /// A map with string keys.
    Map(&'a dyn Entries),
    /// A struct.
    Record(&'a dyn AnyRecord),
}

/// The items of a list.
pub trait Items {
    /// Returns their number.
    fn count(&self) -> usize;
    /// Returns the item at `index`, which is below [`count`](Self::count).
    fn item(&self, index: usize) -> View<'_>;
}

/// The entries of a map.
pub trait Entries {
    /// Returns their number.
    fn count(&self) -> usize;
    /// Calls `visit` for each entry, in the order of keys.
    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>));
}

/// A type of field whose value can be viewed.
pub trait Value {
    /// Returns the value for reading.
    fn view(&self) -> View<'_>;
}

/// Implements [`Value`] and [`Wire`] for scalar types.
macro_rules! scalar_values {
    ($($type:ty: $kind:ident, $value:ident => $view:expr;)+) => {$(
        impl Value for $type {
            fn view(&self) -> View<'_> {
                let $value = self;
                $view
            }
        }

        impl Wire for $type {
            const KIND: Kind = Kind::$kind;
        }
    )+};
}

scalar_values! {
    String: String, text => View::Text(text);
    bool: Boolean, value => View::Boolean(*value);
    i32: Integer, number => View::Integer(i64::from(*number));
    i64: Long, number => View::Integer(*number);
    f64: Double, number => View::Double(*number);
    Timestamp: Timestamp, time => View::Time(*time);
    serde_json::Value: Any, json => View::Any(json);
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

/// Calls [`Value::view`]; short for generated code.
#[inline]
pub fn view<T: Value>(value: &T) -> View<'_> {
    value.view()
}
