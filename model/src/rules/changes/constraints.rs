//! What a value must satisfy.

use super::ChangeRule;
use super::Level::{Breaking, Compatible, Risk};
use super::Step::Patch;

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("max-length-added", (Risk, Compatible), Patch).words(
        "A text has a greatest length now",
        "Longer ones were right before; probably the server refused them all along.",
        "If the server refused them before, waive it as a correction.",
    ),
    ChangeRule::new("max-length-decreased", (Breaking, Compatible), Patch).words(
        "A text may be less long",
        "Longer ones were right before.",
        "Keep the length.",
    ),
    ChangeRule::new("max-length-increased", (Compatible, Risk), Patch).words(
        "A text may be longer",
        "Clients may have less room for it.",
        "Nothing to do for parameters; of answers, tell.",
    ),
    ChangeRule::new("max-length-removed", (Compatible, Risk), Patch).words(
        "A text has no greatest length any more",
        "Clients may have less room for it.",
        "Nothing to do for parameters; of answers, tell.",
    ),
    ChangeRule::new("range-added", (Risk, Compatible), Patch).words(
        "A number, or a length, has bounds now",
        "Values outside were right before; probably the server refused them all along.",
        "If the server refused them before, waive it as a correction.",
    ),
    ChangeRule::new("range-narrowed", (Breaking, Compatible), Patch).words(
        "Bounds became tighter",
        "Values that are outside now were right before.",
        "Keep the bounds.",
    ),
    ChangeRule::new("range-widened", (Compatible, Risk), Patch).words(
        "Bounds became wider",
        "Clients may see values that they did not see before.",
        "Nothing to do for parameters; of answers, tell.",
    ),
    ChangeRule::new("range-removed", (Compatible, Risk), Patch).words(
        "There are no bounds any more",
        "Clients may see values that they did not see before.",
        "Nothing to do for parameters; of answers, tell.",
    ),
    ChangeRule::new("pattern-added", (Breaking, Compatible), Patch).words(
        "A text has to match a pattern now",
        "Texts that do not were right before.",
        "If the server refused them before, waive it as a correction.",
    ),
    ChangeRule::new("pattern-changed", (Risk, Risk), Patch).words(
        "A text has to match another pattern",
        "Nobody can tell from two patterns which texts lose.",
        "Say in the waiver which texts are right now and were not, or the other way round.",
    ),
    ChangeRule::new("pattern-removed", (Compatible, Risk), Patch).words(
        "A text has to match no pattern any more",
        "Clients may see texts that they did not see before.",
        "Nothing to do for parameters; of answers, tell.",
    ),
    ChangeRule::new("format-changed", (Breaking, Breaking), Patch).words(
        "A text has another form",
        "One side writes what the other one does not read.",
        "Add a new element, and deprecate this one.",
    ),
    ChangeRule::new("encoding-changed", (Breaking, Breaking), Patch).words(
        "A value is told in another unit, or a moment as a number instead of a text",
        "Everybody reads something else, and of another unit nobody notices.",
        "Add a new element with the new unit in its name, and deprecate this one.",
    ),
    ChangeRule::new("trimming-changed", (Risk, Risk), Patch).words(
        "Blanks at both ends of a text stay, or do not stay any more",
        "The same text means something else than before: a password, a name that others look for.",
        "Keep it; if the spec was wrong, waive it as a correction.",
    ),
];
