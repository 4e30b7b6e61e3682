//! What releases that are out are said to have been.

use super::ChangeRule;
use super::Level::Breaking;
use super::Step::Patch;

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("silent-edit", (Breaking, Breaking), Patch).correction().words(
        "Something that is out changed on the wire, and its history does not say so",
        "The releases that are out would be said to have had what is new. Their digests in `releases.lock` no \
         longer fit, and clients of those releases are checked and told wrongly.",
        "Add an entry to `history` that names the release being written, the attribute, and what it was; if the \
         spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("history-mismatch", (Breaking, Breaking), Patch).correction().words(
        "A new entry of a history says what was not so",
        "An entry says what an attribute was until a release changed it. This one names another value than the \
         spec had, or a release that is out and did not change it.",
        "Write in `from` what the spec said before, and in `in` a release that is not out yet; if the spec was \
         wrong, waive it as a correction.",
    ),
    ChangeRule::new("history-rewritten", (Breaking, Breaking), Patch).unwaivable().words(
        "The history of releases that are out changed",
        "What those releases changed is a fact, and so is what there was before.",
        "Put the entries back as they were. This cannot be waived.",
    ),
    ChangeRule::new("identity-reused", (Breaking, Breaking), Patch).words(
        "Something that was removed is there again as something else",
        "A release is out without it, and older ones have it as it was. Whoever knows it by its name takes the \
         new one for the old one.",
        "Give what is new another name, and leave what was removed as it was.",
    ),
];
