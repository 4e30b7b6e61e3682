//! Encodes the parameters of an operation as an HTTP request.

use bytes::Bytes;
use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};

use super::error::Error;
use super::url::{BaseUrl, Piece, pieces, push_encoded, push_segment};
use crate::operation::{BodyKey, Operation, variables};
use crate::query::FieldNames;
use crate::record::{AnyRecord, Field, Place, View};
use crate::{Version, encode};

/// Encodes the request, without the headers that all requests have, and without those of options,
/// session and job. `operation` is the description as of the release `at`.
pub(super) fn encode(
    base: &BaseUrl,
    operation: &'static Operation,
    parameters: &dyn AnyRecord,
    at: Version,
) -> Result<http::Request<Bytes>, Error> {
    let mut problems = Vec::new();
    let template = choose_path(operation, parameters, at);
    let mut target = path(template, parameters, &mut problems);
    query(operation, template, parameters, at, &mut target, &mut problems);
    if !problems.is_empty() {
        return Err(Error::invalid(format!("not sent: {}", problems.join("; "))));
    }
    let body = body(operation, parameters, at);
    let mut request = http::Request::new(Bytes::new());
    *request.method_mut() = operation.method.into();
    *request.uri_mut() = base.join(&target).map_err(Error::invalid)?;
    *request.body_mut() = body.map(Bytes::from).unwrap_or_default();
    Ok(request)
}

/// Adds the headers that all requests have.
pub(super) fn add_headers(request: &mut http::Request<Bytes>) {
    let has_body = !request.body().is_empty();
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if has_body {
        // Without the charset, servlet containers read ISO-8859-1.
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    }
}

/// Chooses the path of an operation with the most variables whose parameters are given. A value
/// that is not a valid path segment is sent in the query string, if its parameter may be there.
fn choose_path(operation: &'static Operation, parameters: &dyn AnyRecord, at: Version) -> &'static str {
    if operation.paths.is_empty() {
        return operation.path;
    }
    let shape = parameters.shape();
    let is_given = |name| {
        shape.index_of(name).is_some_and(|index| {
            match (shape.fields[index].at(at).place, parameters.get(index)) {
                (_, View::Absent) => false,
                (Place::Path, _) => true,
                (_, value) => {
                    encode::text(value).is_some_and(|text| push_segment(&text, &mut String::new()).is_ok())
                }
            }
        })
    };
    let fits = operation.all_paths().filter(|path| variables(path).all(is_given));
    // `max_by_key` returns the last of equal paths, so this goes backwards.
    let most = fits.collect::<Vec<_>>().into_iter().rev().max_by_key(|path| variables(path).count());
    most.unwrap_or(operation.path)
}

fn path(template: &'static str, parameters: &dyn AnyRecord, problems: &mut Vec<String>) -> String {
    let mut path = String::with_capacity(128);
    for piece in pieces(template) {
        let name = match piece {
            Piece::Literal(text) => {
                path.push_str(text);
                continue;
            }
            Piece::Variable(name) => name,
        };
        let value = parameters.shape().index_of(name).map_or(View::Absent, |index| parameters.get(index));
        let added = match encode::text(value) {
            Some(text) => push_segment(&text, &mut path),
            None => Err("is missing"),
        };
        if let Err(problem) = added {
            problems.push(format!("path parameter `{name}` {problem}"));
        }
    }
    path
}

fn query(
    operation: &Operation,
    template: &str,
    parameters: &dyn AnyRecord,
    at: Version,
    target: &mut String,
    problems: &mut Vec<String>,
) {
    let mut query = Query { target, first: true };
    for (index, field) in parameters.shape().fields.iter().enumerate() {
        let place = field.at(at).place;
        // Only further paths have variables for parameters of other places.
        let may_be_in_path = place == Place::Path || !operation.paths.is_empty();
        if may_be_in_path && variables(template).any(|name| name == field.name) {
            continue;
        }
        if place == Place::Path && !matches!(parameters.get(index), View::Absent) {
            problems.push(format!("parameter `{}` is not in any path with the other parameters", field.name));
        }
        let in_query = match place {
            Place::Path => false,
            Place::Query => true,
            // Servers do not read bodies of these methods.
            Place::Body | Place::BesideBody => !operation.method.has_body(),
        };
        let value = parameters.get(index);
        let names = needed_fields(operation, field, value, at);
        let value = names.as_deref().map_or(value, View::Text);
        if in_query && query.add(field.name, value).is_none() {
            problems
                .push(format!("parameter `{}` has a value that a query string cannot represent", field.name));
        }
    }
}

/// Returns the fields that a query requests, plus the fields that are required to decode its
/// records. `None` for other parameters.
fn needed_fields(operation: &Operation, field: &Field, value: View<'_>, at: Version) -> Option<String> {
    let (true, View::Text(given)) =
        (operation.is_query_in(at) && field.name == crate::Query::FIELDS.name, value)
    else {
        return None;
    };
    let asked = FieldNames::new([given]);
    let listed = operation.listed_record().into_iter().flat_map(|shape| shape.fields_at(at));
    let required = listed.filter(|field| field.at(at).required).map(|field| field.name);
    let missing = required.filter(|name| !asked.iter().any(|asked| asked == *name));
    Some(asked.iter().chain(missing).collect::<Vec<_>>().join(","))
}

/// Writes a query string at the end of a request target.
struct Query<'a> {
    target: &'a mut String,
    first: bool,
}

impl Query<'_> {
    /// Adds a value: lists as repeated keys, maps as `field.key=value`. Returns `None` if a value
    /// has no text.
    fn add(&mut self, key: &str, value: View<'_>) -> Option<()> {
        match value {
            View::Absent => Some(()),
            View::List(items) => (0..items.count()).try_for_each(|index| self.add(key, items.item(index))),
            View::Map(entries) => {
                let mut added = Some(());
                entries.visit(&mut |name, value| {
                    added = added.and_then(|()| self.add(&format!("{key}.{name}"), value));
                });
                added
            }
            View::Any(serde_json::Value::String(text)) => self.pair(key, text),
            View::Any(value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => {
                self.pair(key, &value.to_string())
            }
            _ => self.pair(key, &encode::text(value)?),
        }
    }

    fn pair(&mut self, key: &str, value: &str) -> Option<()> {
        self.target.push(if self.first { '?' } else { '&' });
        self.first = false;
        push_encoded(key, self.target);
        self.target.push('=');
        push_encoded(value, self.target);
        Some(())
    }
}

/// Encodes the body `{"params":{…},"systemTags":[…]}`; `None` if there is none.
fn body(operation: &Operation, parameters: &dyn AnyRecord, at: Version) -> Option<Vec<u8>> {
    if !operation.method.has_body() {
        return None;
    }
    let below = Fields { of: parameters, place: Place::Body, at };
    let next_to_key = Fields { of: parameters, place: Place::BesideBody, at };
    let key = match operation.body {
        BodyKey::None => None,
        // The key of operations without body parameters.
        BodyKey::Key("null") if below.is_empty() => None,
        BodyKey::Key(key) | BodyKey::Action(key) => Some(key),
    };
    if key.is_none() && next_to_key.is_empty() {
        return None;
    }
    let mut json = Vec::with_capacity(256);
    let mut first = true;
    json.push(b'{');
    if let Some(key) = key {
        encode::comma(&mut first, &mut json);
        encode::key(key, &mut json);
        json.push(b'{');
        below.write(&mut true, &mut json);
        json.push(b'}');
    }
    next_to_key.write(&mut first, &mut json);
    json.push(b'}');
    Some(json)
}

/// Returns whether a parameter is given. Empty lists of tags count as not given; an empty list of a
/// body parameter may be intended.
pub(super) fn is_given(field: &Field, value: View<'_>) -> bool {
    match value {
        View::Absent => false,
        View::List(items) => field.place == Place::Body || items.count() > 0,
        _ => true,
    }
}

/// The parameters of one place.
struct Fields<'a> {
    of: &'a dyn AnyRecord,
    place: Place,
    at: Version,
}

impl<'a> Fields<'a> {
    fn iter(&self) -> impl Iterator<Item = (&'static Field, View<'a>)> {
        let Self { of, place, at } = *self;
        of.shape()
            .fields
            .iter()
            .enumerate()
            .filter(move |(_, field)| field.at(at).place == place)
            .map(move |(index, field)| (field, of.get(index)))
            .filter(move |(field, value)| is_given(field.at(at), *value))
    }

    fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    fn write(&self, first: &mut bool, json: &mut Vec<u8>) {
        for (field, value) in self.iter() {
            encode::comma(first, json);
            encode::key(field.name, json);
            encode::field_value(field, value, self.at, json);
        }
    }
}
