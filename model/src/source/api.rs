//! `api.yaml`.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::{Field, Line, Text, Version};
use crate::model::ReleaseState;

/// The service: facts about all operations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Api {
    /// The title for pages and documentation.
    pub title: Line,
    /// A paragraph about the service.
    pub description: Option<Text>,
    /// The prefix of every path, such as `/zstack/v1`.
    pub base_path: Line,
    /// The authentication schemes, by name.
    #[serde(default, deserialize_with = "schemes")]
    pub auth: BTreeMap<String, AuthScheme>,
    /// The releases, sorted by version, not by date: 4.7.11 before 5.0.
    pub releases: Vec<Release>,
    /// The minimum number of releases between the deprecation of an element and its removal. With 1, the next
    /// release may remove it.
    #[serde(default = "next_release")]
    pub deprecation_window: u16,
    /// The categories of operations, in the order of the documentation.
    pub categories: Vec<Category>,
    /// The fields that every response may contain in addition to its own.
    #[serde(default)]
    pub envelope: Vec<Field>,
    /// Paths of the platform that the spec does not describe, but that a path variable of another
    /// operation would match.
    #[serde(default)]
    pub reserved: Vec<ReservedPath>,
}

fn next_release() -> u16 {
    1
}

/// An authentication scheme.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthScheme {
    /// The header that contains the credentials.
    pub header: Line,
    /// The first word of the header's value.
    pub scheme: Option<Line>,
    /// The credentials and how clients obtain them.
    pub description: Option<Text>,
}

/// A release of the platform.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The state: published or not.
    #[serde(default)]
    pub state: ReleaseState,
    /// A summary of the release.
    pub description: Option<Text>,
}

/// A category of operations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Category {
    /// The name in kebab case, which is also the name of the folder, such as `vm-instance`.
    pub name: Line,
    /// The title for pages and documentation, such as `VM Instance Operations`.
    pub title: Line,
    /// True if its cargo feature is one of the default features of the generated crates. If no category is a
    /// default, all are.
    #[serde(default)]
    pub default: bool,
    /// A paragraph about the category.
    pub description: Option<Text>,
}

/// A path of the platform that the spec does not describe. Servers answer requests for it with 404 and
/// the names of its operations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReservedPath {
    /// The path without the base path, such as `/vm-instances/nics`.
    pub path: Line,
    /// The operations that the platform serves there, such as `[QueryVmNic]`.
    pub operations: Vec<Line>,
}

/// Reads a map that refuses duplicate keys.
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
