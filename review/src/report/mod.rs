//! What a change to the spec does, for people and for machines.
//!
//! ```text
//! findings ─ Report (grouped, ordered, placed, in words) ─▶ text · markdown · JSON · GitHub · GitLab · SARIF
//! ```
//!
//! Every format tells the same findings; only the text leaves out the words for
//! people unless it is asked for all, and comments and annotations end where
//! their host cuts them off, and say so. What is waived is told with the rest, and
//! marked.

mod clients;
mod document;
mod entry;
mod format;
mod github;
mod gitlab;
mod json;
mod markdown;
mod path;
mod revision;
mod sarif;
mod sentence;
mod sentences;
mod site;
mod text;
mod verdict;
mod waived;
mod write;

pub use document::Report;
pub use format::{Format, Options};
pub use json::schema;
pub use revision::Revision;
pub(super) use sentence::of_release;
pub use verdict::Verdict;

pub(super) use markdown::{code, text as escaped};

use super::change::Change;
use super::element::Element;

/// A change in one sentence, as markdown.
pub(super) fn told(change: &Change) -> String {
    markdown::sentence(&sentence::sentence(change))
}

/// An element in words, as markdown.
pub(super) fn named(element: &Element) -> String {
    markdown::sentence(&sentence::named(element))
}
