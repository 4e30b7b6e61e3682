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

mod bases;
mod change;
pub mod changelog;
pub mod close;
mod compare;
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
mod models;
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
mod reviewed;
pub mod revisions;
mod service;
mod type_change;
mod types;
mod waive;

pub use change::Change;
pub use compare::{compare, diff};
pub use element::{Element, Part};
pub use fingerprint::Fingerprints;
pub use judge::Finding;
pub use place::Side;
pub use releases::{Event, history, history_of};
pub use review::review;
pub use reviewed::Reviewed;
pub use waive::waive;
