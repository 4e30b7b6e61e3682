//! Every operation of the spec, from generated client to generated server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod actions;
mod api;
mod dynamic;
mod errors;
mod explain;
mod past;
mod requests;
mod reserved;
mod round_trip;
#[path = "../../../../model/tests/sample/mod.rs"]
mod sample;
mod scalars;
mod sessions;
mod spec;
mod versions;
