//! What is left out of a run since it would make the spec invalid.

use std::collections::BTreeSet;

use crate::page::Page;
use crate::report::SourcePosition;

/// What earlier rounds showed to be invalid.
#[derive(Debug, Default)]
pub(crate) struct Exclusions {
    /// Lines of pages, with what is wrong with the file that they became.
    pub(crate) pages: Vec<(SourcePosition, String)>,
    /// Names that cannot name a category.
    pub(crate) categories: BTreeSet<String>,
    /// Operations whose samples do not become examples.
    pub(crate) examples: BTreeSet<String>,
}

impl Exclusions {
    /// Whether a page is left out.
    pub(crate) fn contains(&self, file: &str, page: &Page) -> bool {
        let lines = page.first_line..=page.last_line;
        self.pages.iter().any(|(at, _)| at.file == file && lines.contains(&at.line))
    }
}
