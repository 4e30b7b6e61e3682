//! The problems of resource files, with positions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use annotate_snippets::{AnnotationKind, Level};
use zstack_model::diagnostics::{
    Place, Position, Related, Styles, excerpt, format_count, lines, nearest, tame,
};
use zstack_model::yaml::Span;

/// The maximum number of names that a help text lists.
const MAX_NAMES: usize = 12;

/// The maximum number of problems in a summary.
const MAX_SUMMARY: usize = 10;

/// A problem of a resource file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The id of the rule, such as `unknown-field`.
    pub code: &'static str,
    /// The file, and the position in it.
    pub place: Place,
    /// A message that describes the problem.
    pub message: String,
    /// The correction.
    pub help: Option<String>,
    /// Another position that the problem involves.
    pub related: Option<Related>,
}

/// All problems of resource files, with the texts of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogProblems {
    problems: Vec<Problem>,
    texts: BTreeMap<String, String>,
}

/// A value with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// A collector of problems, which all readers and checks share.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

/// A collector of the problems of one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reporter<'a> {
    pub(super) file: &'a str,
    problems: &'a Problems,
}

impl Problems {
    pub(super) fn of_file<'a>(&'a self, file: &'a str) -> Reporter<'a> {
        Reporter { file, problems: self }
    }

    /// Returns the problems, sorted by position, if there are any.
    pub(super) fn into_result(self, files: &[(&str, &str)]) -> Result<(), CatalogProblems> {
        let mut problems = self.0.into_inner();
        if problems.is_empty() {
            return Ok(());
        }
        problems.sort_by(|a, b| a.place.cmp(&b.place));
        problems.dedup();
        let texts = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        Err(CatalogProblems { problems, texts })
    }
}

impl Reporter<'_> {
    /// Adds a problem.
    pub(super) fn add(
        &self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.push(code, Some(span), message.into(), help.into(), None);
    }

    /// Adds a problem of the file as a whole.
    pub(super) fn add_for_file(&self, code: &'static str, message: String, help: &str) {
        self.push(code, None, message, Some(help.to_owned()), None);
    }

    /// Adds a problem that involves another position.
    pub(super) fn add_with(
        &self,
        code: &'static str,
        span: Span,
        message: String,
        help: &str,
        related: Related,
    ) {
        self.push(code, Some(span), message, Some(help.to_owned()), Some(related));
    }

    /// Adds a problem of an unknown name, with a suggestion.
    pub(super) fn unknown<'n>(
        &self,
        code: &'static str,
        name: &Spanned<String>,
        message: String,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        self.add(code, name.span, message, suggest(&name.value, known));
    }

    fn push(
        &self,
        code: &'static str,
        span: Option<Span>,
        message: String,
        help: Option<String>,
        related: Option<Related>,
    ) {
        let place = Place { file: self.file.into(), position: span.map(position) };
        self.problems.0.borrow_mut().push(Problem { code, place, message, help, related });
    }
}

/// Suggests a known name, or lists all of them if they are few.
pub(super) fn suggest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let known: Vec<_> = known.into_iter().collect();
    if let Some(similar) = nearest(name, known.iter().copied()) {
        return Some(format!("did you mean `{similar}`?"));
    }
    (!known.is_empty() && known.len() <= MAX_NAMES).then(|| format!("allowed: {}", list(known)))
}

/// Lists names as code.
pub(super) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Converts a span into a position in a report.
pub(super) fn position(span: Span) -> Position {
    let length = if span.is_on_one_line() { span.end.column - span.start.column } else { 1 };
    Position { line: span.start.line, column: span.start.column, length: length.max(1) }
}

impl Problem {
    fn summary(&self) -> String {
        let Place { file, position } = &self.place;
        let position = position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        format!("{file}{position}: {}", self.message)
    }
}

impl CatalogProblems {
    /// The problems, by file and position.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Lists the problems in one line, such as `Zone.yaml:3:5: the spec has no operation …`.
    pub(crate) fn summary(&self) -> String {
        let mut lines: Vec<_> = self.problems.iter().take(MAX_SUMMARY).map(Problem::summary).collect();
        let more = self.problems.len().saturating_sub(MAX_SUMMARY);
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        lines.join("; ")
    }

    fn line(&self, place: &Place) -> &str {
        let line = || {
            let text = self.texts.get(place.file.as_str())?;
            lines(text).get(place.position?.line.checked_sub(1)?).copied()
        };
        line().unwrap_or_default()
    }

    fn render(&self, problem: &Problem) -> String {
        let Problem { code, place, message, help, related } = problem;
        let mut group = Level::ERROR.primary_title(tame(message)).id(*code).elements(excerpt(
            place,
            self.line(place),
            AnnotationKind::Primary,
            None,
        ));
        if let Some(Related { place, label }) = related {
            let line = self.line(place);
            group = group.elements(excerpt(place, line, AnnotationKind::Context, Some(label)));
        }
        group = group.elements(help.as_deref().map(|help| Level::HELP.message(tame(help))));
        Styles::plain().renderer().render(&[group])
    }
}

/// A report like that of `cargo xtask check`, with an excerpt for each problem.
impl fmt::Display for CatalogProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{}\n", self.render(problem))?;
        }
        writeln!(f, "{}", format_count(self.problems.len(), "error"))
    }
}

impl std::error::Error for CatalogProblems {}
