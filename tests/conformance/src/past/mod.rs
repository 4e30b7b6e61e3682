//! Computes what a release had of a value, from the spec's YAML alone: the reference for servers
//! and clients that emulate a release.

mod named;
mod walk;

use serde_json::{Map, Value};
use zstack_model::{Field, Model, Operation, Version, query_parameters};

use walk::{Fields, Walk};

/// The API as of a release.
#[derive(Debug)]
pub struct PastApi<'m> {
    newest: &'m Model,
    slice: Model,
    at: Version,
}

/// The part of an object that a release had.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastObject {
    /// The fields, with the values of that release.
    pub fields: Map<String, Value>,
    /// The parts that came later.
    pub later: Vec<LaterPart>,
}

/// A part of an object that came after a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterPart {
    /// The path of the field: `disks[1].format`.
    pub path: String,
    /// The kind of part.
    pub part: PartKind,
    /// The release that added it.
    pub since: String,
}

/// The kinds of parts that can come later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// The field itself.
    Field,
    /// This value of its enum.
    Value(String),
    /// System tags of this pattern.
    Tag(String),
    /// This field of the records that a query lists; the parameter names it.
    Named(String),
}

impl<'m> PastApi<'m> {
    /// Creates the API of `newest` as of the release `at`.
    #[must_use]
    pub fn new(newest: &'m Model, at: &Version) -> Self {
        Self { newest, slice: newest.at(at), at: *at }
    }

    /// Returns the operation of this name, if the release had it.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.slice.operation(name)
    }

    /// Returns what the release had of the parameters of an operation; of a later query, the
    /// standard parameters.
    #[must_use]
    pub fn parameters(&self, operation: &str, given: &Map<String, Value>) -> PastObject {
        let (past, now) = (self.operation(operation), self.now(operation));
        // The standard parameters of queries are in no file, so no slice has them.
        let is_query = now.is_some_and(|operation| operation.query);
        let standard = if is_query { query_parameters() } else { Vec::new() };
        let had = standard.iter().filter(|field| field.since <= self.at);
        let fields = Fields {
            had: had.chain(parameters(past)).collect(),
            all: standard.iter().chain(parameters(now)).collect(),
        };
        let mut had = self.had(given, &fields);
        if let Some(now) = now {
            self.remove_later_tags(now, given, &mut had);
            self.add_fields_in_query(now, given, &mut had.later);
        }
        had
    }

    /// Returns what the release had of the answer to an operation.
    #[must_use]
    pub fn response(&self, operation: &str, answer: &Map<String, Value>) -> PastObject {
        let (past, now) = (self.operation(operation), self.now(operation));
        self.had(answer, &Fields { had: response(past).collect(), all: response(now).collect() })
    }

    /// Returns the status for a request of a later operation, depending on the operations that the
    /// release had on its path.
    #[must_use]
    pub fn status_without(&self, operation: &str, path: &str) -> u16 {
        let Some(now) = self.now(operation) else { return 404 };
        let below = path.strip_prefix(self.newest.service.base_path.as_str()).unwrap_or(path);
        let called = paths(now).find(|template| fits(template, below)).unwrap_or(&now.path);
        let is_there = |other: &&Operation| paths(other).any(|path| shape(path).eq(shape(called)));
        let others: Vec<_> = self.slice.operations.iter().filter(is_there).collect();
        if others.is_empty() {
            404
        } else if others.iter().any(|other| other.method == now.method) {
            400
        } else {
            405
        }
    }

    fn now(&self, operation: &str) -> Option<&'m Operation> {
        self.newest.operation(operation)
    }

    fn had(&self, object: &Map<String, Value>, fields: &Fields<'_>) -> PastObject {
        let mut walk = Walk::new(self);
        let fields = walk.object(object, fields);
        PastObject { fields, later: walk.later }
    }
}

fn parameters(operation: Option<&Operation>) -> impl Iterator<Item = &Field> {
    operation.into_iter().flat_map(|operation| &operation.parameters).map(|parameter| &parameter.field)
}

fn response(operation: Option<&Operation>) -> impl Iterator<Item = &Field> {
    operation.into_iter().flat_map(|operation| &operation.response)
}

/// The paths of an operation, below the base path.
fn paths(operation: &Operation) -> impl Iterator<Item = &String> {
    std::iter::once(&operation.path).chain(&operation.paths)
}

/// Returns the segments of a template; `None` for variables.
fn shape(template: &str) -> impl Iterator<Item = Option<&str>> {
    template.split('/').map(|part| (!part.starts_with('{')).then_some(part))
}

fn fits(template: &str, path: &str) -> bool {
    let same = template.split('/').count() == path.split('/').count();
    same && shape(template)
        .zip(path.split('/'))
        .all(|(literal, segment)| literal.is_none_or(|text| text == segment))
}
