//! Problems with examples.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A mismatch between an example and the types of its operation.
    pub enum ExampleProblem {
        NameTaken { name: String } =
            Error "example-name-taken": "Two examples with the same name",
            "Test reports identify an example by its name.";
        TypeMismatch {
            ty: String,
            found: String,
            /// True if the value is a number outside the range of the type.
            is_too_large: bool
        } =
            Error "example-type-mismatch": "Value of the wrong type",
            "Readers copy examples, and the tests send them through the client and the server, which refuse \
             such a value.";
        NumberForm {
            found: String,
            /// The integer to write; `None` for a number with a fraction.
            whole: Option<String>
        } =
            Error "example-number-form": "Integer not written as one",
            "The platform writes 8589934592, not 8.589934592E9, and examples should match the wire.";
        TimestampForm { found: String } =
            Error "example-timestamp-form": "Timestamp that differs from the wire format",
            "The platform writes and reads timestamps such as \"Nov 14, 2017 10:20:57 PM\" only.";
        BadUuid { found: String } =
            Error "example-bad-uuid": "UUID that differs from the wire format",
            "UUIDs of the platform are 32 lower-case hexadecimal digits without dashes.";
        MissingRequired { name: String, owner: String } =
            Error "example-missing-required": "Example without a required parameter or field",
            "Servers refuse such a request and never send such a response.";
        UnknownField { name: String, owner: String, suggestion: Option<String> } =
            Error "example-unknown-field": "Example with an undeclared key",
            "Either the key is misspelled, or the type lacks a field that is on the wire.";
        UnknownValue { found: String, ty: String, suggestion: Option<String> } =
            Error "example-unknown-value": "Text that is not a value of its enum",
            "Either the text is misspelled, or the enum lacks a value that is on the wire.";
        Constraint { why: String } =
            Error "example-constraint": "Value that violates a constraint",
            "Either the server would refuse the value, or the constraint is wrong.";
        Status { status: u16 } =
            Error "example-status": "Invalid HTTP status of a response",
            "Responses have a status from 200 to 599; the status of an example decides which body it must \
             have.";
        FromTheFuture { name: String, since: String, release: String } =
            Error "example-from-the-future": "Example uses elements that its release lacks",
            "Clients of a release can copy its examples. One that uses a newer parameter, field or value \
             shows a call that was never possible. An example without `since` belongs to the newest \
             release.",
            wrong "# memorySize was added in 4.0\nexamples:\n  - name: One VM\n    since: \"3.3.0\"\n    \
                   response: {inventory: {memorySize: 1024}}",
            right "# memorySize was added in 4.0\nexamples:\n  - name: One VM\n    since: \"4.0\"\n    \
                   response: {inventory: {memorySize: 1024}}";
        NotGenerated { name: String, path: String, why: String } =
            Warning "example-not-generated": "Operation without an example",
            "Documentation, samples and forms show the examples of an operation, or a generated one if it has \
             none. Of this operation, none can be generated, so they show none.";
    }
}

impl ExampleProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::NameTaken { name } => {
                ProblemText::new(format!("two examples have the name `{name}`")).help("rename one of them")
            }
            Self::TypeMismatch { ty, found, is_too_large: true } => {
                ProblemText::new(format!("`{found}` is out of range for `{ty}`"))
            }
            Self::TypeMismatch { ty, found, is_too_large: false } => {
                ProblemText::new(format!("expected `{ty}`, found {found}")).label(format!("expected `{ty}`"))
            }
            Self::NumberForm { found, whole } => {
                let text = ProblemText::new(format!("`{found}` is not written as an integer"))
                    .note("the platform writes integers without a fraction or an exponent");
                match whole {
                    Some(whole) => text.help(format!("write {whole}")),
                    None => text,
                }
            }
            Self::TimestampForm { found } => ProblemText::new(format!("`{found}` is not a timestamp"))
                .help("write a timestamp such as \"Nov 14, 2017 10:20:57 PM\""),
            Self::BadUuid { found } => ProblemText::new(format!("`{found}` is not a UUID")).note(
                "a UUID is 32 lower-case hexadecimal digits without dashes; the 13th, its version, is 1 to \
                 5, and the 17th, its variant, is 8, 9, a or b",
            ),
            Self::MissingRequired { name, owner } => {
                ProblemText::new(format!("the example lacks `{name}`, which {owner} requires"))
                    .label(format!("lacks `{name}`"))
            }
            Self::UnknownField { name, owner, suggestion } => {
                ProblemText::new(format!("{owner} has no `{name}`")).did_you_mean(suggestion.as_deref())
            }
            Self::UnknownValue { found, ty, suggestion } => {
                ProblemText::new(format!("`{found}` is not a value of `{ty}`"))
                    .did_you_mean(suggestion.as_deref())
            }
            Self::Constraint { why } => ProblemText::new(format!("the example violates a constraint: {why}")),
            Self::FromTheFuture { name, since, release } => ProblemText::new(format!(
                "the example belongs to {release}, which does not have `{name}` yet"
            ))
            .label(format!("`{name}` was added in {since}"))
            .help(format!("remove it, or write `since: \"{since}\"` for the example")),
            Self::Status { status } => ProblemText::new(format!(
                "{status} is not the HTTP status of a \
                                                                 response"
            ))
            .note("the status of a response is between 200 and 599"),
            Self::NotGenerated { name, path, why } => {
                ProblemText::new(format!("`{name}` has no example, and none can be generated"))
                    .label(format!("no value found for `{path}`"))
                    .note(format!("the best candidate is invalid: {why}"))
                    .help("write an example")
            }
        }
    }
}
