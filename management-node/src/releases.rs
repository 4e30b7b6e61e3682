//! The releases that the spec declares, found by version.

pub use zstack_vocabulary::FoundRelease;
use zstack_vocabulary::find_release;

use crate::reference;

/// Finds the declared release for a version: see [`find_release`].
///
/// # Errors
///
/// A message with the nearest declared releases, if the text is not a version
/// or the version is before the first or after the last release.
pub fn find(text: &str) -> Result<FoundRelease, String> {
    let declared = reference::releases().map_err(|error| error.to_string())?;
    find_release(text, declared).map_err(|error| error.to_string())
}
