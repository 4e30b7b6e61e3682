//! Why there are no two versions, in words for people.

use std::io::{self, Write};

use zstack_model::diagnostics::{Diagnostics, Styles, visible};

/// Why there are no two versions to compare: everything that is in the way.
#[derive(Debug)]
pub enum Failure {
    /// The command line asks for what cannot be.
    Usage(Vec<Trouble>),
    /// What was asked for is not in the repository.
    Git(Vec<Trouble>),
    /// A version is there and does not hold.
    Spec(Vec<Broken>),
}

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    message: String,
    remarks: Vec<(&'static str, String)>,
}

/// A version that does not hold.
#[derive(Debug)]
pub struct Broken {
    /// What it is called: `the base, main at 1a2b3c4,`.
    pub(super) label: String,
    pub(super) diagnostics: Diagnostics,
}

impl Failure {
    /// What is in the way of both sides alike is told once.
    pub(super) fn git(mut troubles: Vec<Trouble>) -> Self {
        troubles.dedup();
        Self::Git(troubles)
    }

    /// Writes what is in the way.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn render(&self, out: &mut impl Write, styles: &Styles) -> io::Result<()> {
        let Styles { error, message, gutter, keyword, .. } = styles;
        match self {
            Self::Usage(troubles) | Self::Git(troubles) => {
                for trouble in troubles {
                    writeln!(
                        out,
                        "{error}error{error:#}{message}: {}{message:#}",
                        visible(&trouble.message)
                    )?;
                    for (word, text) in &trouble.remarks {
                        writeln!(out, "  {gutter}={gutter:#} {keyword}{word}{keyword:#}: {}", visible(text))?;
                    }
                }
            }
            Self::Spec(sides) => {
                for Broken { label, diagnostics } in sides {
                    writeln!(out, "{error}error{error:#}{message}: {label} does not hold{message:#}\n")?;
                    diagnostics.render(out, styles)?;
                    writeln!(out)?;
                }
                let first = sides.iter().find_map(|it| it.diagnostics.problems().first());
                if let Some(problem) = first {
                    writeln!(out, "run `cargo xtask explain {}` for more", problem.code())?;
                }
            }
        }
        Ok(())
    }
}

impl Trouble {
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
}
