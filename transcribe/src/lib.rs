//! Reads pages of API documents: spec files out, or how the pages differ from a spec.

mod chapters;
mod endpoint;
mod json;
mod lines;
mod page;
mod read;
mod report;
mod resolve;
mod titles;
mod words;

pub use report::{Note, NoteKind, Report, SourcePosition};
