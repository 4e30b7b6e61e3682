//! How an element leaves the API.

use super::Version;

/// How an element leaves the API: advised against in one release, gone in a
/// later one. Nothing is set for what stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Retirement {
    /// The release that advises against it.
    pub deprecated: Option<Version>,
    /// The first release that no longer has it.
    pub removed: Option<Version>,
    /// What to use instead: a name, or a sentence.
    pub replacement: Option<String>,
}

impl Retirement {
    /// Of what stays.
    pub const NONE: Self = Self { deprecated: None, removed: None, replacement: None };

    /// Whether the element is gone in a release.
    pub fn is_removed_in(&self, version: &Version) -> bool {
        self.removed.as_ref().is_some_and(|it| it <= version)
    }

    /// What a release that still has the element knows of its end.
    pub(super) fn at(&self, version: &Version) -> Self {
        match &self.deprecated {
            Some(deprecated) if deprecated <= version => Self { removed: None, ..self.clone() },
            _ => Self::NONE,
        }
    }
}
