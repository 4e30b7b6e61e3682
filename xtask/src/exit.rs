//! Exit codes, which scripts rely on.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// What `--help` says of them.
pub(crate) const HELP: &str = "Exit codes: 0 fine, 1 findings, 2 usage, 3 the spec does not hold, \
                               4 git does not have a version";

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Fine,
    /// There is something to do, or something failed.
    Findings,
    /// The command line asks for what there is not.
    Usage,
    /// The spec does not hold.
    SpecProblems,
    /// The git repository does not have what is to be compared.
    Git,
}

impl Exit {
    /// Says what went wrong with a file or a terminal. A reader that closed
    /// its end of a pipe has seen enough.
    pub(crate) fn from_io(error: io::Error) -> Self {
        if error.kind() != io::ErrorKind::BrokenPipe {
            // Nothing is left to do when this fails, too.
            let _ = writeln!(anstream::stderr(), "error: {error}");
        }
        Self::Findings
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::SpecProblems => Self::from(3),
            Exit::Git => Self::from(4),
        }
    }
}
