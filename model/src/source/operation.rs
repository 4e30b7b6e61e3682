//! `operations/<category>/<Operation>.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Source;

use super::{
    Auth, Body, Documented, Execution, Field, Line, Method, Object, OperationAttributes, Parameter,
    PastValue, Text, Version,
};

/// An operation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    /// The name in upper camel case, which is also the name of the file.
    pub name: Line,
    /// A category that `api.yaml` declares, which is also the name of the folder.
    pub category: Line,
    /// One sentence about it.
    pub summary: Line,
    /// Further paragraphs.
    pub description: Option<Text>,
    /// The first release that has it.
    pub since: Version,
    /// The HTTP method.
    pub method: Method,
    /// The path without the base path, such as `/vm-instances/{vmInstanceUuid}/iso`.
    pub path: Line,
    /// Other paths of the operation, with the same method.
    #[serde(default)]
    pub paths: Vec<Line>,
    /// True for a query: a GET that accepts the standard query parameters (`q`, `limit`, `start`, `count`,
    /// `groupBy`, `replyWithCount`, `sort`, `fields`, `filterName`), which are not listed.
    #[serde(default)]
    pub query: bool,
    /// The execution: the response is the result (`sync`) or a job (`async`).
    pub execution: Execution,
    /// The required authentication.
    pub auth: Auth,
    /// The key that encloses the parameters in the body.
    pub body: Body,
    /// The class of its message in the legacy channel, such as `org.zstack.header.vm.APIStartVmInstanceMsg`.
    pub message: Option<Line>,
    /// The class of the reply to that message. By default `Event` (if asynchronous) or `Reply` replaces `Msg`
    /// in its name.
    pub reply: Option<Line>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The fields of a successful response.
    pub response: Vec<Field>,
    /// The system tags that the operation supports.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The known errors of the operation.
    #[serde(default)]
    pub errors: Vec<ErrorCase>,
    /// Examples, which are checked against the types.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Notes for the documentation.
    pub notes: Option<Notes>,
    /// The values that the official document prints where they differ from the wire.
    pub documented: Option<Documented>,
    /// The origin of the information.
    #[serde(default)]
    pub source: Source,
    /// The release that deprecates it.
    pub deprecated: Option<Version>,
    /// The first release without it.
    pub removed: Option<Version>,
    /// The alternative: a name or a sentence.
    pub replacement: Option<Text>,
    /// The previous name.
    pub renamed_from: Option<Line>,
    /// The previous values of changed attributes, in the order of releases.
    #[serde(default)]
    pub history: Vec<PastValue<OperationAttributes>>,
}

/// A system tag.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tag {
    /// A text that ends with a variable, such as `cdromUuid::{cdromUuid}`.
    pub pattern: Line,
    /// The effect of the tag.
    pub description: Text,
    /// The first release that supports it.
    pub since: Version,
    /// The origin of the information.
    #[serde(default)]
    pub source: Source,
}

/// An error of an operation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorCase {
    /// The code, such as `SYS.1006`.
    pub code: Line,
    /// The code of its cause, such as `VM.1010`.
    pub cause: Option<Line>,
    /// The situation in which it occurs.
    pub when: Text,
}

/// A request with its response.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// The title of the example.
    pub name: Line,
    /// The release that the example belongs to, which must have all elements that it uses. By default
    /// the newest one.
    pub since: Option<Version>,
    /// The parameters by name, regardless of their place.
    #[serde(default)]
    pub request: Object,
    /// The HTTP status of the response.
    #[serde(default = "ok")]
    pub status: u16,
    /// The body of the response.
    #[serde(default)]
    pub response: Object,
}

fn ok() -> u16 {
    200
}

/// Notes for the documentation: one, or a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Notes {
    /// One.
    One(Text),
    /// Several.
    Several(Vec<Text>),
}
