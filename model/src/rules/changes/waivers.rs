//! Waivers that waive nothing.

use super::ChangeRule;
use super::Level::{Breaking, Risk};
use super::Step::Patch;

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("waiver-expired", (Breaking, Breaking), Patch).unwaivable().words(
        "A waiver has expired, and what it waived is still there",
        "It was accepted for a time, which is over: what it waived counts again.",
        "Undo what it waived, or agree on a later `expires`. This cannot be waived.",
    ),
    ChangeRule::new("waiver-unused", (Risk, Risk), Patch).unwaivable().words(
        "A waiver that no change needs",
        "It would accept, some day, what nobody has looked at.",
        "If it is new, correct its rule, its element or its fingerprint; if it has done its work, delete it. This \
         cannot be waived.",
    ),
];
