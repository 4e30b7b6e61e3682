//! Values of enums, and the only values allowed.

use super::ChangeRule;
use super::Level::{Breaking, Compatible, Documentation, Risk};
use super::Step::{Major, Minor, Patch};

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("enum-value-added", (Compatible, Risk), Minor).words(
        "One more value",
        "Clients that know all values meet one they do not know.",
        "Nothing to do where the enum is open, as those of the generated clients are; tell the others.",
    ),
    ChangeRule::new("enum-value-removed", (Breaking, Compatible), Major).words(
        "A value is gone from the spec",
        "Callers that send it are refused; and a released value stays in the spec.",
        "Put it back and write `deprecated`, `removed` and `replacement` instead.",
    ),
    ChangeRule::new("enum-value-removed-on-schedule", (Compatible, Compatible), Minor).words(
        "A value will be removed",
        "It was deprecated before, and the release without it is not out yet.",
        "Nothing to do; the changelog tells of it.",
    ),
    ChangeRule::new("enum-value-renamed", (Breaking, Breaking), Major).words(
        "A value has another name",
        "It is the text on the wire: one side writes what the other does not know.",
        "Add the new one, and deprecate the old one.",
    ),
    ChangeRule::new("enum-variant-renamed", (Documentation, Documentation), Major).words(
        "A value has another name in Rust",
        "The wire does not change; code that names the variant of the generated enum does not compile.",
        "Keep the old `rustName`.",
    ),
    ChangeRule::new("became-enum", (Breaking, Compatible), Major).words(
        "Only some texts are right now",
        "Others were right before.",
        "Keep the text, and say which values are used in practice.",
    ),
    ChangeRule::new("stopped-being-enum", (Compatible, Risk), Major).words(
        "Any text is right now",
        "Clients meet texts that they do not know.",
        "Nothing to do for parameters; of answers, tell.",
    ),
    ChangeRule::new("enum-reordered", (Documentation, Documentation), Patch).words(
        "Values stand in another order",
        "Texts tell them apart, not places.",
        "Nothing to do.",
    ),
];
