//! Examples.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// Why an example does not fit the types.
    pub enum ExampleProblem, of rules ExampleRule {
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
            /// Whether it is a number that the type cannot hold.
            is_too_large: bool,
        },
        /// A whole number that is not written as one.
        NumberForm {
            /// As written.
            found: String,
            /// As it should be written, if it is whole.
            whole: Option<String>,
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
        /// A number that is no HTTP status.
        Status {
            /// The number.
            status: u16,
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
    }
}

impl ExampleRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::NameTaken => Rule::error("example-name-taken")
                .title("Two examples with one name")
                .why("The name is how a report of the tests says which example failed."),
            Self::TypeMismatch => Rule::error("example-type-mismatch").title("A value of another type").why(
                "People copy examples, and the tests run them through client and server, which would \
                     refuse it.",
            ),
            Self::NumberForm => {
                Rule::error("example-number-form").title("A whole number that is not written as one").why(
                    "The platform writes 8589934592, not 8.589934592E9; who copies the example should get \
                     what is on the wire.",
                )
            }
            Self::TimestampForm => Rule::error("example-timestamp-form")
                .title("A timestamp in another form than the wire's")
                .why("The platform writes \"Nov 14, 2017 10:20:57 PM\", and reads nothing else."),
            Self::BadUuid => Rule::error("example-bad-uuid")
                .title("A UUID in another form than the platform's")
                .why("The platform's UUIDs are 32 lower-case hexadecimal digits without dashes."),
            Self::MissingRequired => Rule::error("example-missing-required")
                .title("An example without something required")
                .why("A call like that is refused, and no answer looks like that."),
            Self::UnknownField => Rule::error("example-unknown-field")
                .title("An example with a key that nothing declares")
                .why("Either the key is misspelt, or the type lacks a field that is on the wire."),
            Self::UnknownValue => Rule::error("example-unknown-value")
                .title("A text that is no value of its enum")
                .why("Either the text is misspelt, or the enum lacks a value that is on the wire."),
            Self::Constraint => Rule::error("example-constraint")
                .title("A value that a constraint forbids")
                .why("The server would refuse it, or the constraint is wrong."),
            Self::Status => {
                Rule::error("example-status").title("A number that is no HTTP status of an answer").why(
                    "An answer has a status from 200 to 599; the one below `request` decides which body is \
                     expected.",
                )
            }
            Self::FromTheFuture => Rule::error("example-from-the-future")
                .title("An example uses what its release does not have yet")
                .why(
                    "An example of a release is what a client of that release can copy. One that uses a \
                     newer parameter, field or value shows a call that was never possible. Without `since` \
                     an example is of the newest release.",
                )
                .excerpts(
                    "# memorySize exists since 4.0\nexamples:\n  - name: One VM\n    since: \
                     \"3.3.0\"\n    response: {inventory: {memorySize: 1024}}",
                    "# memorySize exists since 4.0\nexamples:\n  - name: One VM\n    since: \
                     \"4.0\"\n    response: {inventory: {memorySize: 1024}}",
                ),
        }
    }
}

impl ExampleProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NameTaken { name } => Words::new(format!("two examples are called `{name}`")),
            Self::TypeMismatch { ty, found, is_too_large: true } => {
                Words::new(format!("`{found}` does not fit `{ty}`"))
            }
            Self::TypeMismatch { ty, found, is_too_large: false } => {
                Words::new(format!("{found} is no `{ty}`")).label(format!("expected `{ty}`"))
            }
            Self::NumberForm { found, whole } => {
                let words = Words::new(format!("`{found}` is not a whole number"))
                    .note("the platform writes integers as integers");
                match whole {
                    Some(whole) => words.help(format!("write {whole}")),
                    None => words,
                }
            }
            Self::TimestampForm { found } => Words::new(format!("`{found}` is not a timestamp"))
                .help("write it like \"Nov 14, 2017 10:20:57 PM\""),
            Self::BadUuid { found } => Words::new(format!("`{found}` is not a UUID")).note(
                "a UUID is 32 lower-case hexadecimal digits without dashes; the 13th, its version, is 1 to \
                     5, and the 17th, its variant, is 8, 9, a or b",
            ),
            Self::MissingRequired { name, owner } => {
                Words::new(format!("the example has no `{name}`, which {owner} requires"))
                    .label(format!("has no `{name}`"))
            }
            Self::UnknownField { name, owner, suggestion } => {
                Words::new(format!("{owner} has no `{name}`")).did_you_mean(suggestion.as_deref())
            }
            Self::UnknownValue { found, ty, suggestion } => {
                Words::new(format!("`{found}` is no value of `{ty}`")).did_you_mean(suggestion.as_deref())
            }
            Self::Constraint { why } => Words::new(format!("the example breaks a rule: {why}")),
            Self::FromTheFuture { name, since, release } => {
                Words::new(format!("the example is of {release}, which has no `{name}` yet"))
                    .label(format!("`{name}` exists since {since}"))
                    .help(format!("leave it out, or make it an example of \"{since}\""))
            }
            Self::Status { status } => Words::new(format!("{status} is no HTTP status of an answer"))
                .note("the status of an answer lies between 200 and 599"),
        }
    }
}
