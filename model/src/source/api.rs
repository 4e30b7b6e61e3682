//! `api.yaml`.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::{Field, Line, Text, Version};

/// The service: what is true for all operations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Api {
    /// The title, for people.
    pub title: Line,
    /// A paragraph about the service.
    pub description: Option<Text>,
    /// The prefix of every path: `/zstack/v1`.
    pub base_path: Line,
    /// The ways to authenticate, by name.
    #[serde(default, deserialize_with = "schemes")]
    pub auth: BTreeMap<String, AuthScheme>,
    /// The releases in the order of their numbers: 4.7.11 before 5.0, whichever
    /// came out first.
    pub releases: Vec<Release>,
    /// The policy of removals: how many releases after its deprecation an
    /// element may be gone. 1 is the very next one.
    #[serde(default = "next_release")]
    pub deprecation_window: u16,
    /// The groups of operations, in the order of the documentation.
    pub categories: Vec<Category>,
    /// The fields that every response may carry besides its own.
    #[serde(default)]
    pub envelope: Vec<Field>,
    /// The paths of the platform that no operation here describes, and that a
    /// variable in the path of another operation would take.
    #[serde(default)]
    pub reserved: Vec<ReservedPath>,
}

fn next_release() -> u16 {
    1
}

/// A way to authenticate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthScheme {
    /// The header that carries it.
    pub header: Line,
    /// The first word of the header's value.
    pub scheme: Option<Line>,
    /// What it is and where it comes from.
    pub description: Option<Text>,
}

/// A release of the platform.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// Whether it is out.
    #[serde(default)]
    pub state: ReleaseState,
    /// What it is about.
    pub description: Option<Text>,
}

/// Whether a release is out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ReleaseState {
    /// Out: what belongs to it does not change any more.
    #[default]
    Released,
    /// Still being written.
    Next,
}

/// A group of operations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Category {
    /// Kebab case, the name of the folder: `vm-instance`.
    pub name: Line,
    /// For people: `VM Instance Operations`.
    pub title: Line,
    /// A paragraph.
    pub description: Option<Text>,
}

/// A path of the platform that the spec does not describe. A server answers
/// 404 there and names the operations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReservedPath {
    /// The path, without the base path: `/vm-instances/nics`.
    pub path: Line,
    /// The operations that the platform serves there: `[QueryVmNic]`.
    pub operations: Vec<Line>,
}

/// A plain map would let the last of two equal keys win.
fn schemes<'de, D>(deserializer: D) -> Result<BTreeMap<String, AuthScheme>, D::Error>
where
    D: Deserializer<'de>,
{
    struct Schemes;

    impl<'de> Visitor<'de> for Schemes {
        type Value = BTreeMap<String, AuthScheme>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a mapping")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((name, scheme)) = entries.next_entry::<String, _>()? {
                if map.insert(name, scheme).is_some() {
                    return Err(A::Error::custom("duplicate key"));
                }
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Schemes)
}
