//! Reading specs: valid ones, invalid ones, and slices of releases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod diagnostics;
mod documents;
mod hostile;
mod rules;
mod slice;
mod spec;
mod trees;
