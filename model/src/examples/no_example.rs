//! The reason why no example can be generated.

use std::fmt;

/// The error for an operation of which no example can be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoExample {
    /// The path of the value, such as `disks.size`.
    pub path: String,
    /// The reason, such as "`example` does not match [0-9]+".
    pub why: String,
    /// The parameter or the response field that contains the value, by index; `None` if the example as a whole
    /// is the problem.
    pub part: Option<(ExamplePart, usize)>,
}

/// A part of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExamplePart {
    /// A parameter of the request.
    Parameter,
    /// A field of the response.
    Response,
}

impl NoExample {
    pub(super) fn new(name: &str, why: impl Into<String>) -> Self {
        Self { path: name.to_owned(), why: why.into(), part: None }
    }

    /// Adds the name of the field that contains the value.
    pub(super) fn within(mut self, name: &str) -> Self {
        self.path = format!("{name}.{}", self.path);
        self
    }

    pub(super) fn at(mut self, part: ExamplePart, index: usize) -> Self {
        self.part = Some((part, index));
        self
    }
}

impl fmt::Display for NoExample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.why)
    }
}

impl std::error::Error for NoExample {}
