//! Parts of pages that a run leaves out, because they would make the spec invalid.

use std::collections::BTreeSet;

use crate::page::Page;
use crate::report::SourcePosition;

/// The parts of pages that earlier rounds found invalid.
#[derive(Debug, Default)]
pub(crate) struct Exclusions {
    /// Lines of pages, each with the error in the file that the page became.
    pub(crate) pages: Vec<(SourcePosition, String)>,
    /// Operations whose samples do not become examples.
    pub(crate) examples: BTreeSet<String>,
}

impl Exclusions {
    /// Returns whether a page is left out.
    pub(crate) fn contains(&self, file: &str, page: &Page) -> bool {
        let lines = page.first_line..=page.last_line;
        self.pages.iter().any(|(at, _)| at.file == file && lines.contains(&at.line))
    }
}
