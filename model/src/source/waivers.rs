//! `waivers.yaml`.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Line, SourceFile, Text};
use crate::changes::WaiverKind;

/// Findings of reviews that have been accepted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waivers {
    /// The waivers, in any order.
    // `None` for an invalid one.
    #[serde(deserialize_with = "all")]
    #[schemars(with = "Vec<Waiver>")]
    pub waivers: Vec<Option<Waiver>>,
}

/// Reads all waivers, or fails.
fn all<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<Waiver>>, D::Error> {
    Vec::<Waiver>::deserialize(deserializer).map(|waivers| waivers.into_iter().map(Some).collect())
}

impl SourceFile for Waivers {
    /// Reads valid waivers even if others are invalid, so that all are checked.
    fn from_usable(usable: Value) -> Option<Self> {
        let waivers = usable.get("waivers")?.as_array()?;
        Some(Self { waivers: waivers.iter().map(|waiver| Waiver::deserialize(waiver).ok()).collect() })
    }
}

/// Accepts a finding of `cargo xtask diff`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiver {
    /// The id of the rule, such as `param-became-required`.
    pub rule: Line,
    /// The element, as `--format json` names it, such as `DetachIsoFromVmInstance/isoUuid`.
    pub element: Line,
    /// The fingerprint of a single change, as `--verbose` shows it. Without it, the waiver accepts all
    /// findings of the rule at the element.
    pub fingerprint: Option<Line>,
    /// The kind of the decision. Most rules accept `break` or `correction`; `cargo xtask explain RULE` lists
    /// them.
    pub kind: WaiverKind,
    /// The reason, for the readers of the report.
    pub reason: Text,
    /// The person or team responsible.
    pub owner: Option<Line>,
    /// The end of the waiver. Without it, the waiver does not expire.
    pub expires: Option<Expires>,
}

/// The end of a waiver, as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Expires(Text);

impl Expires {
    /// The name of the definition in the schemas.
    pub(crate) const SCHEMA_NAME: &'static str = "Expires";
}

impl Deref for Expires {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl JsonSchema for Expires {
    fn schema_name() -> Cow<'static, str> {
        Self::SCHEMA_NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The last day of the waiver, such as 2026-12-31, or a version in quotes, such as \
                            \"5.3.0\", which ends it when it is released.",
            "type": "string",
            "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,5}([.][0-9]{1,5}){0,3})$",
        })
    }
}
