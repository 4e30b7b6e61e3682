//! Reads parameters from path, query string and body into a record.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::json_object;
use super::query::{self, Pair};
use super::source::{Source, trim};
use crate::decode::{Decode, in_release};
use crate::record::Seen;
use crate::record::{Field, Kind, Place, Shape};
use crate::removal::Absence;
use crate::server::options::NewerParameters;
use crate::server::rejection::Rejection;
use crate::slice::{self, AbsentField};
use crate::tags::{SYSTEM_TAGS, USER_TAGS};
use crate::{Operation, Version};

/// The emulated release, and the treatment of parameters that it does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release {
    pub(crate) at: Version,
    pub(crate) newer: NewerParameters,
}

/// The parts of a request that contain parameters. They are slices of the received body, without
/// copies.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The object below the operation's key.
    pub(crate) parameters: Option<Bytes>,
    /// `systemTags`, next to that key.
    pub(crate) system_tags: Option<Bytes>,
    /// `userTags`, next to that key.
    pub(crate) user_tags: Option<Bytes>,
    /// The whole body, for other parameters next to that key; few operations have any.
    pub(crate) body: Bytes,
    /// The target of the request, for its query string.
    pub(crate) uri: http::Uri,
    /// The values of path variables, by the index of their field.
    pub(crate) variables: Vec<(usize, String)>,
    /// True if all parameters are below the key, whatever their usual place.
    pub(crate) is_message: bool,
}

/// Sets the field at an index. It is dynamic, so that all other code is compiled once.
type Set<'s> = dyn for<'a> FnMut(usize, Source<'a>) -> Result<bool, serde_json::Error> + 's;

/// Reads all parameters, each on its own, so that all mistakes are reported at once. Later sources
/// override earlier ones: the object below the operation's key, the keys next to it, the query
/// string, the path.
pub(crate) fn read(
    operation: &Operation,
    input: Input,
    release: Release,
    set: &mut Set<'_>,
) -> Result<Seen, Rejection> {
    let shape = operation.request;
    let mut reader = Reader { operation, shape, release, set, given: Seen::default(), problems: Vec::new() };
    let has_body = input.is_message || operation.method.has_body();
    if has_body {
        reader.body(&input)?;
    }
    // The platform ignores the query string of a query whose path identifies a record.
    let is_one = operation.is_query_in(release.at) && !input.variables.is_empty();
    if let Some(query) = input.uri.query().filter(|_| !is_one) {
        reader.query(query, has_body)?;
    }
    for (index, value) in &input.variables {
        if let Some(field) = shape.fields.get(*index) {
            reader.set(*index, text(field.at(release.at), field.kind, value));
        }
    }
    reader.finish()
}

/// The parameters that nearly every operation has next to the key of the body.
const TAGS: [&str; 2] = [SYSTEM_TAGS, USER_TAGS];

/// The largest number of problems that are listed; a hostile request may have millions.
const MAX_PROBLEMS: usize = 32;

/// The largest length of a problem, in characters.
const MAX_LENGTH: usize = 256;

struct Reader<'s, 'r> {
    operation: &'r Operation,
    shape: &'static Shape,
    release: Release,
    set: &'r mut Set<'s>,
    given: Seen,
    problems: Vec<String>,
}

impl Reader<'_, '_> {
    fn finish(self) -> Result<Seen, Rejection> {
        if self.problems.is_empty() {
            return Ok(self.given);
        }
        Err(Rejection::bad_request(self.problems.join("\n")))
    }

    fn problem(&mut self, problem: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn set(&mut self, index: usize, value: Source<'_>) {
        let field = &self.shape.fields[index];
        if let Some(absence) = field.absence(self.release.at) {
            self.absent(field.name, "", absence);
            return;
        }
        let has_later_tags = || self.operation.tags.iter().any(|tag| tag.since > self.release.at);
        if field.name == SYSTEM_TAGS && has_later_tags() {
            match Vec::<String>::decode(value) {
                Ok(tags) => self.tags(index, tags.unwrap_or_default()),
                Err(error) => self.problem(describe(field, &json_object::message(&error))),
            }
        } else {
            self.put(index, value);
        }
    }

    fn put(&mut self, index: usize, value: Source<'_>) {
        let set = &mut self.set;
        match in_release(self.release.at, || set(index, value)) {
            Ok(true) => self.given.insert(index),
            Ok(false) => {}
            Err(error) => self.problem(describe(&self.shape.fields[index], &json_object::message(&error))),
        }
    }

    /// Sets the system tags without those whose meaning came later.
    fn tags(&mut self, index: usize, mut tags: Vec<String>) {
        tags.retain(|tag| match self.operation.later_tag(tag, self.release.at) {
            Some(later) => {
                self.absent(SYSTEM_TAGS, &format!(" {}", later.pattern), Absence::Later(later.since));
                false
            }
            None => true,
        });
        self.put(index, Source::List(tags.iter().map(String::as_str).collect()));
    }

    /// Reports a parameter, or a part of one, that the release does not have.
    fn absent(&mut self, name: &str, path: &str, absence: Absence) {
        if self.release.newer == NewerParameters::Refuse {
            let at = self.release.at;
            self.problem(format!("[{name}{path}] {absence}; this server emulates {at}"));
        }
    }

    fn body(&mut self, input: &Input) -> Result<(), Rejection> {
        let (shape, at) = (self.shape, self.release.at);
        if let Some(parameters) = &input.parameters {
            // Path variables override the body, where some clients repeat them.
            let is_here =
                |index: &usize| input.is_message || shape.fields[*index].at(at).place != Place::Path;
            let in_body = |name: &str| shape.index_of(name).filter(is_here);
            json_object::each(parameters, in_body, |index, value| self.json(index, value)).map_err(
                |error| {
                    Rejection::bad_request(format!(
                        "the parameters are not a JSON object: {}",
                        json_object::message(&error)
                    ))
                },
            )?;
        }
        for (name, tags) in TAGS.into_iter().zip([&input.system_tags, &input.user_tags]) {
            if let (Some(tags), Some(index)) = (tags, shape.index_of(name)) {
                match serde_json::from_slice(tags) {
                    Ok(value) => self.json(index, value),
                    Err(error) => self.problem(describe(&shape.fields[index], &json_object::message(&error))),
                }
            }
        }
        let is_next_to_key =
            |field: &Field| field.at(at).place == Place::BesideBody && !TAGS.contains(&field.name);
        if !input.body.is_empty() && shape.fields.iter().any(is_next_to_key) {
            let next_to_key =
                |name: &str| shape.index_of(name).filter(|index| is_next_to_key(&shape.fields[*index]));
            // It was parsed before, for the operation's key.
            json_object::each(&input.body, next_to_key, |index, value| self.json(index, value))
                .map_err(|error| Rejection::bad_request(json_object::message(&error)))?;
        }
        Ok(())
    }

    fn json(&mut self, index: usize, value: &RawValue) {
        let field = &self.shape.fields[index];
        // Null is the same as a missing value, also for a parameter that the release does not have.
        if value.get() == "null" {
            return;
        }
        if self.release.at != Version::NEWEST
            && field.is_in(self.release.at)
            && let Some((value, absent)) = remove_absent(field.kind, value, self.release.at)
        {
            for AbsentField { path, absence } in absent {
                self.absent(field.name, &path, absence);
            }
            self.set(index, Source::Json(&value));
            return;
        }
        let source = if is_trimmed(field.at(self.release.at)) { Source::Trimmed } else { Source::Json };
        self.set(index, source(value));
    }

    fn query(&mut self, query: &str, has_body: bool) -> Result<(), Rejection> {
        let pairs = query::pairs(query)?;
        let (shape, at) = (self.shape, self.release.at);
        for (index, field) in shape.fields.iter().enumerate() {
            let place = field.at(at).place;
            let here = if has_body { place == Place::Query } else { place != Place::Path };
            if here && let Some(value) = self.in_query(field, &pairs) {
                self.set(index, value);
            }
        }
        Ok(())
    }

    /// Returns the value of a field in a query string; `None` if it is missing, or its problem has
    /// been reported.
    fn in_query<'q>(&mut self, field: &Field, pairs: &'q [Pair<'_>]) -> Option<Source<'q>> {
        match field.kind {
            Kind::List(_) => {
                let list = list_items(field.name, pairs);
                (!list.is_empty()).then_some(Source::List(list))
            }
            Kind::Map(_) if pairs.iter().any(|(key, _)| key == field.name) => {
                self.problem(format!("[{0}] is a map; write `{0}.key=value`", field.name));
                None
            }
            Kind::Map(kind) => self.entries(field, *kind, pairs),
            _ => {
                let mut values = pairs.iter().filter(|(key, _)| key == field.name).map(|(_, value)| value);
                let value = values.next()?;
                // The platform uses the first one for a query operation.
                if values.next().is_some() && !self.operation.is_query_in(self.release.at) {
                    self.problem(format!("[{}] is given more than once, but is not a list", field.name));
                    return None;
                }
                Some(text(field.at(self.release.at), field.kind, value))
            }
        }
    }

    fn entries<'q>(&mut self, field: &Field, kind: Kind, pairs: &'q [Pair<'_>]) -> Option<Source<'q>> {
        let mut entries: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, value) in pairs {
            if let Some(key) = key.strip_prefix(field.name).and_then(|rest| rest.strip_prefix('.')) {
                entries.entry(key).or_default().push(value);
            }
        }
        let lists = matches!(kind, Kind::List(_));
        if let Some((key, _)) = entries.iter().find(|(_, values)| values.len() > 1 && !lists) {
            self.problem(format!("[{}.{key}] is given more than once, but is not a list", field.name));
            return None;
        }
        let source = |values: Vec<&'q str>| match (lists, values.first()) {
            (false, Some(value)) => Source::Text(value),
            _ => Source::List(values),
        };
        let entries: Vec<_> = entries.into_iter().map(|(key, values)| (key, source(values))).collect();
        (!entries.is_empty()).then_some(Source::Map(entries))
    }
}

/// Removes the fields that a release does not have, and returns the value and these fields; `None` if
/// there are none.
fn remove_absent(kind: Kind, value: &RawValue, at: Version) -> Option<(Box<RawValue>, Vec<AbsentField>)> {
    // Other kinds have no fields.
    if !matches!(innermost(kind), Kind::Record(_)) {
        return None;
    }
    let mut value = serde_json::from_str(value.get()).ok()?;
    let absent = slice::remove_absent_fields(kind, &mut value, at);
    if absent.is_empty() {
        return None;
    }
    Some((serde_json::value::to_raw_value(&value).ok()?, absent))
}

/// Returns the innermost kind of nested lists and maps.
fn innermost(kind: Kind) -> Kind {
    match kind {
        Kind::List(inner) | Kind::Map(inner) => innermost(*inner),
        other => other,
    }
}

/// Collects the items of a list: first `k=a&k=b` in their order, then `k.0=a&k.1=b` in the order of
/// their indices.
fn list_items<'q>(name: &str, pairs: &'q [Pair<'_>]) -> Vec<&'q str> {
    let mut indexed: Vec<(u32, &str)> = Vec::new();
    let mut list: Vec<&str> = Vec::new();
    for (key, value) in pairs {
        match key.strip_prefix(name) {
            Some("") => list.push(value),
            Some(rest) => {
                if let Some(index) = rest.strip_prefix('.').and_then(|index| index.parse().ok()) {
                    indexed.push((index, value));
                }
            }
            None => {}
        }
    }
    indexed.sort_by_key(|(index, _)| *index);
    list.extend(indexed.into_iter().map(|(_, value)| value));
    list
}

/// Prepares a text from the path or the query string for a field of this kind, by the rules of a
/// release.
fn text<'a>(row: &Field, kind: Kind, value: &'a str) -> Source<'a> {
    Source::Text(match kind {
        // Unlike in a body, everything that is not true is false.
        Kind::Boolean if value.eq_ignore_ascii_case("true") => "true",
        Kind::Boolean => "false",
        _ if is_trimmed(row) => trim(value),
        _ => value,
    })
}

/// Returns whether surrounding whitespace of the field's texts is removed.
fn is_trimmed(field: &Field) -> bool {
    matches!(field.kind, Kind::String | Kind::Uuid | Kind::Enum(_)) && !field.limits.no_trim
}

/// Writes `[name[0]] 1.5 is not a 64-bit integer` from a message that may begin with the rest of a
/// path.
fn describe(field: &Field, message: &str) -> String {
    let (path, problem) = match message.split_once(": ") {
        Some((path, problem)) if path.starts_with(['.', '[']) => (path, problem),
        _ => ("", message),
    };
    // Some messages repeat the value, which may be long.
    match problem.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("[{}{path}] {}…", field.name, &problem[..end]),
        None => format!("[{}{path}] {problem}", field.name),
    }
}
