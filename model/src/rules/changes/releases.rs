//! Releases: since when, until when, and what is out.

use super::ChangeRule;
use super::Level::{Breaking, Compatible, Documentation, Risk};
use super::Step::{Minor, Patch};

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("since-raised", (Breaking, Breaking), Patch).correction().words(
        "Something came later than the spec said",
        "Clients of the releases in between are told that what they use is not there.",
        "If the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("since-lowered", (Breaking, Breaking), Patch).correction().words(
        "Something was there earlier than the spec said",
        "Clients of the releases in between are told that something is there that is not.",
        "If the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("since-backdated", (Breaking, Breaking), Patch).correction().words(
        "Something new claims to be of a release that is out",
        "That release is out without it: clients that trust the spec call what is not there.",
        "Name the release that is being written, as `state: next` in `api.yaml` declares it; if the spec was \
         incomplete, run `cargo xtask release --relock VERSION`, and waive it as a correction.",
    ),
    ChangeRule::new("since-skips-next", (Risk, Risk), Patch).words(
        "Something new is of a release after the next one",
        "It will be missing in the next release, which may be meant.",
        "Name the next release, unless it is meant.",
    ),
    ChangeRule::new("deprecated-added", (Compatible, Compatible), Minor).words(
        "Something is deprecated",
        "It goes on working. Clients are told to use something else.",
        "Nothing to do.",
    ),
    ChangeRule::new("deprecation-backdated", (Risk, Risk), Patch).correction().words(
        "Something is deprecated as of a release that is out",
        "Clients of that release were not told.",
        "Name the release that is being written; if the spec was incomplete, waive it as a correction.",
    ),
    ChangeRule::new("deprecation-withdrawn", (Risk, Risk), Patch).words(
        "Something is not deprecated any more",
        "Those who moved away did so in vain.",
        "Nothing to do if it is meant.",
    ),
    ChangeRule::new("deprecation-moved", (Documentation, Documentation), Patch).words(
        "Something is deprecated as of another release",
        "Clients are told at another time.",
        "Nothing to do.",
    ),
    ChangeRule::new("removal-backdated", (Breaking, Breaking), Patch).correction().words(
        "Something is removed in a release that is out",
        "That release is out with it.",
        "Name a release that is not out yet; if the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("removal-withdrawn", (Compatible, Compatible), Patch).words(
        "Something is not removed after all",
        "It goes on working.",
        "Nothing to do.",
    ),
    ChangeRule::new("removal-undone", (Breaking, Breaking), Patch).correction().words(
        "Something that a release is out without is said to be there",
        "Clients of that release are told that something is there that is not.",
        "Add it again under another name, with a release that is not out yet; if the spec was wrong, waive it as \
         a correction.",
    ),
    ChangeRule::new("removal-brought-forward", (Breaking, Breaking), Patch).words(
        "Something is removed earlier than announced",
        "Clients had been promised more time.",
        "Keep the release.",
    ),
    ChangeRule::new("removal-postponed", (Compatible, Compatible), Patch).words(
        "Something is removed later than announced",
        "It works for longer.",
        "Nothing to do.",
    ),
    ChangeRule::new("deprecation-window-shortened", (Risk, Risk), Patch).words(
        "Things may be removed sooner after their deprecation",
        "Clients have less time to move away than they were promised.",
        "Keep the window.",
    ),
    ChangeRule::new("deprecation-window-lengthened", (Compatible, Compatible), Patch).words(
        "Things are removed later after their deprecation",
        "Clients have more time to move away.",
        "Nothing to do.",
    ),
    ChangeRule::new("release-added", (Compatible, Compatible), Patch).words(
        "A new release is being written",
        "What is new can name it.",
        "Nothing to do.",
    ),
    ChangeRule::new("release-added-as-released", (Risk, Risk), Patch).words(
        "A release is declared that is out already",
        "What it holds was never looked at as new.",
        "Declare it with `state: next` first, unless the list was incomplete.",
    ),
    ChangeRule::new("release-closed", (Compatible, Compatible), Patch).words(
        "A release is out",
        "From now on what belongs to it does not change.",
        "Nothing to do.",
    ),
    ChangeRule::new("release-dropped", (Compatible, Compatible), Patch).words(
        "A release that was being written is not declared any more",
        "Nobody has it.",
        "Nothing to do.",
    ),
    ChangeRule::new("release-list-rewritten", (Breaking, Breaking), Patch).unwaivable().words(
        "A release that is out is gone, renamed or open again",
        "Every `since` leans on that list, and so do those who have that release.",
        "Put it back. This cannot be waived.",
    ),
    ChangeRule::new("unreleased-changed", (Compatible, Compatible), Patch).words(
        "Something that is not out yet changed",
        "Nobody has it.",
        "Nothing to do.",
    ),
];
