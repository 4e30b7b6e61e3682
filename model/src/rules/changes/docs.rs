//! Words for people.

use super::ChangeRule;
use super::Level::{Compatible, Documentation, Risk};
use super::Step::{Major, Minor, Patch};

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("doc-changed", (Documentation, Documentation), Patch).words(
        "The words changed",
        "Nobody's program reads them.",
        "Nothing to do.",
    ),
    ChangeRule::new("doc-removed", (Risk, Risk), Patch).words(
        "Words are gone",
        "Who reads the documentation knows less.",
        "Keep them, or say something better.",
    ),
    ChangeRule::new("category-added", (Documentation, Documentation), Minor).words(
        "A new category",
        "Operations can move there.",
        "Nothing to do.",
    ),
    ChangeRule::new("category-removed", (Documentation, Documentation), Major).words(
        "A category is gone",
        "Modules, features and traits of the generated crates are named after it.",
        "Expect a major step of the crates.",
    ),
    ChangeRule::new("example-added", (Compatible, Compatible), Patch).words(
        "A new example",
        "One more to learn from.",
        "Nothing to do.",
    ),
    ChangeRule::new("example-changed", (Documentation, Documentation), Patch).words(
        "An example changed",
        "Who copied it has the old one.",
        "Nothing to do.",
    ),
    ChangeRule::new("example-removed", (Risk, Risk), Patch).words(
        "An example is gone",
        "One less to learn from.",
        "Keep it, if it is right.",
    ),
];
