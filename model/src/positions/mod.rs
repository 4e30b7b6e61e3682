//! Paths into a YAML file, and the positions that they lead to.

mod locate;
mod path;

pub use locate::locate;
pub use path::{Path, Spot, Step};
