//! Examples.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "example-name-taken",
        "Two examples with one name",
        "The name is how a report of the tests says which example failed.",
    ),
    Rule::error(
        "example-type-mismatch",
        "A value of another type",
        "People copy examples, and the tests run them through client and server, which would refuse it.",
    ),
    Rule::error(
        "example-number-form",
        "A whole number that is not written as one",
        "The platform writes 8589934592, not 8.589934592E9; who copies the example should get what is on the \
         wire.",
    ),
    Rule::error(
        "example-timestamp-form",
        "A timestamp in another form than the wire's",
        "The platform writes \"Nov 14, 2017 10:20:57 PM\", and reads nothing else.",
    ),
    Rule::error(
        "example-bad-uuid",
        "A UUID in another form than the platform's",
        "The platform's UUIDs are 32 lower-case hexadecimal digits without dashes.",
    ),
    Rule::error(
        "example-missing-required",
        "An example without something required",
        "A call like that is refused, and no answer looks like that.",
    ),
    Rule::error(
        "example-unknown-field",
        "An example with a key that nothing declares",
        "Either the key is misspelt, or the type lacks a field that is on the wire.",
    ),
    Rule::error(
        "example-unknown-value",
        "A text that is no value of its enum",
        "Either the text is misspelt, or the enum lacks a value that is on the wire.",
    ),
    Rule::error(
        "example-constraint",
        "A value that a constraint forbids",
        "The server would refuse it, or the constraint is wrong.",
    ),
    Rule::error(
        "example-status",
        "A number that is no HTTP status of an answer",
        "An answer has a status from 200 to 599; the one below `request` decides which body is expected.",
    ),
    Rule::error(
        "example-from-the-future",
        "An example uses what its release does not have yet",
        "An example of a release is what a client of that release can copy. One that uses a newer parameter, \
         field or value shows a call that was never possible. Without `since` an example is of the newest \
         release.",
    )
    .excerpts(
        "# memorySize exists since 4.0\nexamples:\n  - name: One VM\n    since: \"3.3.0\"\n    response: \
         {inventory: {memorySize: 1024}}",
        "# memorySize exists since 4.0\nexamples:\n  - name: One VM\n    since: \"4.0\"\n    response: \
         {inventory: {memorySize: 1024}}",
    ),
];
