//! The formats of a report.

use zstack_model::diagnostics::Styles;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs, as `docs/diff.schema.json` describes.
    Json,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// A Code Quality report, which GitLab shows as annotations.
    Gitlab,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// Options of the text format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Colors.
    pub styles: Styles,
    /// True if to include changes of descriptions, and fingerprints.
    pub verbose: bool,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Markdown, Self::Json, Self::Github, Self::Gitlab, Self::Sarif];

    /// The name on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Sarif => "sarif",
        }
    }
}
