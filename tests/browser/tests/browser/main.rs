//! The reference site and the dashboard, in Chromium.
//!
//! Without `chromium` and `chromedriver`, tests are skipped with a message; with
//! `BROWSER=required` they fail instead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod accessible;
mod driver;
mod folder;
mod interactions;
mod keyboard;
mod live;
mod node;
mod pages;
#[path = "../../../../model/tests/sample/mod.rs"]
mod sample;
mod site;
mod trial_forms;
