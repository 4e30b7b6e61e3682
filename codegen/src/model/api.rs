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
    /// Releases, in the order of their numbers.
    pub releases: Vec<Release>,
    /// How many releases after its deprecation an element may be removed: 1 is
    /// the very next one.
    pub deprecation_window: u16,
    /// The fields that any response may carry besides its own, such as `error`.
    pub envelope: Vec<Field>,
}

/// A declared release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// Whether it is out, or still being written.
    pub state: ReleaseState,
}

/// Whether a release is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseState {
    /// Out: what belongs to it does not change any more.
    Released,
    /// Being written.
    Next,
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
