//! The two models of a comparison.

use std::collections::BTreeSet;

use super::renames::Renames;
use zstack_model::Model;

/// Two models to compare, with facts about both.
#[derive(Clone, Copy)]
pub(super) struct Models<'a> {
    pub(super) old: &'a Model,
    pub(super) new: &'a Model,
    pub(super) renames: &'a Renames<'a>,
    /// The data types whose values are on the wire, of the old and the new model.
    pub(super) held: [&'a BTreeSet<&'a str>; 2],
}
