//! All rules, for people: the list of those of `check` and those of `diff`, and explanations.

mod list;
mod lookup;
mod render;

pub use list::{Listed, json, list, write_table};
pub use lookup::{all, find, nearest};

pub use crate::diagnostics::{Rule, Severity};
