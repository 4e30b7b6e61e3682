//! What a change to the spec does to those who call the API.
//!
//! ```text
//! model A, model B ─ compare ─▶ changes (what is different) ─ judge ─▶ findings (what that means)
//! ```
//!
//! Two models are compared element by element, by name. Every difference is a
//! change of some [kind](zstack_model::changes::ChangeKind). Fields are those that a
//! record has, inherited ones included. What is accepted is [waived](waive()) then, and
//! stays in the report.

mod change;
pub mod changelog;
pub mod close;
mod constraints;
mod crates;
mod element;
mod facts;
mod fields;
mod fingerprint;
mod history;
mod inherited;
mod judge;
mod locks;
mod operation;
mod pair;
mod paths;
mod place;
mod reach;
mod releases;
mod renames;
pub mod report;
mod retirement;
mod review;
mod service;
mod types;
mod waive;

pub use change::Change;
pub use element::{Element, Part};
pub use fingerprint::Fingerprints;
pub use judge::Finding;
pub use place::Side;
pub use releases::{Event, history, history_of};
pub use review::{Reviewed, review};
pub use waive::waive;

use std::collections::BTreeSet;

use change::Changes;
use renames::Renames;
use types::Models;

use zstack_model::Model;

/// Everything in which two models differ: the service first, then operations,
/// then data types, each in the order of the new model, with what is gone
/// before what is there.
pub fn compare(old: &Model, new: &Model) -> Vec<Change> {
    differences(Models {
        old,
        new,
        renames: &Renames::new(old, new),
        held: [&old.held_types(), &new.held_types()],
    })
}

/// The same of two parts; `held` are the bases whose values are [on the wire](Model::held_types) of the
/// whole on either side.
fn compare_parts(old: &Model, new: &Model, held: [&BTreeSet<&str>; 2]) -> Vec<Change> {
    differences(Models { old, new, renames: &Renames::new(old, new), held })
}

/// Everything in which two models differ, and what it means.
pub fn diff(old: &Model, new: &Model) -> Vec<Finding> {
    let held = [&old.held_types(), &new.held_types()];
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
