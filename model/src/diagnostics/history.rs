//! What elements were before a release changed them.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with an entry of a history.
    pub enum HistoryProblem, of rules HistoryRule {
        /// Of a release that did not have the element before.
        BeforeSince {
            /// What it is: `operation`, `field` …
            what: &'static str,
            /// Its name.
            name: String,
            /// The release of the entry.
            release: String,
            /// The release that the element came with.
            since: String,
        },
        /// Of a release that does not have the element any more.
        AfterRemoval {
            /// What it is.
            what: &'static str,
            /// Its name.
            name: String,
            /// The release of the entry.
            release: String,
            /// The release that no longer has the element.
            removed: String,
        },
        /// Of an older release than the entry before it.
        OutOfOrder {
            /// The release of the entry.
            release: String,
            /// The release of the one before it.
            previous: String,
        },
        /// A second entry of one release about one attribute.
        Twice {
            /// The attribute.
            attribute: &'static str,
            /// The release.
            release: String,
        },
        /// An attribute that was what it became.
        Unchanged {
            /// What it is.
            what: &'static str,
            /// Its name.
            name: String,
            /// The attribute.
            attribute: &'static str,
            /// What it was and is, if it is set.
            value: Option<String>,
            /// The release of the entry.
            release: String,
        },
    }
}

impl HistoryRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::BeforeSince => Rule::error("history-before-since")
                .title("A release changed something that was not there before")
                .why(
                    "An entry of `history` says what an element was until a release changed it. There was \
                     no such element before the release that it came with.",
                )
                .excerpts(
                    "- {name: note, type: String, since: \"4.0\", maxLength: 50, history: [{in: \"4.0\", \
                     attribute: maxLength, from: 100}]}",
                    "- {name: note, type: String, since: \"4.0\", maxLength: 50}",
                ),
            Self::AfterRemoval => Rule::error("history-after-removal")
                .title("A release changed something that it no longer has")
                .why("What is removed does not change any more.")
                .excerpts(
                    "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                     replacement: text, maxLength: 50, history: [{in: \"4.0\", attribute: maxLength, from: \
                     100}]}",
                    "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                     replacement: text, maxLength: 50, history: [{in: \"3.3.0\", attribute: maxLength, \
                     from: 100}]}",
                ),
            Self::OutOfOrder => Rule::error("history-out-of-order")
                .title("Entries of a history are not in the order of releases")
                .why(
                    "A release is what is left when all later entries are taken back, the last one first. \
                     Each entry says what there was before the one that follows.",
                )
                .excerpts(
                    "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                     attribute: maxLength, from: 100}, {in: \"3.3.0\", attribute: required, from: true}]}",
                    "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"3.3.0\", \
                     attribute: required, from: true}, {in: \"4.0\", attribute: maxLength, from: 100}]}",
                ),
            Self::Twice => Rule::error("history-twice")
                .title("One release changes an attribute twice")
                .why("No release had the value in between.")
                .excerpts(
                    "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                     attribute: maxLength, from: 100}, {in: \"4.0\", attribute: maxLength, from: 80}]}",
                    "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                     attribute: maxLength, from: 100}]}",
                ),
            Self::Unchanged => Rule::error("history-unchanged")
                .title("An attribute was what it became")
                .why("Either nothing changed, or one of the two values is wrong.")
                .excerpts(
                    "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                     attribute: maxLength, from: 50}]}",
                    "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                     attribute: maxLength, from: 100}]}",
                ),
        }
    }
}

impl HistoryProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::BeforeSince { what, name, release, since } => Words::new(format!(
                "{release} cannot have changed the {what} `{name}`, which came with {since}"
            ))
            .note("what was before a release is said of something that was there before it")
            .help("name a later release; if none changed it, leave the entry out"),
            Self::AfterRemoval { what, name, release, removed } => Words::new(format!(
                "{release} cannot have changed the {what} `{name}`, which {removed} no longer has"
            ))
            .help("name an earlier release, or leave the entry out"),
            Self::OutOfOrder { release, previous } => {
                Words::new(format!("{release} stands after {previous}, which is later"))
                    .note("entries are taken back one after the other, the last one first")
                    .help("sort the entries by their releases, the oldest first")
            }
            Self::Twice { attribute, release } => {
                Words::new(format!("{release} changes `{attribute}` twice"))
                    .note("between two releases an attribute has one value at the most")
                    .help("keep the entry that says what it was in the release before")
            }
            Self::Unchanged { what, name, attribute, value, release } => {
                let value = value.as_ref().map_or("not set".to_owned(), |value| format!("`{value}`"));
                Words::new(format!(
                    "`{attribute}` of the {what} `{name}` was {value} before {release}, and after it"
                ))
                .note("an entry says what an attribute was before it became what it is")
                .help("write what it was before, or leave the entry out")
            }
        }
    }
}
