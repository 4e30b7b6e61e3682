//! What is allowed, and what becomes of it: pure functions, no I/O.
//!
//! Every operation has a file. It takes the facts that were loaded, checks the
//! rows of its rule table one after the other, and answers the [`Changes`] to
//! make, or the error of the first row that does not hold. `admit` checks what
//! a dry run checks: existence, session, permission, and whether the request
//! makes sense. `decide` checks what only counts when it is really done.
//!
//! Where the platform forgets a check that this node makes, a comment says so.
//!
//! [`Changes`]: crate::model::Changes

mod access;
pub mod access_keys;
pub mod attach_iso;
pub mod candidates;
pub mod create_cd_rom;
pub mod detach_iso;
pub mod errors;
pub mod reimage;
pub mod sessions;
mod storages;
mod tags;

pub use errors::Verdict;
pub use storages::{Storages, works_with};
