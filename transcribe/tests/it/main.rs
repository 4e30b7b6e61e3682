//! Pages of an invented library, in each form and with each quirk, and what becomes of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says that it is skipped"
)]

mod bad_input;
mod compare;
mod documents;
mod facts;
mod forms;
mod glued;
mod merge;
mod mutations;
mod numbers;
mod pages;
