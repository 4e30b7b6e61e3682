//! The release of the sender of a value, which decides on the fields that must be present.
//!
//! `serde` passes no context through nested values, so the release is a variable of the thread. It is
//! read only if a required field is missing, or fields have changed.

use std::cell::Cell;

use crate::Version;
use crate::record::Field;

thread_local! {
    static RELEASE: Cell<Version> = const { Cell::new(Version::NEWEST) };
}

/// Decodes a value that a peer of this release sent. Required fields that the release does not require
/// may be missing, and keep their default. Calls are not nested.
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) fn in_release<T>(release: Version, decode: impl FnOnce() -> T) -> T {
    /// Restores the previous release, also after a panic.
    struct Restore(Version);

    impl Drop for Restore {
        fn drop(&mut self) {
            RELEASE.set(self.0);
        }
    }

    // The default.
    if release == Version::NEWEST {
        return decode();
    }
    let _restore = Restore(RELEASE.replace(release));
    decode()
}

/// Returns whether a record must have this field: if the release of the sender has it, and requires
/// it.
#[must_use]
pub fn requires(field: &Field) -> bool {
    let release = RELEASE.get();
    field.is_in(release) && field.at(release).required
}
