//! Emits the Rust crates of a valid [model](zstack_model::Model), and writes them safely.
//!
//! ```text
//! model ─ emit ─▶ files ─ write ─▶ disk
//! ```

pub mod emit;
pub mod write;
