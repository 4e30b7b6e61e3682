//! The release of the server, shared by all calls.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::Version;

/// A version that several threads share and that rarely changes.
#[derive(Debug)]
pub(crate) struct AtomicVersion {
    packed: AtomicU64,
    /// Used by `Display` only; right after a change, it may be that of the previous version.
    parts: AtomicU8,
}

impl AtomicVersion {
    pub(crate) fn new(version: Version) -> Self {
        let (packed, parts) = version.to_parts();
        Self { packed: AtomicU64::new(packed), parts: AtomicU8::new(parts) }
    }

    pub(crate) fn get(&self) -> Version {
        Version::from_parts(self.packed.load(Ordering::Relaxed), self.parts.load(Ordering::Relaxed))
    }

    pub(crate) fn set(&self, version: Version) {
        let (packed, parts) = version.to_parts();
        self.packed.store(packed, Ordering::Relaxed);
        self.parts.store(parts, Ordering::Relaxed);
    }
}
