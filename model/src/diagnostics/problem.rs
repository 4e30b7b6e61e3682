//! What a problem consists of.

use camino::Utf8PathBuf;

use super::{
    ConstraintProblem, ExampleProblem, FileProblem, HistoryProblem, NameProblem, RetirementProblem,
    RouteProblem, ShapeProblem, TypeProblem, VersionProblem, WaiverProblem,
};
use crate::rules::{self, Severity};

/// Something wrong in a spec, or something that had better be mended.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// The other place that belongs to it, such as the first declaration.
    pub related: Option<Related>,
}

/// A file, and a position in it unless the file as a whole is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file or folder.
    pub file: Utf8PathBuf,
    /// Where in it.
    pub position: Option<Position>,
}

/// A position in a file, counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// How many characters are meant, at least 1.
    pub length: usize,
}

/// Another place that belongs to a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub label: String,
}

/// What is wrong, by area.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemKind {
    /// A file that cannot be read at all.
    File(FileProblem),
    /// Keys and values that the language does not have.
    Shape(ShapeProblem),
    /// Names.
    Name(NameProblem),
    /// Releases and `since`.
    Version(VersionProblem),
    /// Deprecations and removals.
    Retirement(RetirementProblem),
    /// Histories.
    History(HistoryProblem),
    /// Types.
    Type(TypeProblem),
    /// Method, path and body.
    Route(RouteProblem),
    /// Constraints.
    Constraint(ConstraintProblem),
    /// Examples.
    Example(ExampleProblem),
    /// Waivers.
    Waiver(WaiverProblem),
}

/// A problem in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The stable name of the rule, in kebab case.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// A few words to stand below the place.
    pub label: Option<String>,
    /// Why it is wrong.
    pub note: Option<String>,
    /// How to mend it.
    pub help: Option<String>,
}

impl ProblemKind {
    /// The problem in words.
    pub fn words(&self) -> Words {
        match self {
            Self::File(it) => it.words(),
            Self::Shape(it) => it.words(),
            Self::Name(it) => it.words(),
            Self::Version(it) => it.words(),
            Self::Retirement(it) => it.words(),
            Self::History(it) => it.words(),
            Self::Type(it) => it.words(),
            Self::Route(it) => it.words(),
            Self::Constraint(it) => it.words(),
            Self::Example(it) => it.words(),
            Self::Waiver(it) => it.words(),
        }
    }
}

impl Problem {
    /// The stable name of the rule, in kebab case.
    pub fn code(&self) -> &'static str {
        self.kind.words().code
    }

    /// What becomes of a spec with this problem.
    pub fn severity(&self) -> Severity {
        // What no rule knows is better taken seriously.
        rules::find(self.code()).map_or(Severity::Error, |it| it.severity)
    }

    /// What is wrong.
    pub fn message(&self) -> String {
        self.kind.words().message
    }

    /// Why it is wrong.
    pub fn note(&self) -> Option<String> {
        self.kind.words().note
    }

    /// How to mend it.
    pub fn help(&self) -> Option<String> {
        self.kind.words().help
    }
}

impl Words {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), label: None, note: None, help: None }
    }

    pub(super) fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    pub(super) fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Offers the name that was probably meant, if there is one.
    pub(super) fn did_you_mean(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl From<FileProblem> for ProblemKind {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl From<ShapeProblem> for ProblemKind {
    fn from(problem: ShapeProblem) -> Self {
        Self::Shape(problem)
    }
}

impl From<NameProblem> for ProblemKind {
    fn from(problem: NameProblem) -> Self {
        Self::Name(problem)
    }
}

impl From<VersionProblem> for ProblemKind {
    fn from(problem: VersionProblem) -> Self {
        Self::Version(problem)
    }
}

impl From<RetirementProblem> for ProblemKind {
    fn from(problem: RetirementProblem) -> Self {
        Self::Retirement(problem)
    }
}

impl From<HistoryProblem> for ProblemKind {
    fn from(problem: HistoryProblem) -> Self {
        Self::History(problem)
    }
}

impl From<TypeProblem> for ProblemKind {
    fn from(problem: TypeProblem) -> Self {
        Self::Type(problem)
    }
}

impl From<RouteProblem> for ProblemKind {
    fn from(problem: RouteProblem) -> Self {
        Self::Route(problem)
    }
}

impl From<ConstraintProblem> for ProblemKind {
    fn from(problem: ConstraintProblem) -> Self {
        Self::Constraint(problem)
    }
}

impl From<ExampleProblem> for ProblemKind {
    fn from(problem: ExampleProblem) -> Self {
        Self::Example(problem)
    }
}

impl From<WaiverProblem> for ProblemKind {
    fn from(problem: WaiverProblem) -> Self {
        Self::Waiver(problem)
    }
}
