//! Where things stand in a file. Only needed once something is wrong.
//!
//! A file is read a second time, by a parser that keeps positions, into a
//! [`Node`] tree; a [`Path`] leads from its root to a key or a value.

mod locate;
mod path;
mod plain;
mod read;
mod tree;

pub(crate) use locate::locate;
pub(crate) use path::{Path, Spot, Step};
pub(crate) use plain::{Plain, classify};
pub(crate) use read::{Fault, read};
pub(crate) use tree::{Content, Entry, Mark, Node, Span, Style};
