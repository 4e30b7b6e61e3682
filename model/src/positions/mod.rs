//! Paths into a YAML file, and the positions that they lead to.

mod find;
mod locate;
mod path;

pub use find::Positions;
pub use locate::locate;
pub use path::{Path, Spot, Step};
