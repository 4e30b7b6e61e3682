//! Lookup of declared releases by version.

use zstack_vocabulary::{FindReleaseError, find_release};

use super::{Service, Version};

/// A declared release that was found by a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRelease<'a> {
    /// The version, as `api.yaml` writes it.
    pub version: &'a Version,
    /// A sentence without a full stop for the user, if the version itself is not declared.
    pub note: Option<String>,
}

impl Service {
    /// Finds the declared release for a version: see [`find_release`].
    ///
    /// # Errors
    ///
    /// If the text is not a version, or the version is before the first release or after the last.
    pub fn find_release(&self, text: &str) -> Result<FoundRelease<'_>, FindReleaseError> {
        let declared: Vec<_> = self.releases.iter().map(|release| release.version).collect();
        let found = find_release(text, &declared)?;
        let at = declared.iter().position(|version| *version == found.version);
        // A release that was found is one of the declared ones.
        let version = &self.releases[at.unwrap_or_default()].version;
        Ok(FoundRelease { version, note: found.note })
    }
}
