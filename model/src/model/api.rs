//! What `api.yaml` says: the service, its releases and its categories.

use super::{Field, Version};

/// What `api.yaml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The title, for people.
    pub title: String,
    /// A paragraph about the service.
    pub description: Option<String>,
    /// The prefix of every path, such as `/zstack/v1`.
    pub base_path: String,
    /// The ways to authenticate, by name.
    pub auth: Vec<AuthScheme>,
    /// Releases, in the order of their numbers.
    pub releases: Vec<Release>,
    /// How many releases after its deprecation an element may be removed: 1 is
    /// the very next one.
    pub deprecation_window: u16,
    /// The fields that any response may carry besides its own, such as `error`.
    pub envelope: Vec<Field>,
    /// The paths of the platform that no operation of the model has.
    pub reserved: Vec<ReservedPath>,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthScheme {
    /// What `auth` of an operation calls it: `session`.
    pub name: String,
    /// The header that carries it.
    pub header: String,
    /// The first word of the header's value.
    pub scheme: Option<String>,
    /// What it is and where it comes from.
    pub description: Option<String>,
}

/// A declared release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// Whether it is out, or still being written.
    pub state: ReleaseState,
    /// What it is about.
    pub description: Option<String>,
}

/// Whether a release is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseState {
    /// Out: what belongs to it does not change any more.
    Released,
    /// Being written.
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

/// A group of operations; a module, a trait and a cargo feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Kebab case, as in the folder's name: `vm-instance`.
    pub name: String,
    /// For people: `VM Instance Operations`.
    pub title: String,
    /// A paragraph.
    pub description: Option<String>,
}
