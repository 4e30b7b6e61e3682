use std::fmt;

/// The reason why an [`Api`](super::Api) cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// Two operations have the same method and path, and no body key distinguishes them.
    Conflict {
        /// The operation that was mounted first.
        first: &'static str,
        /// The other operation.
        second: &'static str,
        /// Method and path.
        line: String,
    },
    /// An operation is mounted twice.
    Duplicate {
        /// Its name.
        operation: &'static str,
    },
    /// The path of an operation cannot be matched.
    Path {
        /// The name of the operation.
        operation: &'static str,
        /// The problem with the path.
        problem: String,
    },
    /// A reserved path that cannot be matched.
    ReservedPath {
        /// The path.
        path: &'static str,
        /// The problem.
        problem: &'static str,
    },
    /// The value of an option is invalid.
    Option {
        /// The name of the option.
        name: &'static str,
        /// The problem.
        problem: String,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { first, second, line } => {
                write!(f, "{first} and {second} are both {line}, and no body key distinguishes them")
            }
            Self::Duplicate { operation } => write!(f, "{operation} is mounted twice"),
            Self::Path { operation, problem } => write!(f, "the path of {operation}: {problem}"),
            Self::ReservedPath { path, problem } => write!(f, "the reserved path `{path}`: {problem}"),
            Self::Option { name, problem } => write!(f, "the option {name}: {problem}"),
        }
    }
}

impl std::error::Error for BuildError {}
