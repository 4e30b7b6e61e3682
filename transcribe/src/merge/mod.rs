//! Merges pages into a spec: what the spec says stays, what is new is added, and what is printed
//! differently is reported with both places.

mod elements;
mod endpoints;
mod operation;
mod parameters;
mod records;
mod samples;
pub(crate) mod settle;
pub(crate) mod silence;
mod type_names;

use std::collections::HashSet;

use crate::draft::Draft;
use crate::report::{NoteKind, Report, SourcePosition};

pub(crate) use operation::merge_page;

/// The state of merging one page: the draft, and the report.
pub(crate) struct Merge<'m, 's> {
    pub(crate) draft: &'m mut Draft<'s>,
    /// The name of the file of the page.
    pub(crate) file: &'m str,
    pub(crate) report: &'m mut Report,
    /// The name of the operation.
    operation: String,
    /// The release of elements whose version the page does not print.
    since: String,
    /// The data types whose tables are on the page.
    tables: HashSet<String>,
}

impl Merge<'_, '_> {
    fn at(&self, line: usize) -> SourcePosition {
        SourcePosition { file: self.file.to_owned(), line }
    }

    fn note(&mut self, kind: NoteKind, line: usize, message: impl Into<String>) {
        let at = self.at(line);
        self.report.add(kind, at, message);
    }
}
