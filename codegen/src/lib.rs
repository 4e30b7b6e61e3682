//! Emits the generated Rust crates for a valid [model](zstack_model::Model), and writes their files.
//!
//! ```text
//! model ─ emit ─▶ files ─ write ─▶ disk
//! ```

pub mod emit;
pub mod write;
