//! The journal as JSON.

use serde_json::{Map, Value, json};

use super::record::{Entry, Header};
use super::{Filter, Journal, secrets};
use crate::exchange::Cut;

/// The entries that pass a filter, as the response to `GET /_node/requests`.
pub(crate) fn list(journal: &Journal, filter: &Filter) -> Value {
    let entries = journal.entries(filter);
    json!({ "requests": entries.iter().map(describe).collect::<Vec<_>>() })
}

fn describe(entry: &Entry) -> Value {
    let (path, query) = target(entry);
    let mut object = json!({
        "id": entry.id,
        "time": entry.begun.to_string(),
        "milliseconds": milliseconds(entry),
        "method": entry.method(),
        "path": path,
        "status": entry.status.as_u16(),
        "requestHeaders": headers(entry.request_headers()),
        "responseHeaders": headers(entry.response_headers()),
    });
    let optional = [
        ("query", query.map(Value::from)),
        ("operation", entry.exchange.operation().map(Value::from)),
        ("account", entry.exchange.account().map(Value::from)),
        ("requestBody", request_body(entry)),
        ("responseBody", response_body(entry)),
        ("faults", Some(entry.faults()).filter(|ids| !ids.is_empty()).map(Value::from)),
        ("cut", cut(entry).map(Value::from)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            object[name] = value;
        }
    }
    object
}

/// The time that a request took, in milliseconds.
pub(super) fn milliseconds(entry: &Entry) -> f64 {
    // Microseconds are exact enough, and easy to read.
    (entry.duration.as_secs_f64() * 1e6).round() / 1e3
}

/// The path and the query string without secrets.
pub(super) fn target(entry: &Entry) -> (String, Option<String>) {
    secrets::path_and_query(entry.path(), entry.query())
}

/// Headers without secrets. The values of a repeated header are joined by commas.
fn headers<'a>(headers: impl Iterator<Item = Header<'a>>) -> Value {
    let mut shown: Map<String, Value> = Map::new();
    for (name, value) in headers {
        let text = secrets::header(name, value);
        let text = match shown.get(name).and_then(Value::as_str) {
            Some(earlier) => format!("{earlier}, {text}"),
            None => text,
        };
        shown.insert(name.to_owned(), text.into());
    }
    shown.into()
}

/// The body of a request without secrets. One that is not JSON is left out, since it cannot be searched for
/// secrets.
pub(super) fn request_body(entry: &Entry) -> Option<Value> {
    let body = entry.request_body().filter(|body| !body.is_empty())?;
    Some(json_body(body).unwrap_or_else(|| json!(format!("{} bytes that are not JSON", body.len()))))
}

/// The body of a response without secrets: JSON or a text.
pub(super) fn response_body(entry: &Entry) -> Option<Value> {
    let body = entry.response_body().filter(|body| !body.is_empty())?;
    Some(json_body(body).unwrap_or_else(|| String::from_utf8_lossy(body).into_owned().into()))
}

fn json_body(body: &[u8]) -> Option<Value> {
    let mut value = serde_json::from_slice(body).ok()?;
    secrets::body(&mut value);
    Some(value)
}

/// Where the connection was closed.
pub(super) fn cut(entry: &Entry) -> Option<&'static str> {
    entry.exchange.effects()?.cut.map(|cut| match cut {
        Cut::BeforeAnswer => "beforeAnswer",
        Cut::MidAnswer => "midAnswer",
    })
}
