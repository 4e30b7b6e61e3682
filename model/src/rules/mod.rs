//! The rules of `check` and `diff`: their list, lookup by id, and explanations.

mod list;
mod lookup;
mod render;

pub use list::{AnyRule, json, list, write_table};
pub use lookup::{all, find, nearest};

pub use crate::diagnostics::{Rule, Severity};
