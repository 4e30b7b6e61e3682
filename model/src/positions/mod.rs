//! Paths into a YAML file, and their positions.

mod find;
mod locate;
mod path;

pub use find::Positions;
pub use locate::locate;
pub use path::{Path, Spot, Step};
