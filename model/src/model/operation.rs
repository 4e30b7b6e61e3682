//! Operations, with what belongs to one alone: its body, tags, errors and
//! examples.

use camino::Utf8PathBuf;

use super::attributes::{Body, Message};
use super::history::{Historic, HistoryEntry, Was};
use super::{Documented, Field, Parameter, Retirement, Source, Version};
use zstack_vocabulary::{Auth, Execution, Method};

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its identity, upper camel case.
    pub name: String,
    /// The name of its [`Category`](super::Category).
    pub category: String,
    /// One sentence.
    pub summary: String,
    /// More than the summary says.
    pub description: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// When it goes, if it does.
    pub retirement: Retirement,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base path: `/vm-instances/{vmInstanceUuid}/iso`.
    pub path: String,
    /// Other paths that lead here.
    pub paths: Vec<String>,
    /// Whether it takes the platform's standard query parameters.
    pub query: bool,
    /// Long (a job) or answered at once.
    pub execution: Execution,
    /// What authentication it takes.
    pub auth: Auth,
    /// Where body parameters are enclosed.
    pub body: Body,
    /// How the platform's older channel knows it.
    pub message: Option<Message>,
    /// Parameters in the order of the file.
    pub parameters: Vec<Parameter>,
    /// The fields of a successful answer, in the order of the file.
    pub response: Vec<Field>,
    /// System tags that this operation understands.
    pub tags: Vec<Tag>,
    /// Error codes this operation is known to answer with.
    pub errors: Vec<ErrorCase>,
    /// Examples; every one fits the types.
    pub examples: Vec<Example>,
    /// Notes for people.
    pub notes: Vec<String>,
    /// What the document prints where the wire differs.
    pub documented: Option<Documented>,
    /// What it was called before, in an older spec.
    pub renamed_from: Option<String>,
    /// Who says that the operation exists.
    pub source: Source,
    /// What it was before a release changed it.
    pub history: Vec<HistoryEntry>,
    /// The file it came from, relative to the spec folder.
    pub file: Utf8PathBuf,
}

impl Operation {
    /// All paths that lead here, the first one first.
    pub fn all_paths(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.path).chain(&self.paths).map(String::as_str)
    }
}

/// A system tag with a meaning, such as `cdromUuid::{cdromUuid}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// The pattern; its one variable stands in braces.
    pub pattern: String,
    /// The text before the variable: `cdromUuid::`.
    pub prefix: String,
    /// The variable, the name of the setter in snake case: `cdromUuid`.
    pub variable: String,
    /// What it means.
    pub description: String,
    /// The first release that understands it.
    pub since: Version,
    /// Who says so.
    pub source: Source,
}

/// An error an operation is known to answer with.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorCase {
    /// The code: `SYS.1006`.
    pub code: String,
    /// The code of its cause: `VM.1010`.
    pub cause: Option<String>,
    /// When it happens.
    pub when: String,
}

impl ErrorCase {
    /// What tells it from the others of its operation: the code, and the code of
    /// its cause.
    pub fn identity(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{} < {cause}", self.code),
            None => self.code.clone(),
        }
    }
}

/// A request and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// One line.
    pub name: String,
    /// The release it is of; the newest one unless it says so.
    pub since: Option<Version>,
    /// The parameters, by name.
    pub request: serde_json::Map<String, serde_json::Value>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub response: serde_json::Value,
}

impl Historic for Operation {
    fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.history
    }

    fn exchange(&mut self, was: &mut Was) {
        use std::mem::swap;
        match was {
            Was::Method(it) => swap(it, &mut self.method),
            Was::Path(it) => swap(it, &mut self.path),
            Was::Paths(it) => swap(it, &mut self.paths),
            Was::Query(it) => swap(it, &mut self.query),
            Was::Execution(it, message) => {
                swap(it, &mut self.execution);
                swap(message, &mut self.message);
            }
            Was::Auth(it) => swap(it, &mut self.auth),
            Was::Body(it) => swap(it, &mut self.body),
            Was::Message(it) | Was::Reply(it) => swap(it, &mut self.message),
            _ => {}
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.method == other.method
            && self.path == other.path
            && self.paths == other.paths
            && self.query == other.query
            && self.execution == other.execution
            && self.auth == other.auth
            && self.body == other.body
            && self.message == other.message
    }

    fn facts(&self) -> Vec<Was> {
        vec![
            Was::Method(self.method),
            Was::Path(self.path.clone()),
            Was::Paths(self.paths.clone()),
            Was::Query(self.query),
            Was::Execution(self.execution, self.message.clone()),
            Was::Auth(self.auth),
            Was::Body(self.body.clone()),
            Was::Message(self.message.clone()),
            Was::Reply(self.message.clone()),
        ]
    }
}
