//! Failures of reading a repository.

use camino::Utf8Path;

use super::failure::Trouble;
use super::git::GitError;

/// The folder is not in a repository.
pub(super) fn repository(folder: &Utf8Path) -> Trouble {
    Trouble::new(format!("{folder} is not in a git repository"))
        .note("two folders can be compared without one: `./old../new`")
}

/// An object of the repository cannot be read.
pub(super) fn broken(what: &str, error: &GitError) -> Trouble {
    Trouble::new(format!("{what} cannot be read from the git repository")).note(error.to_string())
}

/// The name is the beginning of several hashes.
pub(super) fn ambiguous(name: &str) -> Trouble {
    Trouble::new(format!("`{}` is the beginning of several hashes", name.escape_debug()))
        .help("write more of it")
}
