//! From the text of a file to the positions in it.

use super::{Path, Spot, locate};
use crate::diagnostics::{Position, lines};
use crate::yaml::{Mark, Node, Span, read};

/// Looks up positions in the text of a file.
#[derive(Debug)]
pub struct Positions<'a> {
    lines: Vec<&'a str>,
    /// `None` for a text that is not YAML.
    tree: Option<Node>,
}

impl<'a> Positions<'a> {
    /// Reads a text.
    pub fn new(text: &'a str) -> Self {
        Self { lines: lines(text), tree: read(text).ok() }
    }

    /// A line, from 1; empty if the text does not have it.
    pub fn line(&self, number: usize) -> &'a str {
        self.lines.get(number.wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// The position that a path leads to; `None` in a text that is not YAML.
    pub fn find(&self, path: &Path, spot: &Spot) -> Option<Position> {
        self.tree.as_ref().map(|tree| self.position(locate(tree, path, spot)))
    }

    /// The position of a span: that of its first line, if it has several.
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
