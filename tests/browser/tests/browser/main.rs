//! The reference site and the dashboard, in Chromium.
//!
//! Without `chromium` and `chromedriver` each test says that it is skipped;
//! with `BROWSER=required` it fails instead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod accessible;
mod driver;
mod folder;
mod interactions;
mod journey;
mod live;
mod node;
mod pages;
mod site;
mod trial;
