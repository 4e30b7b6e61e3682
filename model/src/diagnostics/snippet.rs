//! Places for people: the line with a caret below it, and remarks.

use std::fmt::{self, Formatter};

use anstyle::Style;

use super::window::{Window, tame, window};
use super::{Place, Position, Styles};

/// Writes what belongs to one head line, with line numbers as wide as the
/// largest of them.
pub struct Snippets<'a> {
    styles: &'a Styles,
    gutter: usize,
}

/// A place, and how to point at it.
pub struct Pointer<'a> {
    /// `-->` or `:::`.
    pub arrow: &'static str,
    pub place: &'a Place,
    /// The line of the file.
    pub line: &'a str,
    /// What stands below the characters that are meant.
    pub mark: char,
    pub style: Style,
    /// A few words beside it.
    pub label: Option<&'a str>,
}

impl<'a> Snippets<'a> {
    pub fn new<'p>(styles: &'a Styles, places: impl IntoIterator<Item = &'p Place>) -> Self {
        let lines = places.into_iter().filter_map(|it| it.position).map(|it| it.line);
        Self { styles, gutter: lines.max().unwrap_or(1).to_string().len() }
    }

    /// Where something is, and the line if there is one; tells which.
    pub fn place(&self, f: &mut Formatter<'_>, it: &Pointer<'_>) -> Result<bool, fmt::Error> {
        let (gutter, style) = (self.gutter, self.styles.gutter);
        write!(f, "{:gutter$}{style}{}{style:#} {}", "", it.arrow, tame(it.place.file.as_str()))?;
        let Some(Position { line: number, column, length }) = it.place.position else {
            writeln!(f)?;
            return Ok(false);
        };
        writeln!(f, ":{number}:{column}")?;
        let Window { text, indent, marked } = window(it.line, column, length);

        self.rule(f)?;
        writeln!(f)?;
        writeln!(f, "{style}{number:>gutter$} |{style:#} {}", text.trim_end())?;
        self.rule(f)?;
        let (marks, mark_style) = (it.mark.to_string().repeat(marked), it.style);
        write!(f, " {:indent$}{mark_style}{marks}", "")?;
        if let Some(label) = it.label {
            write!(f, " {}", tame(label))?;
        }
        writeln!(f, "{mark_style:#}")?;
        Ok(true)
    }

    /// An empty line between a snippet and its remarks.
    pub fn gap(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.rule(f)?;
        writeln!(f)
    }

    /// `= help: …`.
    pub fn remark(&self, f: &mut Formatter<'_>, keyword: &str, text: &str) -> fmt::Result {
        let (gutter, Styles { gutter: style, keyword: bold, .. }) = (self.gutter, *self.styles);
        writeln!(f, "{:gutter$} {style}={style:#} {bold}{keyword}{bold:#}: {}", "", tame(text))
    }

    fn rule(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (gutter, style) = (self.gutter, self.styles.gutter);
        write!(f, "{:gutter$} {style}|{style:#}", "")
    }
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
