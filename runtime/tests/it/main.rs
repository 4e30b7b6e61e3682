//! The wire formats, queries, the client, the server, and both with older releases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
#[cfg(feature = "server")]
mod own_process;
mod queries;
mod releases;
mod server;
mod special_members;
mod wire_values;
