//! YAML with positions, for messages that point into a file.
//!
//! `serde_yaml` reads the spec. It is fast, but it knows no positions once a text is read, and it
//! stops at the first mistake. So a text that has mistakes is read again, into a tree of [`Node`]s,
//! which the messages are made from. Inventories of the management node are read this way only.
//!
//! ```
//! use zstack_model::yaml::{self, Mark};
//!
//! let root = yaml::read("name: Vm\nsince: 0.6\n").unwrap();
//! let since = root.entry("since").unwrap();
//! assert_eq!(since.value.span.start, Mark { line: 2, column: 8 });
//! ```

mod read;
mod tree;
mod values;

pub use read::{Error, ErrorKind, Options, read, read_characters};
pub use tree::{Content, Entry, Mark, Node, Span, Style};
pub(crate) use values::{Refusal, parse};

/// How deep the lists and mappings of a spec file may nest.
pub(crate) const DEPTH_LIMIT: usize = 64;
