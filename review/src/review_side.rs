//! What a review reads of each side.

use semver::Version;
use zstack_model::Model;
use zstack_model::lock::Lock;

/// One side of a change.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed<'a> {
    /// What the spec says.
    pub model: &'a Model,
    /// The lock beside it, where there is one.
    pub lock: Option<&'a Lock>,
    /// The version of the generated crates, where that is known.
    pub crates: Option<&'a Version>,
}
