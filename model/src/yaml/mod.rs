//! YAML with positions, for messages that point into a file; and [`mod@write`], which writes spec files.
//!
//! `serde_yaml` reads the spec. It is fast, but it does not keep positions, and it stops at the first
//! error. So an invalid text is read again into a tree of [`Node`]s, from which messages are created.
//! Inventory files of the management node are read only into trees.
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
pub mod write;

pub use read::{Error, ErrorKind, Options, read, read_characters};
pub use tree::{Content, MappingEntry, Mark, Node, Span, Style};
pub(crate) use values::{Refusal, parse};

/// The maximum depth of lists and mappings in a spec file.
pub(crate) const DEPTH_LIMIT: usize = 64;
