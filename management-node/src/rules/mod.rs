//! The rules of the operations: pure functions without I/O.
//!
//! Each operation has a file; simple changes of state share [`lifecycle`]. An
//! operation takes loaded facts, checks the rows of its rule table in order, and
//! returns the [`Changes`] to make, or the error of the first violated row.
//! `admit` makes the checks of a dry run: existence, session, permission and
//! arguments. `decide` makes the other checks.
//!
//! A comment marks each check that the platform does not make.
//!
//! [`Changes`]: crate::model::Changes

mod access;
pub mod access_keys;
mod addresses;
pub mod attach_iso;
mod attached_isos;
pub mod create_cd_rom;
pub mod create_vm_instance;
pub mod default_cd_rom;
pub mod delete_cd_rom;
pub mod destroy;
pub mod detach_iso;
pub mod errors;
pub mod iso_candidates;
pub mod lifecycle;
mod placement;
pub mod reboot;
pub mod reimage;
pub mod sessions;
pub mod start;
mod storages;
mod tags;
mod texts;
mod transition;
pub mod update_cd_rom;
pub mod vm_candidates;

pub(crate) use addresses::allocate as allocate_addresses;
pub use addresses::{NetworkAddresses, networks_without_address};
pub use errors::Verdict;
pub use placement::{HostLoad, Infrastructure, PlacementRequest};
pub use storages::{Storages, is_compatible};
