//! Problems for people to read.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use anstyle::{AnsiColor, Style};
use camino::Utf8Path;

use super::snippet::{Pointer, Snippets, counted};
use super::window::{lines, tame};
use super::{Diagnostics, Place, Problem, Related, Words};
use crate::rules::Severity;

/// How the parts of a report look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// `error[code]`, and what stands below the place.
    pub error: Style,
    /// `warning[code]`, and what stands below the place.
    pub warning: Style,
    /// What is wrong.
    pub message: Style,
    /// Line numbers and rules.
    pub gutter: Style,
    /// What stands below a related place.
    pub related: Style,
    /// `note` and `help`.
    pub keyword: Style,
}

impl Styles {
    /// No colours at all.
    pub const fn plain() -> Self {
        let plain = Style::new();
        Self { error: plain, warning: plain, message: plain, gutter: plain, related: plain, keyword: plain }
    }

    /// The colours that Rust's compiler has made familiar.
    pub const fn colored() -> Self {
        let bold = Style::new().bold();
        let blue = AnsiColor::BrightBlue.on_default().bold();
        Self {
            error: AnsiColor::BrightRed.on_default().bold(),
            warning: AnsiColor::BrightYellow.on_default().bold(),
            message: bold,
            gutter: blue,
            related: blue,
            keyword: bold,
        }
    }
}

impl Styles {
    /// How problems of a severity look.
    pub(crate) const fn of(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
        }
    }
}

/// All problems and the closing line.
pub(super) struct Report<'a> {
    diagnostics: &'a Diagnostics,
    styles: &'a Styles,
    /// The lines of the files that problems point into.
    lines: BTreeMap<&'a Utf8Path, Vec<&'a str>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(diagnostics: &'a Diagnostics, styles: &'a Styles) -> Self {
        let texts = diagnostics.texts.iter();
        let lines = texts.map(|(file, text)| (file.as_path(), lines(text))).collect();
        Self { diagnostics, styles, lines }
    }

    fn line(&self, place: &Place) -> &'a str {
        let line = || self.lines.get(&*place.file)?.get(place.position?.line.checked_sub(1)?);
        line().copied().unwrap_or_default()
    }
}

impl Display for Report<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for problem in self.diagnostics.problems() {
            self.problem(f, problem)?;
        }
        if self.diagnostics.is_empty() {
            return writeln!(f, "no problems");
        }
        let counts = [Severity::Error, Severity::Warning].map(|it| (self.diagnostics.count(it), it.word()));
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let problems: Vec<_> = counts.map(|(count, word)| counted(count, word)).collect();
        let files = counted(self.diagnostics.file_count(), "file");
        writeln!(f, "{} in {files}", problems.join(" and "))
    }
}

impl Report<'_> {
    fn problem(&self, f: &mut Formatter<'_>, problem: &Problem) -> fmt::Result {
        let Words { code, message, label, note, help } = problem.kind.words();
        let bold = self.styles.message;
        let (style, word) = (self.styles.of(problem.severity()), problem.severity().word());
        writeln!(f, "{style}{word}[{code}]{style:#}{bold}: {}{bold:#}", tame(&message))?;

        let related = problem.related.as_ref();
        let places = std::iter::once(&problem.place).chain(related.map(|it| &it.place));
        let snippets = Snippets::new(self.styles, places);
        let mut shown = snippets.place(
            f,
            &Pointer {
                arrow: "-->",
                place: &problem.place,
                line: self.line(&problem.place),
                mark: '^',
                style,
                label: label.as_deref(),
            },
        )?;
        if let Some(Related { place, label }) = related {
            shown |= snippets.place(
                f,
                &Pointer {
                    arrow: ":::",
                    place,
                    line: self.line(place),
                    mark: '-',
                    style: self.styles.related,
                    label: Some(label),
                },
            )?;
        }
        if shown && (note.is_some() || help.is_some()) {
            snippets.gap(f)?;
        }
        for (keyword, text) in [("note", note), ("help", help)] {
            if let Some(text) = text {
                snippets.remark(f, keyword, &text)?;
            }
        }
        writeln!(f)
    }
}
