//! Problems for people to read.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use anstyle::{AnsiColor, Style};
use camino::Utf8Path;

use super::window::{Window, lines, tame, window};
use super::{Diagnostics, Place, Position, Problem, Words};
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

    fn line(&self, file: &Utf8Path, number: usize) -> &'a str {
        let lines = self.lines.get(file);
        lines.and_then(|it| it.get(number.checked_sub(1)?)).copied().unwrap_or_default()
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

        let gutter = gutter_width(problem);
        let mut snippets = self.snippet(f, gutter, "-->", &problem.place, ('^', style), label.as_deref())?;
        if let Some(related) = &problem.related {
            let label = Some(related.label.as_str());
            let mark = ('-', self.styles.related);
            snippets |= self.snippet(f, gutter, ":::", &related.place, mark, label)?;
        }
        if snippets && (note.is_some() || help.is_some()) {
            self.rule(f, gutter)?;
            writeln!(f)?;
        }
        self.remark(f, gutter, "note", note)?;
        self.remark(f, gutter, "help", help)?;
        writeln!(f)
    }

    /// Where the problem is, and the line if there is one; tells which.
    fn snippet(
        &self,
        f: &mut Formatter<'_>,
        gutter: usize,
        arrow: &str,
        place: &Place,
        (mark, mark_style): (char, Style),
        label: Option<&str>,
    ) -> Result<bool, fmt::Error> {
        let style = self.styles.gutter;
        write!(f, "{:gutter$}{style}{arrow}{style:#} {}", "", place.file)?;
        let Some(Position { line: number, column, length }) = place.position else {
            writeln!(f)?;
            return Ok(false);
        };
        writeln!(f, ":{number}:{column}")?;
        let line = self.line(&place.file, number);
        let Window { text, indent, marked } = window(line, column, length);

        self.rule(f, gutter)?;
        writeln!(f)?;
        writeln!(f, "{style}{number:>gutter$} |{style:#} {}", text.trim_end())?;
        self.rule(f, gutter)?;
        let marks = mark.to_string().repeat(marked);
        write!(f, " {:indent$}{mark_style}{marks}", "")?;
        if let Some(label) = label {
            write!(f, " {}", tame(label))?;
        }
        writeln!(f, "{mark_style:#}")?;
        Ok(true)
    }

    fn rule(&self, f: &mut Formatter<'_>, gutter: usize) -> fmt::Result {
        let style = self.styles.gutter;
        write!(f, "{:gutter$} {style}|{style:#}", "")
    }

    fn remark(
        &self,
        f: &mut Formatter<'_>,
        gutter: usize,
        keyword: &str,
        text: Option<String>,
    ) -> fmt::Result {
        let Some(text) = text else { return Ok(()) };
        let Styles { gutter: style, keyword: bold, .. } = *self.styles;
        let text = tame(&text);
        writeln!(f, "{:gutter$} {style}={style:#} {bold}{keyword}{bold:#}: {text}", "")
    }
}

/// The digits of the largest line number of a problem.
fn gutter_width(problem: &Problem) -> usize {
    let related = problem.related.as_ref().map(|it| &it.place);
    let lines = [Some(&problem.place), related].into_iter().flatten();
    let largest = lines.filter_map(|it| it.position).map(|it| it.line).max().unwrap_or(1);
    largest.to_string().len()
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
