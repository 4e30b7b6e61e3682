//! Where things stand in a file. Only needed once something is wrong.
//!
//! A file is read a second time, by a parser that keeps positions, into a
//! [`Node`] tree; a [`Path`] leads from its root to a key or a value.

mod locate;
mod path;
mod plain;
mod read;
mod tree;

pub use locate::locate;
pub use path::{Path, Spot, Step};
pub use plain::{Plain, classify};
pub use read::{Fault, read};
pub use tree::{Content, Entry, Mark, Node, Span, Style};
