//! A rule for people to read.

use std::fmt::{self, Display, Formatter};
use std::io;

use super::Rule;
use crate::diagnostics::Styles;
use crate::prose::wrap;

/// The columns of a paragraph.
const WIDTH: usize = 80;

struct Explanation<'a> {
    rule: &'a Rule,
    styles: &'a Styles,
}

impl Rule {
    /// Writes the rule for people: title, severity, reasons and excerpts.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles) -> io::Result<()> {
        write!(out, "{}", Explanation { rule: self, styles })
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Explanation { rule: self, styles: &Styles::plain() }.fmt(f)
    }
}

impl Display for Explanation<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rule: Rule { id, severity, title, why, bad, good }, styles } = self;
        let (style, bold) = (styles.of(*severity), styles.message);
        writeln!(f, "{style}{}[{id}]{style:#}{bold}: {title}{bold:#}\n", severity.word())?;
        paragraph(f, why)?;
        self.excerpt(f, "wrong", *bad)?;
        self.excerpt(f, "right", *good)
    }
}

impl Explanation<'_> {
    fn excerpt(&self, f: &mut Formatter<'_>, heading: &str, excerpt: Option<&str>) -> fmt::Result {
        let Some(excerpt) = excerpt else { return Ok(()) };
        let bold = self.styles.keyword;
        writeln!(f, "\n{bold}{heading}{bold:#}:\n")?;
        excerpt.lines().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// Prose, in lines as wide as one reads with ease.
pub(super) fn paragraph(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    wrap(text, WIDTH).iter().try_for_each(|line| writeln!(f, "{line}"))
}
