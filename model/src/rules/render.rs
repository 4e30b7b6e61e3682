//! Explanations of rules for people.

use std::fmt::{self, Display, Formatter};
use std::io;

use crate::changes::{ChangeRule, WaiverKind};
use crate::diagnostics::{Rule, Styles};
use crate::prose::wrap;

/// The columns of a paragraph.
const WIDTH: usize = 80;

/// A rule of either kind, with the styles in which to print it.
struct Explanation<'a, R> {
    rule: &'a R,
    styles: &'a Styles,
}

impl Rule {
    /// Writes title, severity, reason and excerpts.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles) -> io::Result<()> {
        write!(out, "{}", Explanation { rule: self, styles })
    }
}

impl ChangeRule {
    /// Writes title, reason, levels and recommended action.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles) -> io::Result<()> {
        write!(out, "{}", Explanation { rule: self, styles })
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Explanation { rule: self, styles: &Styles::plain() }.fmt(f)
    }
}

impl Display for ChangeRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Explanation { rule: self, styles: &Styles::plain() }.fmt(f)
    }
}

impl Display for Explanation<'_, Rule> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rule: Rule { id, severity, title, why, bad, good }, styles } = self;
        let (style, message, keyword) = (styles.of(*severity), styles.message, styles.keyword);
        writeln!(f, "{style}{}[{id}]{style:#}{message}: {title}{message:#}\n", severity.word())?;
        paragraph(f, why)?;
        for (heading, excerpt) in [("wrong", bad), ("right", good)] {
            let Some(excerpt) = excerpt else { continue };
            writeln!(f, "\n{keyword}{heading}{keyword:#}:\n")?;
            excerpt.lines().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        Ok(())
    }
}

impl Display for Explanation<'_, ChangeRule> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rule, styles } = self;
        let (style, message, keyword) = (styles.related, styles.message, styles.keyword);
        let ChangeRule { id, title, why, request, response, step, waived_as, .. } = rule;
        writeln!(f, "{style}change[{id}]{style:#}{message}: {title}{message:#}\n")?;
        paragraph(f, why)?;
        writeln!(f)?;
        let step = format!("{} step", step.word());
        let waived_as: Vec<_> = waived_as.iter().copied().map(WaiverKind::word).collect();
        let waived_as = if waived_as.is_empty() { "none".to_owned() } else { waived_as.join(" or ") };
        for (label, value) in [
            ("in requests", request.word()),
            ("in responses", response.word()),
            ("version of the crates", &*step),
            ("accepted waivers", &*waived_as),
        ] {
            writeln!(f, "    {label:<24}{value}")?;
        }
        writeln!(f, "\n{keyword}recommended action{keyword:#}:\n")?;
        paragraph(f, rule.help)
    }
}

fn paragraph(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    wrap(text, WIDTH).iter().try_for_each(|line| writeln!(f, "{line}"))
}
