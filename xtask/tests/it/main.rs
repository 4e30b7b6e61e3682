//! The program as people run it, and what the repository promises.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod architecture;
mod diff;
mod explain;
mod injection;
mod obstacles;
mod packages;
mod pages;
#[path = "../../../model/tests/sample/files.rs"]
mod part;
mod prose;
mod recipe;
mod regen;
mod release;
mod rules;
#[path = "../../../model/tests/sample/mod.rs"]
mod sample;
mod scratch;
mod transcribe;
