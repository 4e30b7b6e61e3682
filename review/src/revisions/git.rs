//! Runs the program `git`.
//!
//! Only commands that read are run, on the repository that a folder is in.
//! None of them starts a program that the repository's configuration names: no
//! hooks, pagers, filters or text conversions, and no transfer of objects that
//! a partial clone lacks.

use std::io;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Variables that name another repository than the one that the folder is in.
/// Git sets them for its hooks.
const LOCATIONS: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

const SETTINGS: [(&str, &str); 6] = [
    // Messages are in English, so that they can be recognized.
    ("LC_ALL", "C"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    // Objects that a partial clone lacks are reported, not fetched; before Git
    // 2.45, which does not know this variable, the next one prevents it.
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_ALLOW_PROTOCOL", ""),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_DISCOVERY_ACROSS_FILESYSTEM", "1"),
];

/// The program `git`, run in a folder.
#[derive(Clone, Debug)]
pub(super) struct Git {
    folder: Utf8PathBuf,
}

/// Why `git` gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum GitError {
    /// The program could not be started.
    #[error("the program `git` cannot be run: {0}")]
    Start(io::Error),
    /// The connection to the running program broke.
    #[error("the program `git` stopped answering: {0}")]
    Pipe(#[from] io::Error),
    /// The program failed, with this message and exit code; a signal has none.
    #[error("{message}")]
    Failed { message: String, code: Option<i32> },
    /// The program printed something unexpected.
    #[error("the program `git` printed `{}`", .0.escape_debug())]
    Unexpected(String),
}

impl Git {
    pub(super) fn new(folder: &Utf8Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// A command of git that is not started yet.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "--no-replace-objects", "-C", self.folder.as_str()]).args(arguments);
        for name in LOCATIONS {
            command.env_remove(name);
        }
        command.envs(SETTINGS).stdin(Stdio::null());
        command
    }

    /// Runs a command; returns what it printed.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String, GitError> {
        let Output { status, stdout, stderr } = self.command(arguments).output().map_err(GitError::Start)?;
        if !status.success() {
            return Err(GitError::failed(&stderr, status.code()));
        }
        String::from_utf8(stdout)
            .map_err(|error| GitError::Unexpected(String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Runs a command that prints one line; returns it, or `None` if the
    /// command failed or printed nothing.
    pub(super) fn line(&self, arguments: &[&str]) -> Option<String> {
        let text = self.run(arguments).ok()?;
        text.lines().next().filter(|line| !line.is_empty()).map(str::to_owned)
    }
}

impl GitError {
    /// The error of a command that failed, from its error output.
    pub(super) fn failed(stderr: &[u8], code: Option<i32>) -> Self {
        let text = String::from_utf8_lossy(stderr);
        let fatal = text.lines().find_map(|line| line.strip_prefix("fatal: "));
        let message = match fatal.unwrap_or(text.trim()) {
            "" => "the program `git` failed without a message".to_owned(),
            message => message.to_owned(),
        };
        Self::Failed { message, code }
    }
}
