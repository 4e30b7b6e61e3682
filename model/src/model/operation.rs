//! Operations, with their tags, errors and examples.

use camino::Utf8PathBuf;

use super::attributes::{Body, Message};
use super::history::{AttributeValue, Historic, HistoryEntry};
use super::{Documented, Field, Parameter, Retirement, Source, Version};
use zstack_vocabulary::{Auth, Execution, Method};

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The name in upper camel case.
    pub name: String,
    /// The name of its [`Category`](super::Category).
    pub category: String,
    /// One sentence about it.
    pub summary: String,
    /// Further paragraphs.
    pub description: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// The deprecation and the removal, if there are any.
    pub retirement: Retirement,
    /// The HTTP method.
    pub method: Method,
    /// The path without the base path, such as `/vm-instances/{vmInstanceUuid}/iso`.
    pub path: String,
    /// Other paths of the operation.
    pub paths: Vec<String>,
    /// True if it accepts the standard query parameters.
    pub query: bool,
    /// The execution: the response is the result or a job.
    pub execution: Execution,
    /// The required authentication.
    pub auth: Auth,
    /// The position of parameters in the body.
    pub body: Body,
    /// The message classes in the legacy channel.
    pub message: Option<Message>,
    /// The parameters in the order of the file.
    pub parameters: Vec<Parameter>,
    /// The fields of a successful response, in the order of the file.
    pub response: Vec<Field>,
    /// The system tags that it supports.
    pub tags: Vec<Tag>,
    /// The known errors.
    pub errors: Vec<ErrorCase>,
    /// Examples that match the types.
    pub examples: Vec<Example>,
    /// Notes for the documentation.
    pub notes: Vec<String>,
    /// The values that the official document prints where they differ from the wire.
    pub documented: Option<Documented>,
    /// The name in an older spec.
    pub renamed_from: Option<String>,
    /// The origin of the information.
    pub source: Source,
    /// The previous values of changed attributes.
    pub history: Vec<HistoryEntry>,
    /// The file, relative to the folder of the spec.
    pub file: Utf8PathBuf,
}

impl Operation {
    /// All paths of the operation, beginning with the first one.
    pub fn all_paths(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.path).chain(&self.paths).map(String::as_str)
    }

    /// The releases with the standard query parameters, if any release has them.
    pub fn query_releases(&self) -> Option<QueryReleases> {
        let mut changes = self.history.iter().rev().filter_map(|entry| match &entry.was {
            AttributeValue::Query(was) => Some((&entry.release, *was)),
            _ => None,
        });
        let removed = if self.query { None } else { Some(*changes.find(|(_, was)| *was)?.0) };
        let since = changes.find(|(_, was)| !was).map(|(release, _)| *release);
        Some(QueryReleases { since, removed })
    }
}

/// The releases in which an operation accepts the standard query parameters; earlier periods do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryReleases {
    /// The first release; `None` for the first release of the operation.
    pub since: Option<Version>,
    /// The first release without them, if there is one.
    pub removed: Option<Version>,
}

/// A system tag, such as `cdromUuid::{cdromUuid}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// The pattern, which ends with a variable in braces.
    pub pattern: String,
    /// The text before the variable, such as `cdromUuid::`.
    pub prefix: String,
    /// The variable, such as `cdromUuid`, which also names the setter.
    pub variable: String,
    /// The effect of the tag.
    pub description: String,
    /// The first release that supports it.
    pub since: Version,
    /// The origin of the information.
    pub source: Source,
}

/// An error of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorCase {
    /// The code, such as `SYS.1006`.
    pub code: String,
    /// The code of its cause, such as `VM.1010`.
    pub cause: Option<String>,
    /// The situation in which it occurs.
    pub when: String,
}

impl ErrorCase {
    /// The code and the code of its cause, such as `SYS.1006 < VM.1010`.
    pub fn identity(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{} < {cause}", self.code),
            None => self.code.clone(),
        }
    }
}

/// A request with its response.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The title of the example.
    pub name: String,
    /// The release that it belongs to; `None` for the newest one.
    pub since: Option<Version>,
    /// The parameters, by name.
    pub request: serde_json::Map<String, serde_json::Value>,
    /// The HTTP status of the response.
    pub status: u16,
    /// The body of the response.
    pub response: serde_json::Value,
}

impl Historic for Operation {
    fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.history
    }

    fn exchange(&mut self, value: &mut AttributeValue) {
        use std::mem::swap;
        match value {
            AttributeValue::Method(it) => swap(it, &mut self.method),
            AttributeValue::Path(it) => swap(it, &mut self.path),
            AttributeValue::Paths(it) => swap(it, &mut self.paths),
            AttributeValue::Query(it) => swap(it, &mut self.query),
            AttributeValue::Execution(it, message) => {
                swap(it, &mut self.execution);
                swap(message, &mut self.message);
            }
            AttributeValue::Auth(it) => swap(it, &mut self.auth),
            AttributeValue::Body(it) => swap(it, &mut self.body),
            AttributeValue::Message(it) | AttributeValue::Reply(it) => swap(it, &mut self.message),
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

    fn attributes(&self) -> Vec<AttributeValue> {
        vec![
            AttributeValue::Method(self.method),
            AttributeValue::Path(self.path.clone()),
            AttributeValue::Paths(self.paths.clone()),
            AttributeValue::Query(self.query),
            AttributeValue::Execution(self.execution, self.message.clone()),
            AttributeValue::Auth(self.auth),
            AttributeValue::Body(self.body.clone()),
            AttributeValue::Message(self.message.clone()),
            AttributeValue::Reply(self.message.clone()),
        ]
    }
}
