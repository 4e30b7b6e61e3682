//! Versions of releases.

pub use zstack_vocabulary::Version;
