//! The two models of a comparison.

use std::collections::BTreeSet;

use super::renames::Renames;
use zstack_model::Model;

/// Both models, and what is derived from both before they are compared.
#[derive(Clone, Copy)]
pub(super) struct Models<'a> {
    pub(super) old: &'a Model,
    pub(super) new: &'a Model,
    pub(super) renames: &'a Renames<'a>,
    /// The data types whose values are on the wire, of either side.
    pub(super) held: [&'a BTreeSet<&'a str>; 2],
}
