//! What elements were before a release changed them.

use super::Words;

/// What is wrong with an entry of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryProblem {
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

impl HistoryProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::BeforeSince { what, name, release, since } => Words::new(
                "history-before-since",
                format!("{release} cannot have changed the {what} `{name}`, which came with {since}"),
            )
            .note("what was before a release is said of something that was there before it")
            .help("name a later release; if none changed it, leave the entry out"),
            Self::AfterRemoval { what, name, release, removed } => Words::new(
                "history-after-removal",
                format!("{release} cannot have changed the {what} `{name}`, which {removed} no longer has"),
            )
            .help("name an earlier release, or leave the entry out"),
            Self::OutOfOrder { release, previous } => Words::new(
                "history-out-of-order",
                format!("{release} stands after {previous}, which is later"),
            )
            .note("entries are taken back one after the other, the last one first")
            .help("sort the entries by their releases, the oldest first"),
            Self::Twice { attribute, release } => {
                Words::new("history-twice", format!("{release} changes `{attribute}` twice"))
                    .note("between two releases an attribute has one value at the most")
                    .help("keep the entry that says what it was in the release before")
            }
            Self::Unchanged { what, name, attribute, value, release } => {
                let value = value.as_ref().map_or("not set".to_owned(), |it| format!("`{it}`"));
                Words::new(
                    "history-unchanged",
                    format!(
                        "`{attribute}` of the {what} `{name}` was {value} before {release}, and after it"
                    ),
                )
                .note("an entry says what an attribute was before it became what it is")
                .help("write what it was before, or leave the entry out")
            }
        }
    }
}
