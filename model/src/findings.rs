//! Findings of `load`, `lower` and `check`: problems with a file and a path in it. Line and column are
//! looked up only for reports.

use crate::diagnostics::ProblemKind;
use crate::positions::{Path, Spot};
use crate::yaml::Span;

/// The index of a file among the files of the spec.
pub(crate) type FileId = usize;

/// A problem with its file and its path.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) file: FileId,
    pub(crate) at: At,
    pub(crate) kind: ProblemKind,
    pub(crate) related: Option<(FileId, At, &'static str)>,
}

/// A position in a file.
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

    /// Adds another position that the problem involves.
    pub(crate) fn with(self, file: FileId, at: At, label: &'static str) -> Self {
        Self { related: Some((file, at, label)), ..self }
    }
}

impl At {
    /// The position of a value.
    pub(crate) fn value(path: Path) -> Self {
        Self::Path(path, Spot::Value)
    }

    /// The position of the key at the end of a path.
    pub(crate) fn key(path: Path) -> Self {
        Self::Path(path, Spot::Key)
    }

    /// The position of a word in a text.
    pub(crate) fn word(path: Path, word: impl Into<String>) -> Self {
        Self::Path(path, Spot::Word(word.into()))
    }
}

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds a problem with a single position.
    pub(crate) fn report(&mut self, file: FileId, at: At, kind: impl Into<ProblemKind>) {
        self.push(Finding::new(file, at, kind));
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.0.extend(findings);
    }

    /// Returns whether there is a finding about a file.
    pub(crate) fn has_file(&self, file: FileId) -> bool {
        self.0.iter().any(|finding| finding.file == file)
    }

    /// Returns whether the same problem was found at the same position.
    pub(crate) fn has(&self, other: &Finding) -> bool {
        let is_same = |own: &Finding| own.file == other.file && own.kind == other.kind && own.at == other.at;
        self.0.iter().any(is_same)
    }

    /// Returns whether there is a finding at a position.
    pub(crate) fn has_at(&self, file: FileId, at: &At) -> bool {
        self.0.iter().any(|finding| finding.file == file && finding.at == *at)
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
