use std::collections::BTreeMap;
use std::fmt;

use crate::Record;

/// An error as the platform reports it.
///
/// Programs compare [`code`](Self::code): the texts are localized and change between releases. The
/// spec file `ErrorCode.yaml` documents the same fields; this struct is written by hand because the
/// runtime needs it, and a test compares the two.
///
/// ```
/// use zstack_runtime::ErrorCode;
///
/// let cause = ErrorCode::new("VM.1010", "The state of the VM does not allow this", "it is Destroyed");
/// let error = ErrorCode::new("SYS.1006", "An operation failed", "the ISO is not attached").with_cause(cause);
/// assert!(error.chain().any(|error| error.code == "VM.1010"));
/// ```
#[derive(Clone, Default, Record)]
#[record(since = "0.6", no_constructor)]
#[non_exhaustive]
pub struct ErrorCode {
    /// The code, such as `SYS.1006`.
    pub code: String,
    /// A brief description, the same for all errors with this code.
    pub description: Option<String>,
    /// The details of this error.
    pub details: Option<String>,
    /// A text for users, where the platform has one.
    pub elaboration: Option<String>,
    /// Additional data; rarely set.
    pub opaque: Option<BTreeMap<String, serde_json::Value>>,
    /// The error that led to this one.
    pub cause: Option<Box<ErrorCode>>,
    /// The place in the platform that reported the error; rarely set.
    pub location: Option<String>,
    /// The duration of the operation, such as `12ms`.
    pub cost: Option<String>,
    /// The text by language; keys are `message_en` and `message_cn`.
    pub messages: Option<BTreeMap<String, String>>,
    /// The errors that this one summarizes.
    pub causes: Option<Vec<ErrorCode>>,
}

impl ErrorCode {
    /// Creates an error from its code, the description of the code, and the details.
    #[must_use]
    pub fn new(code: impl Into<String>, description: impl Into<String>, details: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            description: Some(description.into()),
            details: Some(details.into()),
            ..Self::default()
        }
    }

    /// Sets the error that caused this one.
    #[must_use]
    pub fn with_cause(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// Iterates over this error, its cause, the cause of that, and so on.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |error| error.cause.as_deref())
    }
}

/// Writes `SYS.1006 An operation failed: the VM is Destroyed; caused by VM.1010 …`.
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
