//! The objects of an OpenAPI 3.1 document that are used here, their keys in the
//! order in which they are written.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::losses::LossKind;
use super::parts::{History, Members, Ref, is_false};
use super::schema::Schema;
use crate::http_example::Part;
use zstack_model::Version;

/// A text of the spec, or one that was made of several.
pub(super) type Text<'a> = Cow<'a, str>;

/// The names of schemes, each with no scopes: all of them are needed.
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
    /// How often each kind of loss occurs.
    #[serde(rename = "x-losses", skip_serializing_if = "IndexMap::is_empty")]
    pub(super) losses: IndexMap<LossKind, usize>,
}

#[derive(Serialize)]
pub(super) struct Info<'a> {
    pub(super) title: &'a str,
    pub(super) description: String,
    pub(super) version: &'a str,
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
    /// What Redoc and others show instead of the name.
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
    /// What OpenAPI has no key for, of the one operation that this is.
    #[serde(flatten)]
    pub(super) more: Option<More<'a>>,
    /// The operations that share the method and the path.
    #[serde(rename = "x-operations", skip_serializing_if = "Vec::is_empty")]
    pub(super) operations: Vec<Sharing<'a>>,
}

/// What OpenAPI has no key for.
#[derive(Default, Serialize)]
pub(super) struct More<'a> {
    /// `sync`: answered at once; `async`: a job.
    #[serde(rename = "x-execution")]
    pub(super) execution: &'static str,
    /// What the job ends with.
    #[serde(rename = "x-job-result", skip_serializing_if = "Option::is_none")]
    pub(super) job_result: Option<Ref>,
    #[serde(rename = "x-system-tags", skip_serializing_if = "Vec::is_empty")]
    pub(super) system_tags: Vec<SystemTag<'a>>,
    #[serde(rename = "x-errors", skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<ErrorCase<'a>>,
    #[serde(rename = "x-message", skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<Message<'a>>,
    #[serde(flatten)]
    pub(super) history: History<'a>,
}

/// One of several operations on a method and a path.
#[derive(Serialize)]
pub(super) struct Sharing<'a> {
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
    pub(super) more: More<'a>,
}

#[derive(Serialize)]
pub(super) struct SystemTag<'a> {
    pub(super) pattern: &'a str,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct ErrorCase<'a> {
    pub(super) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<&'a str>,
    pub(super) when: &'a str,
}

/// The classes of the platform's older channel.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) class: &'a str,
    pub(super) reply: &'a str,
}

#[derive(Serialize)]
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
    /// What the spec calls a variable of a path whose other operations call it
    /// otherwise.
    #[serde(rename = "x-name", skip_serializing_if = "Option::is_none")]
    pub(super) own_name: Option<&'a str>,
    #[serde(flatten)]
    pub(super) history: History<'a>,
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
    pub(super) value: Given<'a>,
}

/// The value of an example: as the spec has it, or as it travels.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Given<'a> {
    Spec(Part<'a>),
    Made(Value),
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

/// A key in a header, which is as near as OpenAPI comes.
#[derive(Serialize)]
pub(super) struct SecurityScheme<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) description: String,
    pub(super) name: &'a str,
    #[serde(rename = "in")]
    pub(super) place: &'static str,
    /// The first word of the header's value, and a space.
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

/// JSON of a schema, with its examples.
pub(super) fn json<'a>(schema: Schema<'a>, examples: Members<'a, Example<'a>>) -> Members<'a, MediaType<'a>> {
    Members::from([("application/json".into(), MediaType { schema, examples })])
}

/// A version, unless nobody knows it.
pub(super) fn known(version: &Version) -> Option<&str> {
    (!version.is_unknown()).then_some(version.text.as_str())
}
