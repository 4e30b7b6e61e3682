//! The lock of releases, beside `api.yaml`.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::tree::{ReadError, Tree};
use crate::diagnostics::{Diagnostics, FileProblem, Place, Position, Problem, ProblemKind, VersionProblem};
use crate::lock::{FILE, Lock};
use crate::model::Model;

/// The largest lock that is read: a line for each release.
const SIZE_LIMIT: u64 = 1 << 20;

/// The lock beside a spec; empty where there is none.
#[derive(Default)]
pub(super) struct Locked {
    file: Utf8PathBuf,
    /// Empty for a file that could not be read.
    text: String,
    /// `None` where there is none, or none that can be read.
    pub(super) lock: Option<Lock>,
    /// What is wrong with it.
    problems: Vec<Problem>,
}

impl Locked {
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

    /// Looks for releases that are not what they were when they were closed.
    pub(super) fn hold(&mut self, model: &Model) {
        let drifted = self.lock.as_ref().map_or_else(Vec::new, |it| it.drifted(model));
        let drifted: Vec<String> = drifted.into_iter().map(|it| it.text.clone()).collect();
        for version in drifted {
            let nth = self.text.lines().position(|line| line.split(' ').next() == Some(&*version));
            self.report(nth.map_or(1, |it| it + 1), VersionProblem::SliceDrift { version });
        }
    }

    /// What is wrong with it.
    pub(super) fn diagnostics(self) -> Diagnostics {
        Diagnostics::new(self.problems, BTreeMap::from([(self.file, self.text)]))
    }

    pub(super) fn holds(&self) -> bool {
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
