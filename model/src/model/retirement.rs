//! Deprecations and removals.

use super::Version;

/// The deprecation and the removal of an element, if there are any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Retirement {
    /// The release that deprecates it; release 0 if that is unknown.
    pub deprecated: Option<Version>,
    /// The first release without it.
    pub removed: Option<Version>,
    /// The alternative: a name or a sentence.
    pub replacement: Option<String>,
}

impl Retirement {
    /// No deprecation and no removal.
    pub const NONE: Self = Self { deprecated: None, removed: None, replacement: None };

    /// Returns whether a release does not have the element any longer.
    pub fn is_removed_in(&self, version: &Version) -> bool {
        self.removed.as_ref().is_some_and(|removed| removed <= version)
    }

    /// The retirement as known in a release that still has the element.
    pub(super) fn at(&self, version: &Version) -> Self {
        match &self.deprecated {
            Some(deprecated) if deprecated <= version => Self { removed: None, ..self.clone() },
            _ => Self::NONE,
        }
    }
}
