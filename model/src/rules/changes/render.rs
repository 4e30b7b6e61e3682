//! A kind of change for people to read.

use std::fmt::{self, Display, Formatter};
use std::io;

use super::ChangeRule;
use crate::diagnostics::Styles;
use crate::rules::render::paragraph;

struct Explanation<'a> {
    rule: &'a ChangeRule,
    styles: &'a Styles,
}

impl ChangeRule {
    /// Writes the rule for people: title, reasons, levels, and what to do.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles) -> io::Result<()> {
        write!(out, "{}", Explanation { rule: self, styles })
    }
}

impl Display for ChangeRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Explanation { rule: self, styles: &Styles::plain() }.fmt(f)
    }
}

impl Display for Explanation<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rule: ChangeRule { id, title, why, help, request, response, step, waived_as }, styles } =
            self;
        let (style, message, keyword) = (styles.related, styles.message, styles.keyword);
        writeln!(f, "{style}change[{id}]{style:#}{message}: {title}{message:#}\n")?;
        paragraph(f, why)?;
        writeln!(f)?;
        let step = format!("{} step", step.word());
        let waived_as: Vec<_> = waived_as.iter().map(|it| it.word()).collect();
        let waived_as = if waived_as.is_empty() { "nothing".to_owned() } else { waived_as.join(" or ") };
        for (what, word) in [
            ("where clients send it", request.word()),
            ("where clients receive it", response.word()),
            ("the generated crates need", &*step),
            ("it can be waived as", &*waived_as),
        ] {
            writeln!(f, "    {what:<28}{word}")?;
        }
        writeln!(f, "\n{keyword}what to do{keyword:#}:\n")?;
        paragraph(f, help)
    }
}
