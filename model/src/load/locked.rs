//! Reads the lock of releases.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::tree::{ReadError, Tree};
use crate::diagnostics::{Diagnostics, FileProblem, Place, Position, Problem, ProblemKind, VersionProblem};
use crate::lock::{FILE, Lock};
use crate::model::Model;

/// The maximum size of a lock, in bytes.
const SIZE_LIMIT: u64 = 1 << 20;

/// The lock of a spec with its problems.
#[derive(Default)]
pub(super) struct LockFile {
    file: Utf8PathBuf,
    /// Empty for a file that could not be read.
    text: String,
    /// `None` if there is no lock or it cannot be read.
    pub(super) lock: Option<Lock>,
    problems: Vec<Problem>,
}

impl LockFile {
    /// Reads the lock of the spec in a tree, which is called `name` in messages.
    pub(super) fn read(tree: &dyn Tree, name: &Utf8Path) -> Self {
        let mut it = Self { file: name.join(FILE), ..Self::default() };
        let bytes = match tree.read(Utf8Path::new(FILE), SIZE_LIMIT) {
            Ok(bytes) => bytes,
            Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return it,
            Err(ReadError::Io(error)) => return it.unreadable(FileProblem::Unreadable(error.to_string())),
            Err(ReadError::TooLarge(size)) => {
                return it.unreadable(FileProblem::TooLarge { size, limit: SIZE_LIMIT });
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => it.text = text,
            Err(_) => return it.unreadable(FileProblem::NotUtf8),
        }
        match it.text.parse() {
            Ok(lock) => it.lock = Some(lock),
            Err(error) => it.report(error.line(), FileProblem::Lock(error.to_string())),
        }
        it
    }

    /// Reports releases that differ from the lock.
    pub(super) fn compare(&mut self, model: &Model) {
        let changed = self.lock.as_ref().map_or_else(Vec::new, |lock| lock.changed_releases(model));
        let changed: Vec<String> = changed.into_iter().map(|version| version.to_string()).collect();
        for version in changed {
            let nth = self.text.lines().position(|line| line.split(' ').next() == Some(&*version));
            self.report(nth.map_or(1, |index| index + 1), VersionProblem::SliceDrift { version });
        }
    }

    pub(super) fn diagnostics(self) -> Diagnostics {
        Diagnostics::new(self.problems, BTreeMap::from([(self.file, self.text)]))
    }

    pub(super) fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }

    fn unreadable(mut self, problem: FileProblem) -> Self {
        let place = Place { file: self.file.clone(), position: None };
        self.problems.push(Problem { kind: problem.into(), place, related: None });
        self
    }

    fn report(&mut self, line: usize, kind: impl Into<ProblemKind>) {
        let text = self.text.lines().nth(line.saturating_sub(1));
        let length = text.map_or(1, |text| text.chars().count().max(1));
        let position = Some(Position { line, column: 1, length });
        let place = Place { file: self.file.clone(), position };
        self.problems.push(Problem { kind: kind.into(), place, related: None });
    }
}
