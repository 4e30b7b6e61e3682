//! Reading specs: valid ones, invalid ones, and slices of releases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod diagnostics;
mod documents;
mod examples;
mod hostile;
mod rules;
#[path = "../sample/mod.rs"]
mod sample;
mod slice;
mod spec;
mod trees;
