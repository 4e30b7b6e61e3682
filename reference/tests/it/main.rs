//! OpenAPI documents, samples, explanations and the site.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod explain;
mod html;
mod openapi;
#[path = "../../../model/tests/sample/mod.rs"]
mod sample;
mod samples;
mod site;
