//! A problem of a spec, with its position.

use super::{
    ConstraintProblem, ExampleProblem, FileProblem, HistoryProblem, NameProblem, ProblemText,
    ReferenceProblem, RetirementProblem, RouteProblem, Rule, Severity, ShapeProblem, TypeProblem,
    VersionProblem, WaiverProblem,
};
use camino::Utf8PathBuf;

/// An error or a warning about a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The fault.
    pub kind: ProblemKind,
    /// The position of the fault.
    pub place: Place,
    /// Another position that the problem involves, such as the first declaration of a duplicate.
    pub related: Option<Related>,
}

/// A file, and a position in it unless the file as a whole is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file or folder.
    pub file: Utf8PathBuf,
    /// The position in the file.
    pub position: Option<Position>,
}

/// A position in a file, counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The number of characters to mark, at least 1.
    pub length: usize,
}

/// Another position that a problem involves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The position.
    pub place: Place,
    /// A few words about it.
    pub label: String,
}

/// Declares the kinds of problems, one for each subject.
macro_rules! problem_kinds {
    ($($Subject:ident($Problem:ident)),* $(,)?) => {
        /// A problem of any subject.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "each is documented at its type")]
        pub enum ProblemKind {
            $($Subject($Problem),)*
        }

        impl ProblemKind {
            /// The rules of all subjects.
            pub(crate) const RULES: &[&[Rule]] = &[$($Problem::RULES),*];

            /// The rule that the problem breaks.
            pub fn rule(&self) -> Rule {
                match self {
                    $(Self::$Subject(problem) => problem.rule(),)*
                }
            }

            /// The texts of the problem.
            pub fn text(&self) -> ProblemText {
                let text = match self {
                    $(Self::$Subject(problem) => problem.text(),)*
                };
                ProblemText { code: self.rule().id, ..text }
            }
        }

        $(
            impl From<$Problem> for ProblemKind {
                fn from(problem: $Problem) -> Self {
                    Self::$Subject(problem)
                }
            }
        )*
    };
}

problem_kinds!(
    File(FileProblem),
    Shape(ShapeProblem),
    Name(NameProblem),
    Version(VersionProblem),
    Retirement(RetirementProblem),
    History(HistoryProblem),
    Type(TypeProblem),
    Reference(ReferenceProblem),
    Route(RouteProblem),
    Constraint(ConstraintProblem),
    Example(ExampleProblem),
    Waiver(WaiverProblem),
);

impl Problem {
    /// The id of the rule that the problem breaks, in kebab case.
    pub fn code(&self) -> &'static str {
        self.kind.rule().id
    }

    /// The severity of the rule that the problem breaks.
    pub fn severity(&self) -> Severity {
        self.kind.rule().severity
    }

    /// The fault in words.
    pub fn message(&self) -> String {
        self.kind.text().message
    }
}
