//! Equality and `Debug` of records, implemented on their tables.

use std::fmt;

use super::{AnyRecord, Entries, View};

/// Returns whether two records of the same type have the same values.
#[must_use]
pub fn equal(one: &dyn AnyRecord, other: &dyn AnyRecord) -> bool {
    let fields = one.shape().fields.len();
    (0..fields).all(|index| one.get(index) == other.get(index)) && one.more() == other.more()
}

impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Integer(one), Self::Integer(other)) => one == other,
            (Self::Double(one), Self::Double(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Time(one), Self::Time(other)) => one == other,
            (Self::Any(one), Self::Any(other)) => one == other,
            (Self::List(one), Self::List(other)) => {
                let count = one.count();
                count == other.count() && (0..count).all(|index| one.item(index) == other.item(index))
            }
            (Self::Map(one), Self::Map(other)) => entries(*one) == entries(*other),
            (Self::Record(one), Self::Record(other)) => equal(*one, *other),
            _ => false,
        }
    }
}

/// Collects the entries, in the order of keys.
fn entries(of: &dyn Entries) -> Vec<(&str, View<'_>)> {
    let mut entries = Vec::with_capacity(of.count());
    of.visit(&mut |key, value| entries.push((key, value)));
    entries
}

/// Writes a record as a struct with the fields that are present; sensitive values are hidden.
///
/// # Errors
///
/// When the formatter fails.
pub fn debug(record: &dyn AnyRecord, to: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shape = record.shape();
    let mut output = to.debug_struct(shape.name);
    for (index, field) in shape.fields.iter().enumerate() {
        match record.get(index) {
            View::Absent => {}
            _ if field.sensitive => {
                output.field(field.name, &format_args!("…"));
            }
            value => {
                output.field(field.name, &value);
            }
        }
    }
    if let Some(more) = record.more() {
        for (name, value) in &more.fields {
            output.field(name, value);
        }
    }
    output.finish()
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Absent => to.write_str("absent"),
            Self::Boolean(value) => value.fmt(to),
            Self::Integer(value) => value.fmt(to),
            Self::Double(value) => value.fmt(to),
            Self::Text(value) => value.fmt(to),
            Self::Time(value) => fmt::Display::fmt(&value, to),
            Self::Any(value) => fmt::Display::fmt(value, to),
            Self::Record(value) => debug(value, to),
            Self::List(items) => {
                to.debug_list().entries((0..items.count()).map(|index| items.item(index))).finish()
            }
            Self::Map(entries) => {
                let mut map = to.debug_map();
                entries.visit(&mut |name, value| {
                    map.entry(&name, &value);
                });
                map.finish()
            }
        }
    }
}
