//! The rules of operations: pure functions without I/O. An operation itself, a function in
//! `service/written`, loads the documents that they need.
//!
//! | module | contents |
//! |---|---|
//! | [`errors`] | the errors, with the codes of the platform |
//! | `vms` | VM instances with their parts, and the states that operations require |
//! | `placement` | the choice of a host |
//! | `storages` | the images on storages |
//! | `addresses` | the addresses of NICs |
//! | `access_keys`, [`sessions`] | keys and logins |
//! | `tags`, `texts` | what callers may write |
//!
//! A comment marks each check that the platform does not make.

pub(crate) mod access_keys;
pub(crate) mod addresses;
pub mod errors;
pub(crate) mod placement;
pub mod sessions;
pub(crate) mod storages;
pub(crate) mod tags;
pub(crate) mod texts;
pub(crate) mod vms;

pub use addresses::NetworkAddresses;
pub use errors::Verdict;
