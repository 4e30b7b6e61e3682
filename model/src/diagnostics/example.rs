//! Examples.

use super::Words;

/// Why an example does not fit the types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleProblem {
    /// Two examples with one name.
    NameTaken {
        /// The name.
        name: String,
    },
    /// A value of another type.
    TypeMismatch {
        /// The type.
        ty: String,
        /// What stands there.
        found: String,
    },
    /// A whole number that is not written as one.
    NumberForm {
        /// As written.
        found: String,
        /// As it should be written, if it is whole.
        whole: Option<String>,
    },
    /// A whole number that its type cannot hold.
    NumberTooLarge {
        /// The number.
        found: String,
        /// The type.
        ty: String,
    },
    /// A timestamp in another form than the wire's.
    TimestampForm {
        /// As written.
        found: String,
    },
    /// A UUID in another form than the platform's.
    BadUuid {
        /// As written.
        found: String,
    },
    /// Something required is not there.
    MissingRequired {
        /// Its name.
        name: String,
        /// What requires it.
        owner: String,
    },
    /// A key that the type or the operation does not have.
    UnknownField {
        /// The key.
        name: String,
        /// What does not have it.
        owner: String,
        /// The key that was probably meant.
        suggestion: Option<String>,
    },
    /// A text that is no value of the enum.
    UnknownValue {
        /// The text.
        found: String,
        /// The enum.
        ty: String,
        /// The value that was probably meant.
        suggestion: Option<String>,
    },
    /// A value that a constraint forbids.
    Constraint {
        /// What it violates.
        why: String,
    },
    /// Something that the release of the example does not have yet.
    FromTheFuture {
        /// Its name.
        name: String,
        /// Since when it exists.
        since: String,
        /// The release of the example.
        release: String,
    },
    /// A number that is no HTTP status.
    Status {
        /// The number.
        status: u16,
    },
}

impl ExampleProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NameTaken { name } => {
                Words::new("example-name-taken", format!("two examples are called `{name}`"))
            }
            Self::TypeMismatch { ty, found } => {
                Words::new("example-type-mismatch", format!("{found} is no `{ty}`"))
                    .label(format!("expected `{ty}`"))
            }
            Self::NumberForm { found, whole } => {
                let words = Words::new("example-number-form", format!("`{found}` is not a whole number"))
                    .note("the platform writes integers as integers");
                match whole {
                    Some(whole) => words.help(format!("write {whole}")),
                    None => words,
                }
            }
            Self::NumberTooLarge { found, ty } => {
                Words::new("example-type-mismatch", format!("`{found}` does not fit `{ty}`"))
            }
            Self::TimestampForm { found } => {
                Words::new("example-timestamp-form", format!("`{found}` is not a timestamp"))
                    .help("write it like \"Nov 14, 2017 10:20:57 PM\"")
            }
            Self::BadUuid { found } => Words::new("example-bad-uuid", format!("`{found}` is not a UUID"))
                .note(
                    "a UUID is 32 lower-case hexadecimal digits without dashes; the 13th, its version, is 1 to 5, and the \
                     17th, its variant, is 8, 9, a or b",
                ),
            Self::MissingRequired { name, owner } => Words::new(
                "example-missing-required",
                format!("the example has no `{name}`, which {owner} requires"),
            )
            .label(format!("has no `{name}`")),
            Self::UnknownField { name, owner, suggestion } => {
                Words::new("example-unknown-field", format!("{owner} has no `{name}`"))
                    .did_you_mean(suggestion.as_deref())
            }
            Self::UnknownValue { found, ty, suggestion } => {
                Words::new("example-unknown-value", format!("`{found}` is no value of `{ty}`"))
                    .did_you_mean(suggestion.as_deref())
            }
            Self::Constraint { why } => {
                Words::new("example-constraint", format!("the example breaks a rule: {why}"))
            }
            Self::FromTheFuture { name, since, release } => Words::new(
                "example-from-the-future",
                format!("the example is of {release}, which has no `{name}` yet"),
            )
            .label(format!("`{name}` exists since {since}"))
            .help(format!("leave it out, or make it an example of \"{since}\"")),
            Self::Status { status } => {
                Words::new("example-status", format!("{status} is no HTTP status of an answer"))
                    .note("the status of an answer lies between 200 and 599")
            }
        }
    }
}
