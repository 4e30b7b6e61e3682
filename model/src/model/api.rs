//! The service, its releases and its categories, from `api.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, Version};

/// The service, from `api.yaml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The title for pages and documentation.
    pub title: String,
    /// A paragraph about the service.
    pub description: Option<String>,
    /// The prefix of every path, such as `/zstack/v1`.
    pub base_path: String,
    /// The authentication schemes, sorted by name.
    pub auth: Vec<AuthScheme>,
    /// The releases, sorted by version.
    pub releases: Vec<Release>,
    /// The minimum number of releases between deprecation and removal; with 1, the next release may
    /// remove an element.
    pub deprecation_window: u16,
    /// The fields that every response may contain in addition to its own, such as `error`.
    pub envelope: Vec<Field>,
    /// Paths of the platform that the spec does not describe.
    pub reserved: Vec<ReservedPath>,
}

/// An authentication scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthScheme {
    /// The name that `auth` of an operation refers to, such as `session`.
    pub name: String,
    /// The header that contains the credentials.
    pub header: String,
    /// The first word of the header's value.
    pub scheme: Option<String>,
    /// The credentials and how clients obtain them.
    pub description: Option<String>,
}

/// A declared release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The state: published or not.
    pub state: ReleaseState,
    /// A summary of the release.
    pub description: Option<String>,
}

/// The state of a release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ReleaseState {
    /// Published: its API can no longer change.
    #[default]
    Released,
    /// Not published yet.
    Next,
}

/// A path of the platform that the spec does not describe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedPath {
    /// The path, without the base path, such as `/vm-instances/nics`.
    pub path: String,
    /// The names of the operations that the platform serves there.
    pub operations: Vec<String>,
}

/// A category of operations, which becomes a module, a trait and a cargo feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// The name in kebab case, which is also the name of the folder, such as `vm-instance`.
    pub name: String,
    /// The title for pages and documentation, such as `VM Instance Operations`.
    pub title: String,
    /// True if its cargo feature is one of the default features of the generated crates. If no category is a
    /// default, all are.
    pub default: bool,
    /// A paragraph about the category.
    pub description: Option<String>,
}
