//! Lookup of positions in the text of a file.

use super::{Path, Spot, locate};
use crate::diagnostics::{Position, lines};
use crate::yaml::{Mark, Node, Span, read};

/// The text of a file, for the lookup of positions.
#[derive(Debug)]
pub struct Positions<'a> {
    lines: Vec<&'a str>,
    /// `None` for a text that is not YAML.
    tree: Option<Node>,
}

impl<'a> Positions<'a> {
    /// Parses a text.
    pub fn new(text: &'a str) -> Self {
        Self { lines: lines(text), tree: read(text).ok() }
    }

    /// Returns a line by its number from 1, or an empty text.
    pub fn line(&self, number: usize) -> &'a str {
        self.lines.get(number.wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// Finds the position of a path; `None` if the text is not YAML.
    pub fn find(&self, path: &Path, spot: &Spot) -> Option<Position> {
        self.tree.as_ref().map(|tree| self.position(locate(tree, path, spot)))
    }

    /// Converts a span to a position; only the first of several lines is marked.
    pub fn position(&self, span: Span) -> Position {
        let Mark { line, column } = span.start;
        let end = if span.is_on_one_line() {
            span.end.column
        } else {
            self.line(line).trim_end().chars().count() + 1
        };
        Position { line, column, length: end.saturating_sub(column).max(1) }
    }
}
