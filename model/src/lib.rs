//! Loads a specification, a folder of YAML files, into a valid [`Model`], or reports all of its problems.
//!
//! ```text
//! spec/*.yaml ─ load ─▶ source (as written) ─ lower, check ─▶ model (valid) ─ slice ─▶ model of one release
//! ```

pub mod changes;
pub mod check;
pub mod diagnostics;
pub mod examples;
mod findings;
pub mod load;
pub mod lock;
mod lower;
mod model;
pub mod names;
pub mod positions;
pub mod prose;
pub mod rules;
pub mod schema;
pub mod source;
pub mod waivers;
pub mod words;
pub mod yaml;

pub use model::*;

// Shared test code refers to the crate by this name.
#[cfg(test)]
extern crate self as zstack_model;
