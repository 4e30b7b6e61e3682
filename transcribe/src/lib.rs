//! Reads pages of API documents: spec files out, or how the pages differ from a spec.
//!
//! ```text
//! file ─ input ─▶ text ─ lines ─▶ lines ─ chapters ─▶ lines of one operation ─ read ─▶ Page
//!
//! Page, spec ─ merge ─▶ Draft ─ settle, examples ─▶ Draft ─ write ─▶ files
//! ```
//!
//! Nothing here reads or writes a file: pages and a model come in, files and a report go out.

mod chapters;
mod consensus;
mod draft;
mod endpoint;
mod evidence;
mod examples;
mod exclusions;
mod input;
mod json;
mod known_types;
mod line;
mod lines;
mod merge;
mod page;
mod punctuation;
mod read;
mod report;
mod resolve;
mod run;
mod titles;
mod verify;
mod words;
mod write;

use zstack_model::diagnostics::Diagnostics;
use zstack_model::load::Loaded;

pub use input::{PageFile, SIZE_LIMIT};
pub use report::{Note, NoteKind, Report, SourcePosition};
pub use verify::Transcription;

/// Merges pages into a spec, or into an empty folder.
///
/// # Errors
///
/// The problems of the spec that would be written, if they cannot be avoided by leaving out a page.
pub fn transcribe(pages: &[PageFile], spec: Option<&Loaded>) -> Result<Transcription, Diagnostics> {
    verify::transcribe(pages, spec)
}

/// Compares pages with a spec. Differences are notes of the kinds [`NoteKind::Conflict`] and
/// [`NoteKind::Missing`].
pub fn compare(pages: &[PageFile], spec: &Loaded) -> Report {
    run::Run::new(pages, Some(spec), &exclusions::Exclusions::default()).report
}
