//! A ZStack management node small enough for a laptop: the operations of the
//! API around ISO images and CD-ROM drives, working on a store in one file.
//!
//! | module | contents |
//! |---|---|
//! | [`model`] | the resources: plain data |
//! | [`rules`] | the rules of the operations: pure functions from loaded state to changes or an error |
//! | [`catalog`] | the resources of the spec as data: conventions and resource files |
//! | `cloud` | operations on documents, by the catalog: pure functions |
//! | [`query`] | the resources and fields that queries reach; parsed queries |
//! | [`store`] | the storage: a trait, and its implementation in SQLite |
//! | [`service`] | the operations: load, apply the rules, commit, respond |
//! | [`inventory`] | inventory files: loading and export |
//! | [`coverage`] | the table of performed operations |
//! | [`control`] | `/_node`, with which tests control the node |
//! | [`hosts`] | the check of the `Host` header |
//! | [`cors`] | calls from pages of other origins |
//! | `probes` | `/healthz` and `/readyz` |
//! | [`spec`] | the spec that a node serves: the built-in one, or that of a folder |
//! | `reference` | the built-in spec; the documents and pages that are made from a spec |
//! | `openapi` | `/openapi.json` |
//! | `dashboard`, `pages` | the pages for browsers |
//! | `exchange` | the facts about one request |
//! | `faults`, [`journal`] | faults that tests inject; the newest requests |
//! | `worlds` | the clouds of a node: its database, and private ones of tests |
//! | [`serve`], `frontend`, [`app`] | connections, paths, and the assembled node |
//! | [`testing`] | a node for tests in Rust |
//! | [`clock`], [`pace`] | the time, and how long operations take |
//! | [`uuids`], `suggest` | UUIDs, similar names |

mod addresses;
pub mod app;
pub mod catalog;
pub mod clock;
pub(crate) mod cloud;
pub mod control;
pub mod cors;
pub mod coverage;
mod dashboard;
mod exchange;
mod faults;
mod frontend;
pub mod hosts;
pub mod inventory;
pub mod journal;
pub mod model;
mod negotiate;
mod object;
mod openapi;
pub mod pace;
mod pages;
mod probes;
pub mod query;
mod reference;
pub mod rules;
pub mod serve;
pub mod service;
mod settings;
pub mod spec;
pub mod store;
mod suggest;
pub mod testing;
pub mod uuids;
mod worlds;
