//! Words of the spec that several elements share.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::Text;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads; parameters travel in path and query.
    Get,
    /// Creates.
    Post,
    /// Acts on what exists.
    Put,
    /// Deletes; parameters travel in path and query.
    Delete,
}

/// What authentication an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Auth {
    /// A session.
    Session,
    /// None.
    None,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the body.
    Body,
}

/// How long an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Execution {
    /// Answered at once.
    Sync,
    /// Long: 202 and a job to poll.
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
            "description": "`none`; `action`, the operation's name with its first letter lowered; \
                            or the key itself: `params`, or \"null\" in quotes.",
            "type": "string",
            "examples": ["none", "params", "action", "null"],
        })
    }
}
