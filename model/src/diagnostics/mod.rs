//! Problems of a spec: the fault, its position, the reason and the correction.

mod constraint;
mod example;
mod excerpt;
mod file;
mod history;
mod name;
mod problem;
mod problem_text;
mod reference;
mod render;
mod retirement;
mod route;
mod rule;
mod shape;
mod styles;
mod suggest;
mod text;
mod type_use;
mod version;
mod waiver;

use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, io};

use camino::{Utf8Path, Utf8PathBuf};

pub use constraint::ConstraintProblem;
pub use example::ExampleProblem;
pub use excerpt::excerpt;
pub use file::FileProblem;
pub use history::HistoryProblem;
pub use name::NameProblem;
pub use problem::{Place, Position, Problem, ProblemKind, Related};
pub use problem_text::ProblemText;
pub use reference::ReferenceProblem;
pub use retirement::RetirementProblem;
pub use route::{RouteProblem, WrapperProblem};
pub use rule::{Rule, Severity};
pub use shape::ShapeProblem;
pub use styles::Styles;
pub use suggest::nearest;
pub use text::{format_count, is_invisible, lines, tame, visible};
pub use type_use::TypeProblem;
pub use version::{CutProblem, VersionProblem};
pub use waiver::WaiverProblem;

/// All problems of a spec, sorted by file and line, with the texts of these files.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    problems: Vec<Problem>,
    texts: BTreeMap<Utf8PathBuf, String>,
}

impl Diagnostics {
    /// Creates a sorted list of problems; `texts` are the files that they point into.
    pub fn new(mut problems: Vec<Problem>, texts: BTreeMap<Utf8PathBuf, String>) -> Self {
        problems.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.code().cmp(b.code())));
        Self { problems, texts }
    }

    /// Adds problems of other files.
    pub fn extend(&mut self, others: Self) {
        let Self { mut problems, mut texts } = std::mem::replace(self, others);
        problems.append(&mut self.problems);
        texts.append(&mut self.texts);
        *self = Self::new(problems, texts);
    }

    /// The problems, by file, line and column.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The text of a file that a problem points into.
    pub fn text(&self, file: &Utf8Path) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }

    /// The number of problems of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity() == severity).count()
    }

    /// Returns whether there are no problems.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// The number of files with problems.
    pub fn file_count(&self) -> usize {
        self.problems.iter().map(|problem| &problem.place.file).collect::<BTreeSet<_>>().len()
    }

    /// Writes all problems for people, and a summary line.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles) -> io::Result<()> {
        write!(out, "{}", render::Report::new(self, styles))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        render::Report::new(self, &Styles::plain()).fmt(f)
    }
}

impl std::error::Error for Diagnostics {}
