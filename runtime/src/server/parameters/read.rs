//! From path, query string and body into a record.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::json_object;
use super::query::{self, Pair};
use super::source::{Source, trim};
use crate::decode::Decode;
use crate::record::Seen;
use crate::record::{Field, Kind, Place, Shape};
use crate::server::options::NewerParameters;
use crate::server::rejection::Rejection;
use crate::slice::{self, Later};
use crate::tags::{SYSTEM_TAGS, USER_TAGS};
use crate::{Operation, Version};

/// The emulated release, and the treatment of parameters that it does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release {
    pub(crate) at: Version,
    pub(crate) newer: NewerParameters,
}

/// The parts of a request that hold parameters: slices of the body as received,
/// nothing copied.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The object below the operation's key.
    pub(crate) parameters: Option<Bytes>,
    /// `systemTags` next to that key.
    pub(crate) system_tags: Option<Bytes>,
    /// `userTags` next to that key.
    pub(crate) user_tags: Option<Bytes>,
    /// The whole body, for other parameters next to that key; few operations have
    /// any.
    pub(crate) body: Bytes,
    /// The target of the request, for its query string.
    pub(crate) uri: http::Uri,
    /// The variables of the path: index of the field, and value.
    pub(crate) variables: Vec<(usize, String)>,
    /// Whether all parameters are below the key, whatever their usual place.
    pub(crate) is_message: bool,
}

/// Sets the field of an index: the part of a record that is needed here. It is
/// dynamic, so that everything else is compiled once.
type Set<'s> = dyn for<'a> FnMut(usize, Source<'a>) -> Result<bool, serde_json::Error> + 's;

/// Reads all parameters. Each is read on its own, so that all mistakes are
/// reported at once. Later sources override earlier ones: the object below the
/// operation's key, the keys next to it, the query string, the path.
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
    // A query whose path names a record needs no query string: the platform
    // ignores it.
    let is_one = operation.is_query() && !input.variables.is_empty();
    if let Some(query) = input.uri.query().filter(|_| !is_one) {
        reader.query(query, has_body)?;
    }
    for (index, value) in &input.variables {
        if let Some(field) = shape.fields.get(*index) {
            reader.set(*index, text(field, value));
        }
    }
    reader.finish()
}

/// The parameters next to the key of a body that nearly every operation has.
const TAGS: [&str; 2] = [SYSTEM_TAGS, USER_TAGS];

/// The largest number of problems listed; a hostile request may have millions.
const MOST: usize = 32;

/// The longest text of a problem, in characters.
const LONGEST: usize = 256;

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
        if self.problems.len() < MOST {
            self.problems.push(problem);
        }
    }

    fn set(&mut self, index: usize, value: Source<'_>) {
        let field = &self.shape.fields[index];
        if field.since > self.release.at {
            self.newer(field.name, "", field.since);
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
        match (self.set)(index, value) {
            Ok(true) => self.given.insert(index),
            Ok(false) => {}
            Err(error) => self.problem(describe(&self.shape.fields[index], &json_object::message(&error))),
        }
    }

    /// System tags without those whose meaning came later.
    fn tags(&mut self, index: usize, mut tags: Vec<String>) {
        tags.retain(|tag| match self.operation.later_tag(tag, self.release.at) {
            Some(later) => {
                self.newer(SYSTEM_TAGS, &format!(" {}", later.pattern), later.since);
                false
            }
            None => true,
        });
        self.put(index, Source::List(tags.iter().map(String::as_str).collect()));
    }

    /// A parameter that the release does not have, or a part of one.
    fn newer(&mut self, name: &str, path: &str, since: Version) {
        if self.release.newer == NewerParameters::Refuse {
            let at = self.release.at;
            self.problem(format!("[{name}{path}] came with release {since}; this server emulates {at}"));
        }
    }

    fn body(&mut self, input: &Input) -> Result<(), Rejection> {
        let shape = self.shape;
        if let Some(parameters) = &input.parameters {
            // Variables of the path override the body, where some clients repeat
            // them: those are skipped.
            let is_here = |it: &usize| input.is_message || shape.fields[*it].place != Place::Path;
            let in_body = |name: &str| shape.index_of(name).filter(is_here);
            json_object::each(parameters, in_body, |index, value| self.json(index, value)).map_err(
                |error| {
                    Rejection::bad_request(format!(
                        "the parameters are no object: {}",
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
        let is_next_to_key = |it: &Field| it.place == Place::BesideBody && !TAGS.contains(&it.name);
        if !input.body.is_empty() && shape.fields.iter().any(is_next_to_key) {
            let next_to_key =
                |name: &str| shape.index_of(name).filter(|index| is_next_to_key(&shape.fields[*index]));
            // It was read before, for the operation's key.
            json_object::each(&input.body, next_to_key, |index, value| self.json(index, value))
                .map_err(|error| Rejection::bad_request(json_object::message(&error)))?;
        }
        Ok(())
    }

    fn json(&mut self, index: usize, value: &RawValue) {
        let field = &self.shape.fields[index];
        // Null is the same as a missing value, also of a later parameter.
        if value.get() == "null" {
            return;
        }
        if self.release.at != Version::NEWEST
            && field.since <= self.release.at
            && let Some((value, later)) = cut(field.kind, value, self.release.at)
        {
            for it in later {
                self.newer(field.name, &it.path, it.since);
            }
            self.set(index, Source::Json(&value));
            return;
        }
        let source = if is_trimmed(field) { Source::Trimmed } else { Source::Json };
        self.set(index, source(value));
    }

    fn query(&mut self, query: &str, has_body: bool) -> Result<(), Rejection> {
        let pairs = query::pairs(query)?;
        let shape = self.shape;
        for (index, field) in shape.fields.iter().enumerate() {
            let here = if has_body { field.place == Place::Query } else { field.place != Place::Path };
            if here && let Some(value) = self.in_query(field, &pairs) {
                self.set(index, value);
            }
        }
        Ok(())
    }

    /// The value of a field in a query string; `None` where there is none, or its
    /// problem has been reported.
    fn in_query<'q>(&mut self, field: &Field, pairs: &'q [Pair<'_>]) -> Option<Source<'q>> {
        match field.kind {
            Kind::List(_) => {
                let list = elements(field.name, pairs);
                (!list.is_empty()).then_some(Source::List(list))
            }
            Kind::Map(_) if pairs.iter().any(|(key, _)| key == field.name) => {
                self.problem(format!("[{0}] is a map; give `{0}.key=value`", field.name));
                None
            }
            Kind::Map(kind) => self.entries(field, *kind, pairs),
            _ => {
                let mut values = pairs.iter().filter(|(key, _)| key == field.name).map(|(_, value)| value);
                let value = values.next()?;
                // Of a query operation the platform takes the first one.
                if values.next().is_some() && !self.operation.is_query() {
                    self.problem(format!("[{}] is given more than once, and is no list", field.name));
                    return None;
                }
                Some(text(field, value))
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
            self.problem(format!("[{}.{key}] is given more than once, and is no list", field.name));
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

/// Cuts the fields that came after a release out of a value, and returns both;
/// `None` where there are no such fields.
fn cut(kind: Kind, value: &RawValue, at: Version) -> Option<(Box<RawValue>, Vec<Later>)> {
    // Others have no fields.
    if !matches!(innermost(kind), Kind::Record(_)) {
        return None;
    }
    let mut value = serde_json::from_str(value.get()).ok()?;
    let later = slice::cut_fields(kind, &mut value, at);
    if later.is_empty() {
        return None;
    }
    Some((serde_json::value::to_raw_value(&value).ok()?, later))
}

/// The innermost kind of lists and maps.
fn innermost(kind: Kind) -> Kind {
    match kind {
        Kind::List(inner) | Kind::Map(inner) => innermost(*inner),
        other => other,
    }
}

/// The elements of a list: `k=a&k=b` in their order, then `k.0=a&k.1=b` in the
/// order of their indices.
fn elements<'q>(name: &str, pairs: &'q [Pair<'_>]) -> Vec<&'q str> {
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

/// Prepares a text of the path or the query string for its field.
fn text<'a>(field: &Field, value: &'a str) -> Source<'a> {
    Source::Text(match field.kind {
        // Unlike in a body, everything that is not true is false.
        Kind::Boolean if value.eq_ignore_ascii_case("true") => "true",
        Kind::Boolean => "false",
        _ if is_trimmed(field) => trim(value),
        _ => value,
    })
}

/// Whether it is a text whose surrounding whitespace is removed.
fn is_trimmed(field: &Field) -> bool {
    matches!(field.kind, Kind::String | Kind::Uuid | Kind::Enum(_)) && !field.limits.no_trim
}

/// `[name[0]] 1.5 is no integer of 64 bits`, from a message that may begin
/// with the rest of a path.
fn describe(field: &Field, message: &str) -> String {
    let (path, problem) = match message.split_once(": ") {
        Some((path, problem)) if path.starts_with(['.', '[']) => (path, problem),
        _ => ("", message),
    };
    // Some messages repeat the value, however long that is.
    match problem.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("[{}{path}] {}…", field.name, &problem[..end]),
        None => format!("[{}{path}] {problem}", field.name),
    }
}
