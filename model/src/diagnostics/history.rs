//! Problems with histories.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with an entry of a history.
    pub enum HistoryProblem {
        BeforeSince { kind: &'static str, name: String, release: String, since: String } =
            Error "history-before-since": "History entry older than its element",
            "A history entry records the value of an attribute before a release changed it. Before the \
             release that added the element, there was no value.",
            wrong "- {name: note, type: String, since: \"4.0\", maxLength: 50, history: [{in: \"4.0\", \
                   attribute: maxLength, from: 100}]}",
            right "- {name: note, type: String, since: \"4.0\", maxLength: 50}";
        AfterRemoval { kind: &'static str, name: String, release: String, removed: String } =
            Error "history-after-removal": "History entry newer than the removal of its element",
            "A removed element can no longer change.",
            wrong "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                   replacement: text, maxLength: 50, history: [{in: \"4.0\", attribute: maxLength, from: \
                   100}]}",
            right "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                   replacement: text, maxLength: 50, history: [{in: \"3.3.0\", attribute: maxLength, from: \
                   100}]}";
        OutOfOrder { release: String, previous: String } =
            Error "history-out-of-order": "History entries not in the order of releases",
            "The API of an older release is computed by undoing the entries of later releases, the last one \
             first.",
            wrong "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                   attribute: maxLength, from: 100}, {in: \"3.3.0\", attribute: required, from: true}]}",
            right "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"3.3.0\", \
                   attribute: required, from: true}, {in: \"4.0\", attribute: maxLength, from: 100}]}";
        Duplicate { attribute: &'static str, release: String } =
            Error "history-duplicate": "Two history entries for the same attribute and release",
            "No release had the value in between.",
            wrong "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                   attribute: maxLength, from: 100}, {in: \"4.0\", attribute: maxLength, from: 80}]}",
            right "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                   attribute: maxLength, from: 100}]}";
        Unchanged {
            kind: &'static str,
            name: String,
            attribute: &'static str,
            /// The value before and after, if it is set.
            value: Option<String>,
            release: String
        } =
            Error "history-unchanged": "History entry without a change",
            "Either the attribute did not change, or one of its two values is wrong.",
            wrong "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                   attribute: maxLength, from: 50}]}",
            right "- {name: note, type: String, since: \"0.6\", maxLength: 50, history: [{in: \"4.0\", \
                   attribute: maxLength, from: 100}]}";
    }
}

impl HistoryProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::BeforeSince { kind, name, release, since } => ProblemText::new(format!(
                "{release} cannot have changed the {kind} `{name}`, which was added in {since}"
            ))
            .note("a history entry records the value before a release, so the element must be older")
            .help("name a later release, or remove the entry"),
            Self::AfterRemoval { kind, name, release, removed } => ProblemText::new(format!(
                "{release} cannot have changed the {kind} `{name}`, which was removed in {removed}"
            ))
            .help("name an earlier release, or remove the entry"),
            Self::OutOfOrder { release, previous } => {
                ProblemText::new(format!("{release} is listed after {previous}, which is later"))
                    .note("entries are undone one after the other, the last one first")
                    .help("sort the entries by release, the oldest first")
            }
            Self::Duplicate { attribute, release } => {
                ProblemText::new(format!("{release} changes `{attribute}` twice"))
                    .note("an attribute has one value per release")
                    .help("keep the entry with the value of the previous release")
            }
            Self::Unchanged { kind, name, attribute, value, release } => {
                let value = value.as_ref().map_or("not set".to_owned(), |value| format!("`{value}`"));
                ProblemText::new(format!(
                    "`{attribute}` of the {kind} `{name}` was {value} both before {release} and after it"
                ))
                .note("a history entry records the value before a release changed it")
                .help("write the previous value, or remove the entry")
            }
        }
    }
}
