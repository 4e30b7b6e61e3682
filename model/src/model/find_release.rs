//! Declared releases, by the versions that command lines name.

use zstack_vocabulary::{FindReleaseError, find_release};

use super::{Service, Version};

/// The declared release that a version means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRelease<'a> {
    /// The version, as `api.yaml` writes it.
    pub version: &'a Version,
    /// One sentence without a full stop for the caller, where another version was asked for.
    pub note: Option<String>,
}

impl Service {
    /// Finds the declared release that a version means: see [`find_release`].
    ///
    /// # Errors
    ///
    /// For a text that is not a version, and for a version before the first release or after the last.
    pub fn find_release(&self, text: &str) -> Result<FoundRelease<'_>, FindReleaseError> {
        let declared: Vec<_> = self.releases.iter().map(|release| release.version.to_vocabulary()).collect();
        let found = find_release(text, &declared)?;
        let at = declared.iter().position(|version| *version == found.version);
        // A release that was found is one of the declared ones.
        let version = &self.releases[at.unwrap_or_default()].version;
        Ok(FoundRelease { version, note: found.note })
    }
}
