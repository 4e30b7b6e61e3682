//! Encoding to JSON as the platform writes it: absent fields are left out, integers have no
//! fraction, empty lists stay.
//!
//! A server that emulates a release leaves out the fields and enum values that the release does not
//! have: functions take the release to write for, and [`Version::NEWEST`] leaves out nothing, not even
//! removed elements. A field whose value is left out is left out itself, even if it is required. A
//! field whose type has changed is written as the release wrote it, if both types are scalars.

mod older_form;

use std::borrow::Cow;

use serde::Serializer;
use serde::ser::{Serialize, SerializeMap};

use self::older_form::older_form;
use crate::record::{AnyRecord, Entries, Items, Kind, Record, View};
use crate::{Version, slice};

/// Writes a record as a JSON object.
pub fn record(record: &dyn AnyRecord, at: Version, json: &mut Vec<u8>) {
    let write = |kind: Kind, value: View<'_>, json: &mut Vec<u8>| match value {
        // Most values are texts: a well predicted comparison instead of a jump table.
        View::Text(text) => text_value(text, json),
        _ => write_value(kind, value, at, json),
    };
    object(record, at, |_| true, write, json);
}

/// Writes a record as a JSON object, reducing the records directly in it to the fields of these
/// names: the answer to a query that asks for some fields only.
pub fn projection(of: &dyn AnyRecord, names: &[String], at: Version, json: &mut Vec<u8>) {
    let keep = |name: &str| names.iter().any(|kept| kept == name);
    let write = |kind: Kind, value: View<'_>, json: &mut Vec<u8>| match value {
        View::Record(inner) => {
            object(inner, at, keep, |kind, value, json| write_value(kind, value, at, json), json);
        }
        _ => write_value(kind, value, at, json),
    };
    let write = |kind: Kind, value: View<'_>, json: &mut Vec<u8>| match value {
        View::List(items) => list(items, kind.element(), at, write, json),
        _ => write(kind, value, json),
    };
    object(of, at, |_| true, write, json);
}

/// Writes the fields of a record that are present and kept.
fn object(
    record: &dyn AnyRecord,
    at: Version,
    keep: impl Fn(&str) -> bool,
    write: impl Fn(Kind, View<'_>, &mut Vec<u8>),
    json: &mut Vec<u8>,
) {
    json.push(b'{');
    let mut first = true;
    let is_whole = at == Version::NEWEST;
    for (index, field) in record.shape().fields.iter().enumerate() {
        if !is_whole && !field.is_in(at) || !keep(field.name) {
            continue;
        }
        let value = record.get(index);
        let row = if is_whole { field } else { field.at(at) };
        if matches!(value, View::Absent) || is_absent(row.kind, value, at) {
            continue;
        }
        comma(&mut first, json);
        key(field.name, json);
        match if is_whole { None } else { older_form(field, row, value) } {
            Some(older) => json.extend_from_slice(older.as_bytes()),
            None => write(row.kind, value, json),
        }
    }
    for (name, value) in more(record) {
        if keep(name)
            && let Some(value) = extension(record, name, value, at)
        {
            comma(&mut first, json);
            serialize_into(name, json);
            json.push(b':');
            serialize_into(&*value, json);
        }
    }
    json.push(b'}');
}

fn list(
    items: &dyn Items,
    kind: Kind,
    at: Version,
    write: impl Fn(Kind, View<'_>, &mut Vec<u8>),
    json: &mut Vec<u8>,
) {
    json.push(b'[');
    let mut first = true;
    for index in 0..items.count() {
        let item = items.item(index);
        if !is_absent(kind, item, at) {
            comma(&mut first, json);
            write(kind, item, json);
        }
    }
    json.push(b']');
}

/// Writes a value of a kind as of a release.
fn write_value(kind: Kind, value: View<'_>, at: Version, json: &mut Vec<u8>) {
    match value {
        View::Record(value) => record(value, at, json),
        View::List(items) => {
            list(items, kind.element(), at, |kind, value, json| write_value(kind, value, at, json), json);
        }
        View::Map(entries) => {
            let kind = kind.element();
            json.push(b'{');
            let mut first = true;
            entries.visit(&mut |name, value| {
                if !is_absent(kind, value, at) {
                    comma(&mut first, json);
                    serialize_into(name, json);
                    json.push(b':');
                    write_value(kind, value, at, json);
                }
            });
            json.push(b'}');
        }
        _ => view(value, json),
    }
}

/// Returns whether a value is an enum value that a release does not have.
fn is_absent(kind: Kind, value: View<'_>, at: Version) -> bool {
    match (kind, value) {
        (Kind::Enum(shape), View::Text(text)) if at != Version::NEWEST => shape().absence(text, at).is_some(),
        _ => false,
    }
}

/// Writes the value of a field as a release wrote it.
#[cfg(feature = "client")]
pub(crate) fn field_value(field: &crate::record::Field, value: View<'_>, at: Version, json: &mut Vec<u8>) {
    let row = field.at(at);
    match older_form(field, row, value) {
        Some(older) => json.extend_from_slice(older.as_bytes()),
        None => write_value(row.kind, value, at, json),
    }
}

/// The fields of a record that are not in its table.
fn more(record: &dyn AnyRecord) -> impl Iterator<Item = (&String, &serde_json::Value)> {
    let shape = record.shape();
    let fields = record.more().into_iter().flat_map(|more| &more.fields);
    // Fields in the table are written already.
    fields.filter(move |(name, _)| shape.index_of(name).is_none())
}

/// The value of a field of an extension as of a release; unchanged if the extension is unknown.
fn extension<'a>(
    record: &dyn AnyRecord,
    name: &str,
    value: &'a serde_json::Value,
    at: Version,
) -> Option<Cow<'a, serde_json::Value>> {
    let shape = record.more().and_then(|more| more.extension);
    match shape.and_then(|shape| shape.fields.get(shape.index_of(name)?)) {
        Some(field) if at != Version::NEWEST => {
            let mut value = value.clone();
            let stays = field.is_in(at) && slice::remove_absent(field.at(at).kind, &mut value, at);
            stays.then_some(Cow::Owned(value))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Encodes a record as a JSON object, with all of its fields.
#[must_use]
pub fn to_vec(of: &dyn AnyRecord) -> Vec<u8> {
    // Fits an inventory without its lists; growing costs a copy.
    let mut json = Vec::with_capacity(1024);
    record(of, Version::NEWEST, &mut json);
    json
}

/// Writes a value as JSON with all of its fields; [`View::Absent`] as null.
pub fn view(value: View<'_>, json: &mut Vec<u8>) {
    match value {
        View::Absent => json.extend_from_slice(b"null"),
        View::Boolean(value) => serialize_into(&value, json),
        View::Integer(value) => serialize_into(&value, json),
        View::Double(value) => serialize_into(&value, json),
        View::Text(value) => text_value(value, json),
        View::Any(value) => serialize_into(value, json),
        // Timestamps have no characters that JSON escapes.
        View::Time(value) => {
            json.push(b'"');
            value.append(json);
            json.push(b'"');
        }
        // The kind matters only for older releases.
        View::Record(_) | View::List(_) | View::Map(_) => {
            write_value(Kind::Any, value, Version::NEWEST, json)
        }
    }
}

/// Writes a comma before all but the first item.
pub(crate) fn comma(first: &mut bool, json: &mut Vec<u8>) {
    if *first {
        *first = false;
    } else {
        json.push(b',');
    }
}

/// Writes a key that needs no escapes.
pub(crate) fn key(name: &str, json: &mut Vec<u8>) {
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":");
}

fn text_value(text: &str, json: &mut Vec<u8>) {
    if is_plain(text) {
        json.reserve(text.len() + 2);
        json.push(b'"');
        json.extend_from_slice(text.as_bytes());
        json.push(b'"');
    } else {
        serialize_into(text, json);
    }
}

/// Returns whether a text needs no escapes. It examines all bytes, so that the compiler vectorizes
/// it.
fn is_plain(text: &str) -> bool {
    let special = |byte: u8| (byte < b' ') | (byte == b'"') | (byte == b'\\');
    !text.bytes().fold(false, |found, byte| found | special(byte))
}

/// Writes a serializable value.
pub(crate) fn serialize_into<T: Serialize + ?Sized>(value: &T, json: &mut Vec<u8>) {
    let written = serde_json::to_writer(json, value);
    debug_assert!(written.is_ok(), "writing to a Vec cannot fail, and keys are strings");
}

/// Returns the text of a scalar for a path or a query string; `None` for other values.
#[must_use]
pub fn text(value: View<'_>) -> Option<std::borrow::Cow<'_, str>> {
    Some(match value {
        View::Text(value) => value.into(),
        View::Boolean(value) => if value { "true" } else { "false" }.into(),
        View::Integer(value) => value.to_string().into(),
        View::Double(value) => value.to_string().into(),
        View::Time(value) => value.to_string().into(),
        View::Absent | View::Any(_) | View::List(_) | View::Map(_) | View::Record(_) => return None,
    })
}

/// Serializes a record with `serde`.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<R: Record, S: Serializer>(record: &R, to: S) -> Result<S::Ok, S::Error> {
    View::Record(record).serialize(to)
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            View::Absent => to.serialize_none(),
            View::Boolean(value) => to.serialize_bool(value),
            View::Integer(value) => to.serialize_i64(value),
            View::Double(value) => to.serialize_f64(value),
            View::Text(value) => to.serialize_str(value),
            View::Time(value) => to.collect_str(&value),
            View::Any(value) => value.serialize(to),
            View::List(items) => to.collect_seq((0..items.count()).map(|index| items.item(index))),
            View::Map(entries) => serialize_entries(entries, to),
            View::Record(record) => serialize_fields(record, to),
        }
    }
}

fn serialize_entries<S: Serializer>(entries: &dyn Entries, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(entries.count()))?;
    let mut result = Ok(());
    entries.visit(&mut |key, value| {
        if result.is_ok() {
            result = map.serialize_entry(key, &value);
        }
    });
    result?;
    map.end()
}

fn serialize_fields<S: Serializer>(record: &dyn AnyRecord, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(None)?;
    for (index, field) in record.shape().fields.iter().enumerate() {
        let value = record.get(index);
        if !matches!(value, View::Absent) {
            map.serialize_entry(field.name, &value)?;
        }
    }
    for (name, value) in more(record) {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// A list that is not part of a record.
impl Items for &[View<'_>] {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> View<'_> {
        self[index]
    }
}
