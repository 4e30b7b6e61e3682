//! What a problem consists of.

use super::{
    ConstraintProblem, ExampleProblem, FileProblem, HistoryProblem, NameProblem, RetirementProblem,
    RouteProblem, Rule, Severity, ShapeProblem, TypeProblem, VersionProblem, WaiverProblem, Words,
};
use camino::Utf8PathBuf;

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

impl ProblemKind {
    /// The rule that the problem breaks.
    pub fn rule(&self) -> Rule {
        match self {
            Self::File(problem) => problem.broken_rule().rule(),
            Self::Shape(problem) => problem.broken_rule().rule(),
            Self::Name(problem) => problem.broken_rule().rule(),
            Self::Version(problem) => problem.broken_rule().rule(),
            Self::Retirement(problem) => problem.broken_rule().rule(),
            Self::History(problem) => problem.broken_rule().rule(),
            Self::Type(problem) => problem.broken_rule().rule(),
            Self::Route(problem) => problem.broken_rule().rule(),
            Self::Constraint(problem) => problem.broken_rule().rule(),
            Self::Example(problem) => problem.broken_rule().rule(),
            Self::Waiver(problem) => problem.broken_rule().rule(),
        }
    }

    /// The problem in words.
    pub fn words(&self) -> Words {
        let words = match self {
            Self::File(problem) => problem.words(),
            Self::Shape(problem) => problem.words(),
            Self::Name(problem) => problem.words(),
            Self::Version(problem) => problem.words(),
            Self::Retirement(problem) => problem.words(),
            Self::History(problem) => problem.words(),
            Self::Type(problem) => problem.words(),
            Self::Route(problem) => problem.words(),
            Self::Constraint(problem) => problem.words(),
            Self::Example(problem) => problem.words(),
            Self::Waiver(problem) => problem.words(),
        };
        Words { code: self.rule().id, ..words }
    }
}

impl Problem {
    /// The id of the rule that the problem breaks, in kebab case.
    pub fn code(&self) -> &'static str {
        self.kind.rule().id
    }

    /// The effect on the spec.
    pub fn severity(&self) -> Severity {
        self.kind.rule().severity
    }

    /// What is wrong.
    pub fn message(&self) -> String {
        self.kind.words().message
    }

    /// Why it is wrong.
    pub fn note(&self) -> Option<String> {
        self.kind.words().note
    }

    /// How to correct it.
    pub fn help(&self) -> Option<String> {
        self.kind.words().help
    }
}

macro_rules! from_areas {
    ($($area:ident($problem:ident)),* $(,)?) => {$(
        impl From<$problem> for ProblemKind {
            fn from(problem: $problem) -> Self {
                Self::$area(problem)
            }
        }
    )*};
}

from_areas!(
    File(FileProblem),
    Shape(ShapeProblem),
    Name(NameProblem),
    Version(VersionProblem),
    Retirement(RetirementProblem),
    History(HistoryProblem),
    Type(TypeProblem),
    Route(RouteProblem),
    Constraint(ConstraintProblem),
    Example(ExampleProblem),
    Waiver(WaiverProblem),
);
