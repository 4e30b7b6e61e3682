//! Runs the program `git`, with commands that only read.
//!
//! None of them starts a program that the configuration of the repository names: no hooks, pagers, filters or text
//! conversions, and no download of objects that a partial clone lacks.

use std::io;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Variables that select a repository other than that of the folder. Git sets them for its hooks.
const LOCATIONS: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

const SETTINGS: [(&str, &str); 6] = [
    // English messages can be matched.
    ("LC_ALL", "C"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    // Objects that a partial clone lacks are reported, not downloaded. Git before 2.45 does not
    // know this variable; the next one has the same effect.
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

/// Why a command of git failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum GitError {
    /// The program could not be started.
    #[error("cannot run the program `git`: {0}")]
    Start(io::Error),
    /// The pipe to the running program broke.
    #[error("lost the connection to the program `git`: {0}")]
    Pipe(#[from] io::Error),
    /// The program failed with this message. A program that a signal ended has no exit code.
    #[error("{message}")]
    Failed { message: String, code: Option<i32> },
    /// The program printed unexpected output.
    #[error("unexpected output of the program `git`: `{}`", .0.escape_debug())]
    Unexpected(String),
}

impl Git {
    pub(super) fn new(folder: &Utf8Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Prepares a command of git.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "--no-replace-objects", "-C", self.folder.as_str()]).args(arguments);
        for name in LOCATIONS {
            command.env_remove(name);
        }
        command.envs(SETTINGS).stdin(Stdio::null());
        command
    }

    /// Runs a command and returns its output.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String, GitError> {
        let Output { status, stdout, stderr } = self.command(arguments).output().map_err(GitError::Start)?;
        if !status.success() {
            return Err(GitError::from_output(&stderr, status.code()));
        }
        String::from_utf8(stdout)
            .map_err(|error| GitError::Unexpected(String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Runs a command and returns the first line of its output; `None` if the command failed or
    /// printed nothing.
    pub(super) fn line(&self, arguments: &[&str]) -> Option<String> {
        let text = self.run(arguments).ok()?;
        text.lines().next().filter(|line| !line.is_empty()).map(str::to_owned)
    }
}

impl GitError {
    /// Takes the message from the error output of a failed command.
    pub(super) fn from_output(stderr: &[u8], code: Option<i32>) -> Self {
        let text = String::from_utf8_lossy(stderr);
        let fatal = text.lines().find_map(|line| line.strip_prefix("fatal: "));
        let message = match fatal.unwrap_or(text.trim()) {
            "" => "the program `git` failed without a message".to_owned(),
            message => message.to_owned(),
        };
        Self::Failed { message, code }
    }
}
