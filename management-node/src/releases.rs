//! The releases that the spec declares, by the versions that people write.

pub use zstack_vocabulary::FoundRelease;
use zstack_vocabulary::find_release;

use crate::reference;

/// Finds the declared release that a version means: see [`find_release`].
///
/// # Errors
///
/// For a text that is not a version, and for a version before the first release or after the last: the problem, and the
/// nearest declared releases.
pub fn find(text: &str) -> Result<FoundRelease, String> {
    let declared = reference::releases().map_err(|error| error.to_string())?;
    find_release(text, declared).map_err(|error| error.to_string())
}
