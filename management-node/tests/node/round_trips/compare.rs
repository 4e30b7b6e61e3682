//! Comparison of requests with inventories.

use serde_json::{Map, Value};

/// Returns whether a value that was read has everything that was sent.
pub(super) fn agree(sent: &Value, read: &Value) -> bool {
    match (sent, read) {
        (Value::Number(sent), Value::Number(read)) => sent.as_f64() == read.as_f64(),
        (Value::Array(sent), Value::Array(read)) => {
            sent.len() == read.len() && sent.iter().zip(read).all(|(sent, read)| agree(sent, read))
        }
        (Value::Object(sent), Value::Object(read)) => {
            sent.iter().all(|(name, value)| read.get(name).is_some_and(|read| agree(value, read)))
        }
        _ => sent == read,
    }
}

/// The fields that differ in two inventories, except times.
pub(super) fn differences<'a>(
    before: &'a Map<String, Value>,
    after: &'a Map<String, Value>,
) -> Vec<(&'a str, String)> {
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let names = names.filter(|name| *name != "lastOpDate" && before.get(*name) != after.get(*name));
    names.map(|name| (name.as_str(), format!("{:?} -> {:?}", before.get(name), after.get(name)))).collect()
}
