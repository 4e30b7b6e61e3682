//! Enumerated values of the spec.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::Text;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads. Parameters are in the path and the query.
    Get,
    /// Creates.
    Post,
    /// Acts on an existing resource.
    Put,
    /// Deletes. Parameters are in the path and the query.
    Delete,
}

/// The authentication of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Auth {
    /// A session.
    Session,
    /// None.
    None,
}

/// The part of a request that contains a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// The path.
    Path,
    /// The query string.
    Query,
    /// The body.
    Body,
}

/// The execution of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Execution {
    /// The response is the result.
    Sync,
    /// The response is 202 and a job to poll.
    Async,
}

/// The key that encloses the body's parameters, as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Body(pub Text);

impl Body {
    /// The name of the definition in the schemas.
    pub(crate) const SCHEMA_NAME: &'static str = "Body";
}

impl JsonSchema for Body {
    fn schema_name() -> Cow<'static, str> {
        Self::SCHEMA_NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`none`; `action`, for the operation's name with its first letter in lower case; \
                            or the key itself, such as `params`, or \"null\" in quotes.",
            "type": "string",
            "examples": ["none", "params", "action", "null"],
        })
    }
}
