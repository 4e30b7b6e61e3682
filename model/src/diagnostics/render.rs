//! Reports of problems for people.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use annotate_snippets::{AnnotationKind, Level, Renderer};
use camino::Utf8Path;

use super::excerpt::excerpt;
use super::text::{format_count, lines, tame};
use super::{Diagnostics, Place, Problem, ProblemText, Related, Styles};
use crate::rules::Severity;

/// A report of all problems, with a summary line.
pub(super) struct Report<'a> {
    diagnostics: &'a Diagnostics,
    renderer: Renderer,
    /// The lines of the files that problems point into.
    lines: BTreeMap<&'a Utf8Path, Vec<&'a str>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(diagnostics: &'a Diagnostics, styles: &Styles) -> Self {
        let texts = diagnostics.texts.iter();
        let lines = texts.map(|(file, text)| (file.as_path(), lines(text))).collect();
        Self { diagnostics, renderer: styles.renderer(), lines }
    }

    fn line(&self, place: &Place) -> &'a str {
        let line = || self.lines.get(&*place.file)?.get(place.position?.line.checked_sub(1)?);
        line().copied().unwrap_or_default()
    }

    fn problem(&self, problem: &Problem) -> String {
        let ProblemText { code, message, label, note, help } = problem.kind.text();
        let level = match problem.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let place = &problem.place;
        let mut group = level.primary_title(tame(&message)).id(code).elements(excerpt(
            place,
            self.line(place),
            AnnotationKind::Primary,
            label.as_deref(),
        ));
        if let Some(Related { place, label }) = &problem.related {
            let context = AnnotationKind::Context;
            group = group.elements(excerpt(place, self.line(place), context, Some(label)));
        }
        for (level, text) in [(Level::NOTE, note), (Level::HELP, help)] {
            group = group.elements(text.map(|text| level.message(tame(&text))));
        }
        self.renderer.render(&[group])
    }
}

impl Display for Report<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for problem in self.diagnostics.problems() {
            writeln!(f, "{}\n", self.problem(problem))?;
        }
        if self.diagnostics.is_empty() {
            return writeln!(f, "no problems");
        }
        let counts = [Severity::Error, Severity::Warning]
            .map(|severity| (self.diagnostics.count(severity), severity.word()));
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let problems: Vec<_> = counts.map(|(count, word)| format_count(count, word)).collect();
        let files = format_count(self.diagnostics.file_count(), "file");
        writeln!(f, "{} in {files}", problems.join(" and "))
    }
}
