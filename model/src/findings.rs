//! Problems as `load`, `lower` and `check` find them: a file and a path in it, whose line and
//! column are looked up only for a report.

use crate::diagnostics::ProblemKind;
use crate::positions::{Path, Spot};
use crate::yaml::Span;

/// The index of a file among the files of the spec.
pub(crate) type FileId = usize;

/// A problem that knows its file and its path, not yet its line.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) file: FileId,
    pub(crate) at: At,
    pub(crate) kind: ProblemKind,
    pub(crate) related: Option<(FileId, At, &'static str)>,
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// The file as a whole.
    File,
    /// A known position.
    Span(Span),
    /// A position to look up.
    Path(Path, Spot),
}

/// All problems found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Finding {
    pub(crate) fn new(file: FileId, at: At, kind: impl Into<ProblemKind>) -> Self {
        Self { file, at, kind: kind.into(), related: None }
    }

    /// Adds the other place that belongs to the problem.
    pub(crate) fn with(self, file: FileId, at: At, label: &'static str) -> Self {
        Self { related: Some((file, at, label)), ..self }
    }
}

impl At {
    /// A value.
    pub(crate) fn value(path: Path) -> Self {
        Self::Path(path, Spot::Value)
    }

    /// The key that a path ends in.
    pub(crate) fn key(path: Path) -> Self {
        Self::Path(path, Spot::Key)
    }

    /// A word in a text.
    pub(crate) fn word(path: Path, word: impl Into<String>) -> Self {
        Self::Path(path, Spot::Word(word.into()))
    }
}

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Reports a problem that belongs to one place.
    pub(crate) fn report(&mut self, file: FileId, at: At, kind: impl Into<ProblemKind>) {
        self.push(Finding::new(file, at, kind));
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.0.extend(findings);
    }

    /// Whether something is wrong with a file.
    pub(crate) fn concern(&self, file: FileId) -> bool {
        self.0.iter().any(|it| it.file == file)
    }

    /// Whether the same was found in the same place.
    pub(crate) fn has(&self, it: &Finding) -> bool {
        self.0.iter().any(|has| has.file == it.file && has.kind == it.kind && has.at == it.at)
    }

    /// Whether something is wrong with this very place.
    pub(crate) fn has_at(&self, file: FileId, at: &At) -> bool {
        self.0.iter().any(|has| has.file == file && has.at == *at)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
