//! What a problem says.

/// A problem in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The id of the rule.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// A few words to stand below the place.
    pub label: Option<String>,
    /// Why it is wrong.
    pub note: Option<String>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Words {
    /// Begins with a message; [`ProblemKind::words`] adds the code.
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

    /// Offers the name that was probably meant, if there is one.
    pub(super) fn did_you_mean(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}
