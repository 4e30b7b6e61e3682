//! The journal as an HTTP archive (HAR 1.2), which browsers and other tools show.

use axum::http::Version;
use serde_json::{Value, json};

use super::json::{cut, milliseconds, request_body, response_body, target};
use super::record::{Entry, Header};
use super::{Filter, Journal, secrets};

/// The media type of an archive.
pub(crate) const MEDIA_TYPE: &str = "application/har+json";

/// The entries that pass a filter, as an archive.
pub(crate) fn archive(journal: &Journal, filter: &Filter) -> Value {
    let entries: Vec<_> = journal.entries(filter).iter().map(describe).collect();
    json!({"log": {
        "version": "1.2",
        "creator": {"name": "zstack-node", "version": env!("CARGO_PKG_VERSION")},
        "entries": entries,
    }})
}

fn describe(entry: &Entry) -> Value {
    let time = milliseconds(entry);
    let mut object = json!({
        "startedDateTime": entry.begun.to_string(),
        "time": time,
        "request": request(entry),
        "response": response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
    });
    // Names of fields outside of the standard begin with an underscore.
    let optional = [
        ("_operation", entry.exchange.operation().map(Value::from)),
        ("_account", entry.exchange.account().map(Value::from)),
        ("_faults", Some(entry.faults()).filter(|ids| !ids.is_empty()).map(Value::from)),
        ("_cut", cut(entry).map(Value::from)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            object[name] = value;
        }
    }
    object
}

fn request(entry: &Entry) -> Value {
    let (path, query) = target(entry);
    let host = value_of(entry.request_headers(), "host");
    let search = query.as_ref().map_or(String::new(), |query| format!("?{query}"));
    let pairs = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let pairs: Vec<_> = pairs.map(|(name, value)| json!({"name": name, "value": value})).collect();
    let mut object = json!({
        "method": entry.method(),
        "url": format!("http://{}{path}{search}", host.as_deref().unwrap_or("localhost")),
        "httpVersion": version(entry.version),
        "cookies": [],
        "headers": headers(entry.request_headers()),
        "queryString": pairs,
        "headersSize": -1,
        "bodySize": entry.request_body().map_or(0, <[u8]>::len),
    });
    if let Some(body) = request_body(entry) {
        let kind = value_of(entry.request_headers(), "content-type")
            .unwrap_or_else(|| "application/json".to_owned());
        object["postData"] = json!({"mimeType": kind, "text": text(&body)});
    }
    object
}

fn response(entry: &Entry) -> Value {
    let body = response_body(entry);
    let size = entry.response_body().map_or(0, <[u8]>::len);
    let mut content = json!({"size": size, "mimeType": value_of(entry.response_headers(), "content-type").unwrap_or_default()});
    if let Some(body) = body {
        content["text"] = text(&body).into();
    }
    json!({
        "status": entry.status.as_u16(),
        "statusText": entry.status.canonical_reason().unwrap_or_default(),
        "httpVersion": version(entry.version),
        "cookies": [],
        "headers": headers(entry.response_headers()),
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
    })
}

fn headers<'a>(headers: impl Iterator<Item = Header<'a>>) -> Vec<Value> {
    headers.map(|(name, value)| json!({"name": name, "value": secrets::header(name, value)})).collect()
}

/// The value of a header.
fn value_of<'a>(mut headers: impl Iterator<Item = Header<'a>>, name: &str) -> Option<String> {
    let (_, value) = headers.find(|(found, _)| *found == name)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// A body as text.
fn text(body: &Value) -> String {
    match body {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn version(version: Version) -> String {
    format!("{version:?}")
}
