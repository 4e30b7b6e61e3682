//! Comparison of two models.

use std::collections::BTreeSet;

use super::change::{Change, Changes};
use super::judge::{self, Finding};
use super::models::Models;
use super::renames::Renames;
use super::{operation, service, types};
use zstack_model::Model;

/// Everything in which two models differ: the service first, then operations,
/// then data types, each in the order of the new model, with what is gone
/// before what is there.
pub fn compare(old: &Model, new: &Model) -> Vec<Change> {
    differences(Models {
        old,
        new,
        renames: &Renames::new(old, new),
        held: [&old.types_on_wire(), &new.types_on_wire()],
    })
}

/// The same of two parts; `held` are the bases whose values are [on the wire](Model::types_on_wire) of the
/// whole on either side.
pub(super) fn compare_parts(old: &Model, new: &Model, held: [&BTreeSet<&str>; 2]) -> Vec<Change> {
    differences(Models { old, new, renames: &Renames::new(old, new), held })
}

/// Everything in which two models differ, and what it means.
pub fn diff(old: &Model, new: &Model) -> Vec<Finding> {
    let held = [&old.types_on_wire(), &new.types_on_wire()];
    let models = Models { old, new, renames: &Renames::new(old, new), held };
    judge::judge(models, differences(models))
}

fn differences(models: Models<'_>) -> Vec<Change> {
    // All of it is named, so that what a model gets later is not forgotten here.
    let Model { service: _, categories: _, operations: _, types: _ } = models.old;
    let mut changes = Changes::default();
    service::compare(models, &mut changes);
    operation::compare(models, &mut changes);
    types::compare(models, &mut changes);
    changes.into_vec()
}
