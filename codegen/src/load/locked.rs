//! Releases that are out, against what they were when they were closed.

use camino::{Utf8Path, Utf8PathBuf};

use super::tree::{ReadError, Tree};
use crate::diagnostics::{FileProblem, Place, Position, Problem, ProblemKind, VersionProblem};
use crate::lock::{FILE, Lock};
use crate::model::Model;

/// The largest lock that is read: a line for each release.
const SIZE_LIMIT: u64 = 1 << 20;

/// What is wrong with a lock, and the text that says so.
pub(super) struct Locked {
    pub(super) problems: Vec<Problem>,
    pub(super) file: Utf8PathBuf,
    pub(super) text: String,
}

/// Compares the releases of a model with the lock beside it; `None` where
/// there is none.
pub(super) fn check(tree: &dyn Tree, name: &Utf8Path, model: &Model) -> Option<Locked> {
    let file = name.join(FILE);
    let unreadable = |problem: FileProblem| {
        let place = Place { file: file.clone(), position: None };
        let problems = vec![Problem { kind: problem.into(), place, related: None }];
        Some(Locked { problems, file: file.clone(), text: String::new() })
    };
    let bytes = match tree.read(Utf8Path::new(FILE), SIZE_LIMIT) {
        Ok(bytes) => bytes,
        Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(ReadError::Io(error)) => return unreadable(FileProblem::Unreadable(error.to_string())),
        Err(ReadError::TooLarge(size)) => {
            return unreadable(FileProblem::TooLarge { size, limit: SIZE_LIMIT });
        }
    };
    let Ok(text) = String::from_utf8(bytes) else { return unreadable(FileProblem::NotUtf8) };
    let at = |line: usize, kind: ProblemKind| {
        let length = text.lines().nth(line.saturating_sub(1)).map_or(1, |it| it.chars().count().max(1));
        let place = Place { file: file.clone(), position: Some(Position { line, column: 1, length }) };
        Problem { kind, place, related: None }
    };
    let problems = match text.parse::<Lock>() {
        Err(error) => vec![at(error.line(), FileProblem::Lock(error.to_string()).into())],
        Ok(lock) => {
            let line = |version: &str| text.lines().position(|it| it.split(' ').next() == Some(version));
            let drifted = lock.drifted(model).into_iter().map(|version| {
                let problem = VersionProblem::SliceDrift { version: version.text.clone() };
                at(line(&version.text).map_or(1, |it| it + 1), problem.into())
            });
            drifted.collect()
        }
    };
    Some(Locked { problems, file, text })
}
