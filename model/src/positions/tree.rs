//! A YAML document with positions.

/// A place in a file: line and column, in characters, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub line: usize,
    pub column: usize,
}

/// From a place up to another, which is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: Mark,
    pub end: Mark,
}

/// A value and where it stands.
#[derive(Debug)]
pub struct Node {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

/// What a value is.
#[derive(Debug)]
pub enum Content {
    Scalar { text: String, style: Style },
    List(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A key of a mapping with its value.
#[derive(Debug)]
pub struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is: `text`.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// Below `|` or `>`.
    Block,
}

impl Span {
    /// The first characters of this span, if it is that long.
    pub fn part(self, start: usize, length: usize) -> Self {
        let Mark { line, column } = self.start;
        Self {
            start: Mark { line, column: column + start },
            end: Mark { line, column: column + start + length },
        }
    }

    /// Whether it ends on the line it began on.
    pub fn is_on_one_line(self) -> bool {
        self.start.line == self.end.line
    }
}

impl Node {
    /// The value of the first entry with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.content {
            Content::Mapping(entries) => entries.iter().find(|it| it.key == key),
            _ => None,
        }
    }

    /// An element of a list.
    pub fn item(&self, index: usize) -> Option<&Self> {
        match &self.content {
            Content::List(items) => items.get(index),
            _ => None,
        }
    }

    /// Where to point to when the value as a whole is meant: what ends on
    /// another line is represented by its beginning.
    pub fn head(&self) -> Span {
        match &self.content {
            Content::Mapping(entries) if !self.span.is_on_one_line() => {
                entries.first().map_or(self.span, |it| it.key_span)
            }
            Content::List(_) if !self.span.is_on_one_line() => self.span.part(0, 1),
            _ => self.span,
        }
    }
}
