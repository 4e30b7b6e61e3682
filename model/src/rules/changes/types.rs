//! Data types, and the fields of records and of answers.

use super::ChangeRule;
use super::Level::{Breaking, Compatible, Documentation, Risk};
use super::Step::{Major, Minor, Patch};

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("field-added", (Compatible, Compatible), Minor).words(
        "A new field",
        "Clients leave alone what they do not know.",
        "Nothing to do.",
    ),
    ChangeRule::new("field-added-required", (Breaking, Compatible), Major).words(
        "A new field that is always there",
        "Where clients send the record, theirs lack it. The constructors of the generated crates get an argument.",
        "Make it optional.",
    ),
    ChangeRule::new("field-removed", (Breaking, Breaking), Major).words(
        "A field is gone from the spec",
        "Clients that read it find nothing; and a released field stays in the spec.",
        "Put it back and write `deprecated`, `removed` and `replacement` instead.",
    ),
    ChangeRule::new("field-removed-on-schedule", (Compatible, Compatible), Minor).words(
        "A field will be removed",
        "It was deprecated before, and the release without it is not out yet.",
        "Nothing to do; the changelog tells of it.",
    ),
    ChangeRule::new("field-renamed", (Breaking, Breaking), Major).words(
        "A field has another name",
        "Clients look for the old one.",
        "Add the new one, and deprecate the old one.",
    ),
    ChangeRule::new("field-type-changed", (Breaking, Breaking), Major).words(
        "A field has an unrelated type",
        "Clients cannot read its values.",
        "Add a new field, and deprecate this one.",
    ),
    ChangeRule::new("field-type-widened", (Compatible, Breaking), Major).words(
        "A field holds more values",
        "Clients meet values that do not fit what they read them into.",
        "Add a new field, and deprecate this one.",
    ),
    ChangeRule::new("field-type-narrowed", (Breaking, Compatible), Major).words(
        "A field holds fewer values",
        "Where clients send the record, theirs are refused.",
        "Keep the type.",
    ),
    ChangeRule::new("field-became-absent-able", (Compatible, Breaking), Major).words(
        "A field may be absent now",
        "Clients rely on it to be there.",
        "Keep sending it.",
    ),
    ChangeRule::new("field-became-always-present", (Breaking, Compatible), Major).words(
        "A field is always there now",
        "Where clients send the record, theirs lack it.",
        "Keep it optional where clients send the record.",
    ),
    ChangeRule::new("field-default-added", (Risk, Compatible), Patch).words(
        "What is absent has a value now",
        "Who leaves it out gets something else than before.",
        "Say in the description what changes.",
    ),
    ChangeRule::new("field-default-changed", (Risk, Compatible), Patch).words(
        "What is absent has another value",
        "Who leaves it out gets something else than before.",
        "Keep the default.",
    ),
    ChangeRule::new("field-default-removed", (Risk, Compatible), Patch).words(
        "What is absent has no value any more",
        "Who leaves it out gets something else than before.",
        "Keep the default.",
    ),
    ChangeRule::new("field-reordered", (Documentation, Documentation), Patch).words(
        "Fields stand in another order",
        "Names tell them apart, not places.",
        "Nothing to do.",
    ),
    ChangeRule::new("constructor-reordered", (Documentation, Documentation), Major).words(
        "What must be given stands in another order",
        "The wire does not change. The arguments of the generated constructors do, and texts are easily swapped without a word from the compiler.",
        "Keep the order of what is required.",
    ),
    ChangeRule::new("type-added", (Compatible, Compatible), Minor).words(
        "A new data type",
        "Nobody uses it yet.",
        "Nothing to do.",
    ),
    ChangeRule::new("type-removed", (Breaking, Breaking), Major).words(
        "A data type that something used is gone",
        "What used it has another type now, or is gone, too.",
        "Put the file back and write `deprecated`, `removed` and `replacement` instead.",
    ),
    ChangeRule::new("type-unreachable-removed", (Compatible, Compatible), Major).words(
        "A data type that nothing used is gone",
        "It was on nobody's wire.",
        "Nothing to do; the crates need a major step.",
    ),
    ChangeRule::new("type-removed-on-schedule", (Compatible, Compatible), Minor).words(
        "A data type will be removed",
        "It was deprecated before, and the release without it is not out yet.",
        "Nothing to do; the changelog tells of it.",
    ),
    ChangeRule::new("type-renamed", (Compatible, Risk), Major).words(
        "A data type has another name",
        "The wire does not change; the code of clients names the type.",
        "Keep the old name.",
    ),
    ChangeRule::new("type-renamed-same-shape", (Compatible, Risk), Major).words(
        "Another data type, of the same shape",
        "The wire does not change; the code of clients names the type.",
        "Keep the old name.",
    ),
    ChangeRule::new("type-kind-changed", (Breaking, Breaking), Major).words(
        "A record became an enum, or an enum a record",
        "Values of either kind cannot be read as the other.",
        "Add a new type, and deprecate this one.",
    ),
    ChangeRule::new("type-class-changed", (Compatible, Risk), Patch).words(
        "A data type has another class",
        "The Java client makes objects of the class that a reply's `schema` names.",
        "Keep the class.",
    ),
    ChangeRule::new("type-native-changed", (Documentation, Documentation), Major).words(
        "A data type is written by hand, or not any more",
        "The wire does not change; the Rust type does.",
        "Expect a major step of the crates.",
    ),
    ChangeRule::new("type-direction-widened", (Risk, Risk), Patch).words(
        "A data type of answers is sent by clients now",
        "From now on its changes are judged as those of parameters, too.",
        "Nothing to do; mind it from now on.",
    ),
    ChangeRule::new("type-cycle-introduced", (Risk, Risk), Patch).words(
        "A data type holds itself, by way of others",
        "Clients that walk types without end do not come back.",
        "Nothing to do if the platform does so.",
    ),
    ChangeRule::new("subtype-added", (Compatible, Risk), Minor).words(
        "A record extends another one",
        "Where the base stood, the extension may stand.",
        "Tell strict clients.",
    ),
    ChangeRule::new("base-added", (Compatible, Compatible), Minor).words(
        "A record inherits fields from a base that is not on the wire",
        "No value of the base itself is sent or received, so the wire has the fields alone, which are compared one by \
         one. The generated crates get conversions to the base.",
        "Nothing to do.",
    ),
    ChangeRule::new("base-removed", (Compatible, Compatible), Major).words(
        "A record no longer inherits from a base that is not on the wire",
        "No value of the base itself is sent or received, so the wire has the fields alone, which are compared one by \
         one. The generated crates lose the conversions to the base.",
        "Expect a major step of the crates.",
    ),
    ChangeRule::new("subtype-removed", (Breaking, Breaking), Major).words(
        "A record does not extend another one any more",
        "Where a value of the base is expected, one of this record is not valid any more. Fields that it loses are \
         findings of their own.",
        "Keep it.",
    ),
];
