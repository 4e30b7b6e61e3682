//! The formats of a report.

use zstack_model::diagnostics::Styles;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs; its schema is `docs/diff.schema.json`.
    Json,
    /// Workflow commands, of which GitHub makes annotations.
    Github,
    /// A Code Quality report, of which GitLab makes annotations.
    Gitlab,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// How a text looks; other formats look one way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Colours.
    pub styles: Styles,
    /// Whether to tell all: changes of the words for people, and fingerprints.
    pub verbose: bool,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Markdown, Self::Json, Self::Github, Self::Gitlab, Self::Sarif];

    /// The word that asks for it.
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
