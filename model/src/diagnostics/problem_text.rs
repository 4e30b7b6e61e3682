//! The texts of a problem.

/// The texts of a problem, for reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemText {
    /// The id of the rule.
    pub code: &'static str,
    /// The fault.
    pub message: String,
    /// A few words below the marked position.
    pub label: Option<String>,
    /// The reason.
    pub note: Option<String>,
    /// The recommended correction.
    pub help: Option<String>,
}

impl ProblemText {
    /// Creates a text with a message; [`ProblemKind::text`](super::ProblemKind::text) adds the code.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { code: "", message: message.into(), label: None, note: None, help: None }
    }

    pub(super) fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    pub(super) fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Suggests a name as the help, if there is one.
    pub(super) fn did_you_mean(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}
