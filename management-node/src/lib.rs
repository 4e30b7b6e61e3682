//! A ZStack management node small enough for a laptop: the operations of the
//! API around ISO images and CD-ROM drives, working on a store in one file.
//!
//! | module | holds |
//! |---|---|
//! | [`model`] | what there is: plain data |
//! | [`rules`] | what is allowed and what becomes of it: pure functions |
//! | [`query`] | what can be asked for, and what was |
//! | [`store`] | where it is kept: a trait, and SQLite behind it |
//! | [`service`] | the operations: load, decide, commit, answer |
//! | [`inventory`] | filling a store from a file that people write |
//! | [`control`] | requests of tests to the node itself |
//! | [`hosts`] | the hosts by which a node may be called |
//! | `reference` | the built-in spec, and what is made of it |
//! | `openapi` | the API as a document |
//! | `dashboard`, `pages` | pages for browsers |
//! | [`releases`] | the declared releases |
//! | [`serve`], [`app`] | sockets, and the whole node put together |
//! | [`clock`], [`uuids`] | time and identities |

mod addresses;
pub mod app;
pub mod clock;
pub mod control;
mod dashboard;
pub mod hosts;
pub mod inventory;
pub mod model;
mod negotiate;
mod openapi;
mod pages;
pub mod query;
mod reference;
pub mod releases;
pub mod rules;
pub mod serve;
pub mod service;
pub mod store;
pub mod uuids;
