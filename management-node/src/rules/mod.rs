//! What is allowed, and what becomes of it: pure functions, no I/O.
//!
//! Every operation has a file; the simple changes of state share one,
//! [`lifecycle`]. It takes the facts that were loaded, checks the rows of its
//! rule table one after the other, and answers the [`Changes`] to make, or the
//! error of the first row that does not hold. `admit` checks what a dry run
//! checks: existence, session, permission, and whether the request makes sense.
//! `decide` checks what only counts when it is really done.
//!
//! Where the platform forgets a check that this node makes, a comment says so.
//!
//! [`Changes`]: crate::model::Changes

mod access;
pub mod access_keys;
mod addresses;
pub mod attach_iso;
pub mod candidates;
pub mod create_cd_rom;
pub mod default_cd_rom;
pub mod delete_cd_rom;
pub mod destroy;
pub mod detach_iso;
pub mod errors;
mod inserted;
pub mod iso_candidates;
pub mod lifecycle;
mod places;
pub mod reboot;
pub mod reimage;
pub mod sessions;
pub mod start;
mod storages;
mod tags;
mod texts;
mod transition;
pub mod update_cd_rom;

pub use addresses::{Network, without_address};
pub use errors::Verdict;
pub use places::{HostLoad, Places, Wish};
pub use storages::{Storages, works_with};
