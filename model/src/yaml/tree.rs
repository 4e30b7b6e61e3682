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
        /// How it is written.
        style: Style,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping. A key may be listed twice.
    Mapping(Vec<Entry>),
}

/// A key of a mapping with its value.
#[derive(Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The position of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// How a scalar is written.
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
    /// An empty span.
    pub fn point(mark: Mark) -> Self {
        Self { start: mark, end: mark }
    }

    /// Some of the characters of this span, which is on one line.
    pub fn part(self, start: usize, length: usize) -> Self {
        let Mark { line, column } = self.start;
        let mark = |offset| Mark { line, column: column + offset };
        Self { start: mark(start), end: mark(start + length) }
    }

    /// Returns whether it ends on the line that it begins on.
    pub fn is_on_one_line(self) -> bool {
        self.start.line == self.end.line
    }
}

impl Node {
    /// The first entry with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.content {
            Content::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
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

    /// Returns whether the value is missing, or written as null.
    pub fn is_null(&self) -> bool {
        matches!(
            &self.content,
            Content::Scalar { text, style: Style::Plain }
                if matches!(&**text, "" | "~" | "null" | "Null" | "NULL")
        )
    }

    /// The part to mark if the value as a whole is meant: the beginning of a value that ends on
    /// another line.
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
