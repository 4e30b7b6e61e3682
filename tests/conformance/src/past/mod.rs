//! What a release had of a value, by the spec's YAML alone: what servers and
//! clients that were told a release are held against.

mod named;
mod walk;

use serde_json::{Map, Value};
use zstack_model::{Field, Model, Operation, Version, query_parameters};

use walk::{Fields, Walk};

/// The API as a release had it.
#[derive(Debug)]
pub struct Past<'m> {
    newest: &'m Model,
    slice: Model,
    at: Version,
}

/// What a release had of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Had {
    /// Its fields with the values of that release.
    pub fields: Map<String, Value>,
    /// The rest.
    pub later: Vec<Later>,
}

/// A part of an object that came after a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// The path of the field: `disks[1].format`.
    pub path: String,
    /// What of it came later.
    pub part: Part,
    /// The release it came with.
    pub since: String,
}

/// What of a field came after a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The field itself.
    Field,
    /// This value of its enum.
    Value(String),
    /// System tags of this pattern.
    Tag(String),
    /// This field of what a query lists, which is named in the parameter.
    Named(String),
}

impl<'m> Past<'m> {
    /// The API of `newest` as the release `at` had it.
    #[must_use]
    pub fn new(newest: &'m Model, at: &Version) -> Self {
        Self { newest, slice: newest.at(at), at: at.clone() }
    }

    /// The operation of this name, if the release had it.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.slice.operation(name)
    }

    /// What the release had of the parameters of an operation: of one that
    /// came later, those that every query has.
    #[must_use]
    pub fn parameters(&self, operation: &str, given: &Map<String, Value>) -> Had {
        let (past, now) = (self.operation(operation), self.now(operation));
        // Those of every query stand in no file, so that no slice has them.
        let is_query = now.is_some_and(|it| it.query);
        let standard = if is_query { query_parameters() } else { Vec::new() };
        let had = standard.iter().filter(|it| it.since <= self.at);
        let fields = Fields {
            had: had.chain(parameters(past)).collect(),
            all: standard.iter().chain(parameters(now)).collect(),
        };
        let mut had = self.had(given, &fields);
        if let Some(now) = now {
            self.without_later_tags(now, given, &mut had);
            self.named_in_query(now, given, &mut had.later);
        }
        had
    }

    /// What the release had of the answer of an operation.
    #[must_use]
    pub fn response(&self, operation: &str, answer: &Map<String, Value>) -> Had {
        let (past, now) = (self.operation(operation), self.now(operation));
        self.had(answer, &Fields { had: response(past).collect(), all: response(now).collect() })
    }

    /// The status of a request whose operation the release had not, by what
    /// else it had on a path: nothing, or something that the request is not.
    #[must_use]
    pub fn status_without(&self, operation: &str, path: &str) -> u16 {
        let Some(now) = self.now(operation) else { return 404 };
        let below = path.strip_prefix(self.newest.service.base_path.as_str()).unwrap_or(path);
        let called = paths(now).find(|template| fits(template, below)).unwrap_or(&now.path);
        let there = |it: &&Operation| paths(it).any(|path| shape(path).eq(shape(called)));
        let others: Vec<_> = self.slice.operations.iter().filter(there).collect();
        if others.is_empty() {
            404
        } else if others.iter().any(|it| it.method == now.method) {
            400
        } else {
            405
        }
    }

    fn now(&self, operation: &str) -> Option<&'m Operation> {
        self.newest.operation(operation)
    }

    fn had(&self, object: &Map<String, Value>, fields: &Fields<'_>) -> Had {
        let mut walk = Walk::new(self);
        let fields = walk.object(object, fields);
        Had { fields, later: walk.later }
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

/// The segments of a template; `None` for a variable, however it is named.
fn shape(template: &str) -> impl Iterator<Item = Option<&str>> {
    template.split('/').map(|part| (!part.starts_with('{')).then_some(part))
}

fn fits(template: &str, path: &str) -> bool {
    let same = template.split('/').count() == path.split('/').count();
    same && shape(template).zip(path.split('/')).all(|(literal, it)| literal.is_none_or(|text| text == it))
}
