//! A line of a page.

/// A line of a page, or of what a page becomes when markup and glued labels are taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The number of the line in the file, from 1.
    pub(crate) number: usize,
    /// The number of spaces before the text.
    pub(crate) indent: usize,
    /// The text without surrounding whitespace.
    pub(crate) text: String,
}

impl Line {
    pub(crate) fn new(number: usize, text: &str) -> Self {
        let indent = text.chars().take_while(|character| *character == ' ').count();
        Self { number, indent, text: text.trim().to_owned() }
    }

    /// The same line with another text.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        Self { number: self.number, indent: self.indent, text: text.trim().to_owned() }
    }
}
