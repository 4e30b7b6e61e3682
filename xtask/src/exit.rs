//! Exit codes and errors of the commands.

use std::io::{self, Write as _};
use std::process::ExitCode;

use zstack_model::diagnostics::{Diagnostics, Styles};
use zstack_model::rules::Severity;
use zstack_review::revisions::RevisionErrors;

/// The exit codes, as `--help` lists them.
pub(crate) const HELP: &str =
    "Exit codes: 0 success, 1 findings or failure, 2 usage error, 3 invalid spec, 4 unknown revision";

/// The exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Success,
    /// There are findings, or something failed.
    Findings,
    /// The arguments are invalid.
    Usage,
    /// The spec is invalid.
    InvalidSpec,
    /// The git repository does not have a revision or its files.
    Git,
}

/// Why a command stopped.
pub(crate) enum Error {
    Io(io::Error),
    /// The spec is invalid, and `consequence` says what the command left undone.
    Spec {
        diagnostics: Diagnostics,
        consequence: Option<&'static str>,
    },
    /// The specs to compare could not be loaded.
    Revisions(RevisionErrors),
    /// Any other error, with the exit code.
    Other(Exit, String),
}

impl Error {
    /// An error in the arguments.
    pub(crate) fn usage(message: impl ToString) -> Self {
        Self::Other(Exit::Usage, message.to_string())
    }

    /// A failure that is not the fault of the arguments.
    pub(crate) fn failure(message: impl ToString) -> Self {
        Self::Other(Exit::Findings, message.to_string())
    }

    /// Prints the error on standard error and returns the exit code.
    pub(crate) fn report(self) -> Exit {
        self.print().unwrap_or_else(|error| Self::Io(error).report())
    }

    fn print(self) -> io::Result<Exit> {
        // The stream drops colors where they would not be shown.
        let mut err = anstream::stderr().lock();
        match self {
            // The reader of a pipe closed it because it has read enough.
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Findings),
            Self::Io(error) => {
                // When this fails, too, there is nowhere to print an error.
                let _ = writeln!(err, "error: {error}");
                Ok(Exit::Findings)
            }
            Self::Spec { diagnostics, consequence } => {
                print_diagnostics(&mut err, &diagnostics)?;
                if let Some(consequence) = consequence {
                    writeln!(err, "{consequence}")?;
                }
                Ok(Exit::InvalidSpec)
            }
            Self::Revisions(errors) => {
                errors.render(&mut err, &Styles::colored())?;
                Ok(match errors {
                    RevisionErrors::Usage(_) => Exit::Usage,
                    RevisionErrors::Git(_) => Exit::Git,
                    RevisionErrors::Spec(_) => Exit::InvalidSpec,
                })
            }
            Self::Other(exit, message) => {
                writeln!(err, "error: {message}")?;
                Ok(exit)
            }
        }
    }
}

/// Prints errors and warnings of a spec, and which rule to read about first.
pub(crate) fn print_diagnostics(out: &mut impl io::Write, diagnostics: &Diagnostics) -> io::Result<()> {
    diagnostics.render(out, &Styles::colored())?;
    let problems = diagnostics.problems();
    let first = problems.iter().find(|problem| problem.severity() == Severity::Error).or(problems.first());
    if let Some(problem) = first {
        writeln!(out, "run `cargo xtask explain {}` for more", problem.code())?;
    }
    Ok(())
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Spec { diagnostics, consequence: None }
    }
}

impl From<RevisionErrors> for Error {
    fn from(errors: RevisionErrors) -> Self {
        Self::Revisions(errors)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::InvalidSpec => Self::from(3),
            Exit::Git => Self::from(4),
        }
    }
}
