//! Comparison of two models.

use std::collections::BTreeSet;

use super::change::{Change, Changes};
use super::judge::{self, Finding};
use super::models::Models;
use super::renames::Renames;
use super::{operation, service, types};
use zstack_model::Model;

/// Finds all changes between two models: of the service, of operations and of data types, each in the order of the new
/// model, with removed elements first.
pub fn compare(old: &Model, new: &Model) -> Vec<Change> {
    compare_parts(old, new, [&old.types_on_wire(), &new.types_on_wire()])
}

/// Compares parts of two models. `held` are the data types whose values are [on the wire](Model::types_on_wire) in the
/// whole models.
pub(super) fn compare_parts(old: &Model, new: &Model, held: [&BTreeSet<&str>; 2]) -> Vec<Change> {
    find_changes(Models { old, new, renames: &Renames::new(old, new), held })
}

/// Finds all changes between two models and judges them.
pub fn diff(old: &Model, new: &Model) -> Vec<Finding> {
    let held = [&old.types_on_wire(), &new.types_on_wire()];
    let models = Models { old, new, renames: &Renames::new(old, new), held };
    judge::judge(models, find_changes(models))
}

fn find_changes(models: Models<'_>) -> Vec<Change> {
    // Naming all fields makes the compiler report a new one here.
    let Model { service: _, categories: _, operations: _, types: _ } = models.old;
    let mut changes = Changes::default();
    service::compare(models, &mut changes);
    operation::compare(models, &mut changes);
    types::compare(models, &mut changes);
    changes.into_vec()
}
