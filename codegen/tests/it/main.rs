//! Emitting and writing the generated crates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../../model/tests/it/cases.rs"]
mod cases;
mod emit;
#[path = "../../../model/tests/sample/files.rs"]
mod part;
mod retirement;
#[path = "../../../model/tests/sample/mod.rs"]
mod sample;
mod write;
