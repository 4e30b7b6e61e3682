//! `operations/<category>/<Operation>.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Auth, Body, Documented, Execution, Field, Line, Method, Object, OfOperation, Origin, Parameter, Past,
    Text, Version,
};

/// An operation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    /// Its identity, upper camel case; the file has the same name.
    pub name: Line,
    /// A category of `api.yaml`; the folder has the same name.
    pub category: Line,
    /// One sentence.
    pub summary: Line,
    /// More than the summary says.
    pub description: Option<Text>,
    /// The first release that has it.
    pub since: Version,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base path: `/vm-instances/{vmInstanceUuid}/iso`.
    pub path: Line,
    /// Other paths that lead to the same operation, by the same method.
    #[serde(default)]
    pub paths: Vec<Line>,
    /// Whether it is a query: a GET that takes the platform's standard query
    /// parameters (`q`, `limit`, `start`, `count`, `groupBy`, `replyWithCount`,
    /// `sort`, `fields`, `filterName`), which are not listed.
    #[serde(default)]
    pub query: bool,
    /// Long (a job) or answered at once.
    pub execution: Execution,
    /// What authentication it takes.
    pub auth: Auth,
    /// The key that encloses the body's parameters.
    pub body: Body,
    /// The class of the message that the platform's older channel knows the
    /// operation by: `org.zstack.header.vm.APIStartVmInstanceMsg`.
    pub message: Option<Line>,
    /// The class of what answers that message, where it is not the same name
    /// with `Event` (of a job) or `Reply` in place of `Msg`.
    pub reply: Option<Line>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The fields of a successful answer.
    pub response: Vec<Field>,
    /// System tags that this operation understands.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Error codes this operation is known to answer with.
    #[serde(default)]
    pub errors: Vec<ErrorCase>,
    /// Examples, checked against the types.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Notes for people.
    pub notes: Option<Notes>,
    /// Only what the document prints differently from the wire.
    pub documented: Option<Documented>,
    /// Who says that the operation exists.
    #[serde(default)]
    pub source: Origin,
    /// The release that advises against it.
    pub deprecated: Option<Version>,
    /// The release that no longer has it.
    pub removed: Option<Version>,
    /// What to use instead.
    pub replacement: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Line>,
    /// What it was before a release changed it, in the order of the releases.
    #[serde(default)]
    pub history: Vec<Past<OfOperation>>,
}

/// A system tag with a meaning.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tag {
    /// Text that ends in one variable: `cdromUuid::{cdromUuid}`.
    pub pattern: Line,
    /// What it means.
    pub description: Text,
    /// The first release that understands it.
    pub since: Version,
    /// Who says so.
    #[serde(default)]
    pub source: Origin,
}

/// An error an operation is known to answer with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorCase {
    /// The code: `SYS.1006`.
    pub code: Line,
    /// The code of its cause: `VM.1010`.
    pub cause: Option<Line>,
    /// When it happens.
    pub when: Text,
}

/// A request and its answer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// One line.
    pub name: Line,
    /// The release it is of, which knows all that it uses; by default the
    /// newest.
    pub since: Option<Version>,
    /// The parameters, by name, wherever they travel.
    #[serde(default)]
    pub request: Object,
    /// The HTTP status of the answer.
    #[serde(default = "ok")]
    pub status: u16,
    /// The body of the answer.
    #[serde(default)]
    pub response: Object,
}

fn ok() -> u16 {
    200
}

/// Notes for people: one, or a list of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Notes {
    /// One.
    One(Text),
    /// Several.
    Several(Vec<Text>),
}
