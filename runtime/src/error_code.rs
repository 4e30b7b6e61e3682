use std::collections::BTreeMap;
use std::fmt;

use crate::Record;

/// What went wrong, in the platform's terms.
///
/// Clients key on [`code`](Self::code): the texts are localised and change
/// between releases. The spec file `ErrorCode.yaml` documents every field; this
/// struct is written by hand because the crates below the generated ones need
/// it, and a test holds it against that file.
#[derive(Clone, Default, Record)]
#[record(since = "0.6", no_constructor)]
#[non_exhaustive]
pub struct ErrorCode {
    /// The code: `SYS.1006`.
    pub code: String,
    /// A brief description, fixed for each code.
    pub description: Option<String>,
    /// What happened in this case.
    pub details: Option<String>,
    /// A friendlier text, where the platform has one.
    pub elaboration: Option<String>,
    /// Further data; rarely set.
    pub opaque: Option<BTreeMap<String, serde_json::Value>>,
    /// The error that led to this one.
    pub cause: Option<Box<ErrorCode>>,
    /// A hint at the origin; rarely set.
    pub location: Option<String>,
    /// How long it took, as text: `12ms`.
    pub cost: Option<String>,
    /// The text by language: `message_en`, `message_cn`.
    pub messages: Option<BTreeMap<String, String>>,
    /// The errors of a composite one.
    pub causes: Option<Vec<ErrorCode>>,
}

impl ErrorCode {
    /// An error with its code, the code's description and what happened.
    #[must_use]
    pub fn new(code: impl Into<String>, description: impl Into<String>, details: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            description: Some(description.into()),
            details: Some(details.into()),
            ..Self::default()
        }
    }

    /// The same, with the error that led to it.
    #[must_use]
    pub fn caused_by(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// This error, its cause, the cause of that, and so on.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |it| it.cause.as_deref())
    }
}

/// `SYS.1006 An operation failed: the VM is Destroyed; caused by VM.1010 …`
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, error) in self.chain().enumerate() {
            if depth > 0 {
                f.write_str("; caused by ")?;
            }
            f.write_str(&error.code)?;
            if let Some(description) = &error.description {
                write!(f, " {description}")?;
            }
            if let Some(details) = &error.details {
                write!(f, ": {details}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for ErrorCode {}
