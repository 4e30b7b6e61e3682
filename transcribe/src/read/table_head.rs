//! The heads of tables.

use crate::words::{COLUMNS, Column};

/// The head of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) columns: Vec<Column>,
    /// Bars separate the cells.
    has_bars: bool,
}

impl Head {
    /// Returns whether bars separate the cells.
    pub(super) fn has_bars(&self) -> bool {
        self.has_bars
    }

    /// Returns whether the rows are parameters.
    pub(super) fn has_places(&self) -> bool {
        self.columns.contains(&Column::Location)
    }
}

/// The head of a table on a line.
pub(super) fn head(text: &str) -> Option<Head> {
    if text.len() > 200 {
        return None;
    }
    let lower = text.to_lowercase();
    let mut columns = Vec::new();
    let mut rest = lower.trim_matches(['|', ' ']);
    while !rest.is_empty() {
        let (word, column) = COLUMNS.iter().find(|(word, _)| rest.starts_with(word))?;
        columns.push(*column);
        rest = rest[word.len()..].trim_start_matches(['|', ' ']);
    }
    let is_table = matches!(columns[..], [Column::Name, Column::Type, _, ..]);
    is_table.then(|| Head { columns, has_bars: text.contains('|') })
}
