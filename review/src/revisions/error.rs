//! Errors of finding and loading the specs to compare.

use std::io::{self, Write};

use camino::Utf8Path;
use zstack_model::diagnostics::{Diagnostics, Styles, visible};

use super::git::GitError;

/// Why two specs cannot be compared. All errors are reported at once.
#[derive(Debug)]
pub enum RevisionErrors {
    /// The arguments are invalid.
    Usage(Vec<RevisionError>),
    /// The git repository does not have what the arguments name.
    Git(Vec<RevisionError>),
    /// A spec was found and is invalid.
    Spec(Vec<InvalidSpec>),
}

/// An error with notes and help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionError {
    message: String,
    remarks: Vec<(&'static str, String)>,
}

/// A spec that is invalid.
#[derive(Debug)]
pub struct InvalidSpec {
    /// The origin of the spec, such as `the base (main at 1a2b3c4)`.
    pub(super) label: String,
    pub(super) diagnostics: Diagnostics,
}

impl RevisionErrors {
    /// Wraps errors of both sides, without repeating one that both have.
    pub(super) fn git(mut errors: Vec<RevisionError>) -> Self {
        errors.dedup();
        Self::Git(errors)
    }

    /// Writes all errors.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn render(&self, out: &mut impl Write, styles: &Styles) -> io::Result<()> {
        let Styles { error, message, gutter, keyword, .. } = styles;
        let title = |text: &str| format!("{error}error{error:#}{message}: {text}{message:#}");
        match self {
            Self::Usage(errors) | Self::Git(errors) => {
                for error in errors {
                    writeln!(out, "{}", title(&visible(&error.message).to_string()))?;
                    for (word, text) in &error.remarks {
                        writeln!(out, "  {gutter}={gutter:#} {keyword}{word}{keyword:#}: {}", visible(text))?;
                    }
                }
            }
            Self::Spec(specs) => {
                for InvalidSpec { label, diagnostics } in specs {
                    writeln!(out, "{}\n", title(&format!("the spec of {label} is invalid")))?;
                    diagnostics.render(out, styles)?;
                    writeln!(out)?;
                }
                let first = specs.iter().find_map(|spec| spec.diagnostics.problems().first());
                if let Some(problem) = first {
                    writeln!(out, "run `cargo xtask explain {}` for more", problem.code())?;
                }
            }
        }
        Ok(())
    }
}

impl RevisionError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), remarks: Vec::new() }
    }

    pub(super) fn note(mut self, text: impl Into<String>) -> Self {
        self.remarks.push(("note", text.into()));
        self
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.remarks.push(("help", text.into()));
        self
    }

    /// The error for a folder that is not in a repository.
    pub(super) fn no_repository(folder: &Utf8Path) -> Self {
        Self::new(format!("{folder} is not in a git repository"))
            .note("two folders can be compared without a repository: `./old../new`")
    }

    /// The error for an object that git cannot read.
    pub(super) fn unreadable(object: &str, error: &GitError) -> Self {
        Self::new(format!("cannot read {object} from the git repository")).note(error.to_string())
    }

    /// The error for the beginning of several hashes.
    pub(super) fn ambiguous(name: &str) -> Self {
        Self::new(format!("`{}` is ambiguous: several hashes begin with it", name.escape_debug()))
            .help("write more digits")
    }
}
