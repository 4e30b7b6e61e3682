//! The objects of an OpenAPI 3.1 document, with keys in the order of output.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::losses::LossKind;
use super::parts::{Lifecycle, Members, Ref, is_false};
use super::schema::Schema;
use crate::http_example::ExamplePart;
use zstack_model::Version;

/// Text of the spec, or composed text.
pub(super) type Text<'a> = Cow<'a, str>;

/// The security schemes that a request needs, each without scopes.
pub(super) type Requirement<'a> = Members<'a, [(); 0]>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    pub(super) openapi: &'static str,
    pub(super) info: Info<'a>,
    pub(super) servers: Vec<Server<'a>>,
    pub(super) tags: Vec<Tag<'a>>,
    pub(super) paths: Members<'a, PathItem<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) webhooks: Members<'a, PathItem<'a>>,
    pub(super) components: Components<'a>,
    /// The number of losses of each kind.
    #[serde(rename = "x-losses", skip_serializing_if = "IndexMap::is_empty")]
    pub(super) losses: IndexMap<LossKind, usize>,
}

#[derive(Serialize)]
pub(super) struct Info<'a> {
    pub(super) title: &'a str,
    pub(super) description: String,
    pub(super) version: String,
}

#[derive(Serialize)]
pub(super) struct Server<'a> {
    pub(super) url: String,
    pub(super) description: &'static str,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) variables: Members<'a, ServerVariable>,
}

#[derive(Serialize)]
pub(super) struct ServerVariable {
    #[serde(rename = "enum", skip_serializing_if = "<[_]>::is_empty")]
    pub(super) values: &'static [&'static str],
    pub(super) default: &'static str,
}

#[derive(Serialize)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    /// The title that Redoc and other tools show.
    #[serde(rename = "x-displayName")]
    pub(super) title: &'a str,
}

#[derive(Default, Serialize)]
pub(super) struct PathItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) get: Option<Operation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) put: Option<Operation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) post: Option<Operation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delete: Option<Operation<'a>>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<&'a str>,
    pub(super) summary: Text<'a>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    pub(super) operation_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parameters: Vec<OrRef<Parameter<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_body: Option<RequestBody<'a>>,
    pub(super) responses: Members<'a, OrRef<Response<'a>>>,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) deprecated: bool,
    pub(super) security: Vec<Requirement<'a>>,
    /// The extensions, if this is a single operation of the spec.
    #[serde(flatten)]
    pub(super) extensions: Option<Extensions<'a>>,

    /// The operations of the spec that share the method and path.
    #[serde(rename = "x-operations", skip_serializing_if = "Vec::is_empty")]
    pub(super) operations: Vec<SharedOperation<'a>>,
}

/// Facts that OpenAPI has no keys for.
#[derive(Default, Serialize)]
pub(super) struct Extensions<'a> {
    /// `sync`, or `async` for jobs.
    #[serde(rename = "x-execution")]
    pub(super) execution: &'static str,
    /// The schema of the job's result.
    #[serde(rename = "x-job-result", skip_serializing_if = "Option::is_none")]
    pub(super) job_result: Option<Ref>,
    #[serde(rename = "x-system-tags", skip_serializing_if = "Vec::is_empty")]
    pub(super) system_tags: Vec<SystemTag<'a>>,
    #[serde(rename = "x-errors", skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<ErrorCase<'a>>,
    #[serde(rename = "x-message", skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<LegacyMessage<'a>>,
    #[serde(flatten)]
    pub(super) lifecycle: Lifecycle<'a>,
}

/// One of several operations that share a method and path.
#[derive(Serialize)]
pub(super) struct SharedOperation<'a> {
    pub(super) name: &'a str,
    /// The key of the body that selects it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<&'a str>,
    pub(super) summary: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) deprecated: bool,
    pub(super) request: Option<Ref>,
    pub(super) response: Ref,
    #[serde(flatten)]
    pub(super) extensions: Extensions<'a>,
}

#[derive(Serialize)]
pub(super) struct SystemTag<'a> {
    pub(super) pattern: &'a str,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ErrorCase<'a> {
    pub(super) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<&'a str>,
    pub(super) when: &'a str,
}

/// The message classes of the legacy channel.
#[derive(Serialize)]
pub(super) struct LegacyMessage<'a> {
    pub(super) class: &'a str,
    pub(super) reply: &'a str,
}

#[derive(Default, Serialize)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    #[serde(rename = "in")]
    pub(super) place: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) required: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) deprecated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) style: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) explode: Option<bool>,
    pub(super) schema: Schema<'a>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) examples: Members<'a, Example<'a>>,
    /// The spec's name of a path variable, if other operations on the path name it
    /// differently.
    #[serde(rename = "x-name", skip_serializing_if = "Option::is_none")]
    pub(super) own_name: Option<&'a str>,
    /// The resource whose UUIDs it contains.
    #[serde(rename = "x-refers-to", skip_serializing_if = "Option::is_none")]
    pub(super) refers_to: Option<&'a str>,
    #[serde(flatten)]
    pub(super) lifecycle: Lifecycle<'a>,
}

#[derive(Serialize)]
pub(super) struct RequestBody<'a> {
    pub(super) content: Members<'a, MediaType<'a>>,
    pub(super) required: bool,
}

#[derive(Serialize)]
pub(super) struct MediaType<'a> {
    pub(super) schema: Schema<'a>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) examples: Members<'a, Example<'a>>,
}

#[derive(Serialize)]
pub(super) struct Example<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<&'a str>,
    pub(super) value: ExampleValue<'a>,
}

/// The value of an example: a part of an example of the spec, or JSON derived from
/// one.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ExampleValue<'a> {
    Part(ExamplePart<'a>),
    Json(Value),
}

#[derive(Default, Serialize)]
pub(super) struct Response<'a> {
    pub(super) description: Text<'a>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) headers: Members<'a, Header<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) content: Members<'a, MediaType<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) links: Members<'a, Link<'a>>,
}

#[derive(Serialize)]
pub(super) struct Header<'a> {
    pub(super) description: &'static str,
    pub(super) schema: Schema<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link<'a> {
    pub(super) operation_id: String,
    pub(super) parameters: Members<'a, &'static str>,
    pub(super) description: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Components<'a> {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) schemas: Members<'a, Schema<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) responses: Members<'a, Response<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) parameters: Members<'a, Parameter<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) security_schemes: Members<'a, SecurityScheme<'a>>,
}

/// A key in a header, the closest that OpenAPI has.
#[derive(Serialize)]
pub(super) struct SecurityScheme<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) description: String,
    pub(super) name: &'a str,
    #[serde(rename = "in")]
    pub(super) place: &'static str,
    /// The beginning of the header's value: a word and a space.
    #[serde(rename = "x-prefix", skip_serializing_if = "Option::is_none")]
    pub(super) prefix: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum OrRef<T> {
    Ref(Ref),
    Item(Box<T>),
}

impl<T> OrRef<T> {
    pub(super) fn new(item: T) -> Self {
        Self::Item(Box::new(item))
    }

    pub(super) fn to(section: &str, name: &str) -> Self {
        Self::Ref(Ref::new(section, name))
    }
}

/// JSON content with a schema and examples.
pub(super) fn json<'a>(schema: Schema<'a>, examples: Members<'a, Example<'a>>) -> Members<'a, MediaType<'a>> {
    Members::from([("application/json".into(), MediaType { schema, examples })])
}

/// The text of a version; `None` if it is unknown.
pub(super) fn known_version(version: &Version) -> Option<String> {
    (!version.is_unknown()).then(|| version.to_string())
}
