//! One side of a review.

use semver::Version;
use zstack_model::Model;
use zstack_model::lock::Lock;

/// One side of a review.
#[derive(Clone, Copy, Debug)]
pub struct ReviewSide<'a> {
    /// The model of the spec.
    pub model: &'a Model,
    /// The lock of its releases, if there is one.
    pub lock: Option<&'a Lock>,
    /// The version of the generated crates, if it is known.
    pub crates: Option<&'a Version>,
}
