//! `waivers.yaml`.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Line, Source, Text};
use crate::changes::WaiverKind;

/// What reviews of changes found and somebody accepted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waivers {
    /// The waivers, in any order.
    // `None` for one with mistakes.
    #[serde(deserialize_with = "all")]
    #[schemars(with = "Vec<Waiver>")]
    pub waivers: Vec<Option<Waiver>>,
}

/// Each of them, or an error.
fn all<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<Waiver>>, D::Error> {
    Vec::<Waiver>::deserialize(deserializer).map(|deserialize| deserialize.into_iter().map(Some).collect())
}

impl Source for Waivers {
    /// A waiver with a mistake does not keep the others from being checked.
    fn from_usable(usable: Value) -> Option<Self> {
        let waivers = usable.get("waivers")?.as_array()?;
        Some(Self { waivers: waivers.iter().map(|waiver| Waiver::deserialize(waiver).ok()).collect() })
    }
}

/// Accepts what a rule of `cargo xtask diff` finds at an element.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiver {
    /// The rule: `param-became-required`.
    pub rule: Line,
    /// The element, as the report of `--format json` names it:
    /// `DetachIsoFromVmInstance/isoUuid`.
    pub element: Line,
    /// The one change that is meant, as `--verbose` shows it; without one, any
    /// of this rule at this element.
    pub fingerprint: Option<Line>,
    /// Why it is accepted, in a word. Most rules take `break` or `correction`;
    /// `cargo xtask explain RULE` says which.
    pub kind: WaiverKind,
    /// Why it is accepted, for whoever reads the report.
    pub reason: Text,
    /// Who answers for it.
    pub owner: Option<Line>,
    /// Until when it holds; for good if nothing is said.
    pub expires: Option<Expires>,
}

/// The end of a waiver, not yet taken apart.
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
            "description": "The last day on which it holds, 2026-12-31; or a release in quotes, \"5.3.0\": it ends \
                            when that is out.",
            "type": "string",
            "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,5}([.][0-9]{1,5}){0,3})$",
        })
    }
}
