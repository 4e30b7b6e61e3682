//! From a specification in YAML to the generated crates.
//!
//! ```text
//! spec/*.yaml ─ load ─▶ source (as written) ─ check ─▶ model (holds) ─ emit ─▶ files ─ write ─▶ disk
//! ```

mod check;
pub mod diagnostics;
pub mod diff;
pub mod emit;
pub mod explain;
mod findings;
pub mod import;
pub mod load;
pub mod lock;
mod lower;
pub mod model;
pub mod names;
pub mod openapi;
mod positions;
pub mod prose;
pub mod rules;
pub mod samples;
pub mod schema;
pub mod source;
pub mod waivers;
pub mod words;
pub mod write;
