//! What elements were before a release changed them.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "history-before-since",
        "A release changed something that was not there before",
        "An entry of `history` says what an element was until a release changed it. There was no such element \
         before the release that it came with.",
    )
    .excerpts(
        "- {name: note, type: String, since: \"4.0\", maxLength: 50, history: [{in: \"4.0\", attribute: \
         maxLength, from: 100}]}",
        "- {name: note, type: String, since: \"4.0\", maxLength: 50}",
    ),
    Rule::error(
        "history-after-removal",
        "A release changed something that it no longer has",
        "What is removed does not change any more.",
    )
    .excerpts(
        "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: \
         text, maxLength: 50, history: [{in: \"4.0\", attribute: maxLength, from: 100}]}",
        "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: \
         text, maxLength: 50, history: [{in: \"3.3.0\", attribute: maxLength, from: 100}]}",
    ),
    Rule::error(
        "history-out-of-order",
        "Entries of a history are not in the order of releases",
        "A release is what is left when all later entries are taken back, the last one first. Each entry says \
         what there was before the one that follows.",
    )
    .excerpts(
        "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", attribute: \
         maxLength, from: 100}, {in: \"3.3.0\", attribute: required, from: true}]}",
        "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"3.3.0\", attribute: \
         required, from: true}, {in: \"4.0\", attribute: maxLength, from: 100}]}",
    ),
    Rule::error(
        "history-twice",
        "One release changes an attribute twice",
        "No release had the value in between.",
    )
    .excerpts(
        "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", attribute: \
         maxLength, from: 100}, {in: \"4.0\", attribute: maxLength, from: 80}]}",
        "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", attribute: \
         maxLength, from: 100}]}",
    ),
    Rule::error(
        "history-unchanged",
        "An attribute was what it became",
        "Either nothing changed, or one of the two values is wrong.",
    )
    .excerpts(
        "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", attribute: \
         maxLength, from: 50}]}",
        "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", attribute: \
         maxLength, from: 100}]}",
    ),
];
