//! Reports of findings, for people and for programs.
//!
//! ```text
//! findings ─ Report (grouped, sorted, with places and sentences) ─▶ text · markdown · JSON · GitHub · GitLab · SARIF
//! ```
//!
//! Every format contains all findings, waived ones included, with two exceptions: the text leaves out changes of
//! descriptions unless it is verbose, and comments and annotations end at the limit of their host, with a remark.

mod clients;
mod document;
mod entry;
mod excerpts;
mod format;
mod github;
mod gitlab;
mod json;
mod markdown;
mod sarif;
mod sentence;
mod side;
mod templates;
mod text;
mod verdict;
mod waived;
mod write;

pub use document::Report;
pub use format::{Format, Options};
pub use json::schema;
pub(super) use sentence::release_sentence;
pub use side::ReportSide;
pub use verdict::Verdict;

pub(super) use markdown::{code, text as markdown_text};

use super::change::Change;
use super::element::SpecElement;

/// The sentence of a change, as markdown.
pub(super) fn markdown_sentence(change: &Change) -> String {
    markdown::sentence(&sentence::sentence(change))
}

/// The name of an element in words, as markdown.
pub(super) fn markdown_name(element: &SpecElement) -> String {
    markdown::sentence(&sentence::element_name(element))
}
