//! Finds out what a change to the spec means for clients, and reports it.
//!
//! ```text
//! revisions ─ load ─▶ two models ─ compare ─▶ changes ─ judge ─▶ findings ─ waive, report ─▶ text, markdown, JSON …
//! ```
//!
//! Two models are compared element by element, by name. Each difference is a change of some
//! [kind](zstack_model::changes::ChangeKind). Records are compared with all their fields, including inherited ones.
//! Accepted findings are [waived](waive()) and stay in the report.

mod bases;
mod change;
pub mod changelog;
pub mod close;
mod compare;
mod constraints;
mod crate_version;
mod element;
mod element_facts;
mod fields;
mod fingerprint;
mod history_check;
mod inherited;
mod judge;
mod locks;
mod models;
mod operation;
mod pair;
mod paths;
mod release_history;
mod renames;
pub mod report;
mod retirement;
mod review;
mod review_side;
pub mod revisions;
mod service;
mod side_files;
mod type_graph;
mod type_kind;
mod types;
mod waive;

pub use change::Change;
pub use compare::{compare, diff};
pub use element::{OperationPart, SpecElement};
pub use fingerprint::Fingerprints;
pub use judge::Finding;
pub use release_history::{ReleaseChange, history, history_of};
pub use review::review;
pub use review_side::ReviewSide;
pub use side_files::SideFiles;
pub use waive::waive;
