//! A YAML document with positions.

/// A position in a file: line and column, in characters, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A range of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first character.
    pub start: Mark,
    /// The position after the last character.
    pub end: Mark,
}

/// A value with its position.
#[derive(Debug)]
pub struct Node {
    /// The position, with the quotes or brackets of the value.
    pub span: Span,
    /// The value.
    pub content: Content,
}

/// A value of a document.
#[derive(Debug)]
pub enum Content {
    /// A text, a number, a boolean or null.
    Scalar {
        /// The characters, without quotes and escapes.
        text: String,
        /// The style.
        style: Style,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, possibly with duplicate keys.
    Mapping(Vec<MappingEntry>),
}

/// A key of a mapping with its value.
#[derive(Debug)]
pub struct MappingEntry {
    /// The key.
    pub key: String,
    /// The position of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// The style in which a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// Below `|` or `>`.
    Block,
}

impl Span {
    /// Creates an empty span.
    pub fn point(mark: Mark) -> Self {
        Self { start: mark, end: mark }
    }

    /// Returns a part of this span, which must be on one line.
    pub fn part(self, start: usize, length: usize) -> Self {
        let Mark { line, column } = self.start;
        let mark = |offset| Mark { line, column: column + offset };
        Self { start: mark(start), end: mark(start + length) }
    }

    /// Returns whether it begins and ends on the same line.
    pub fn is_on_one_line(self) -> bool {
        self.start.line == self.end.line
    }
}

impl Node {
    /// Finds the first entry with a key.
    pub fn entry(&self, key: &str) -> Option<&MappingEntry> {
        match &self.content {
            Content::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// Returns an item of a list.
    pub fn item(&self, index: usize) -> Option<&Self> {
        match &self.content {
            Content::List(items) => items.get(index),
            _ => None,
        }
    }

    /// Returns whether the value is missing, or written as null.
    pub fn is_null(&self) -> bool {
        matches!(
            &self.content,
            Content::Scalar { text, style: Style::Plain }
                if matches!(&**text, "" | "~" | "null" | "Null" | "NULL")
        )
    }

    /// The span that marks the value as a whole: the beginning, if the value has several lines.
    pub fn head(&self) -> Span {
        match &self.content {
            Content::Mapping(entries) if !self.span.is_on_one_line() => {
                entries.first().map_or(self.span, |entry| entry.key_span)
            }
            Content::List(_) if !self.span.is_on_one_line() => self.span.part(0, 1),
            _ => self.span,
        }
    }
}
