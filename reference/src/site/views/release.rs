//! What a release came with, changed and took away.

use serde::Serialize;

use super::log::{Entry, Kind, of_release};
use crate::site::history::Step;
use crate::site::text::Prose;

/// The page of a release.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseView<'a> {
    pub(crate) version: &'a str,
    pub(crate) is_next: bool,
    #[serde(skip)]
    pub(crate) is_unknown: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    /// How many operations it has.
    pub(crate) operations: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) following: Option<&'a str>,
    pub(crate) groups: Vec<Group<'a>>,
}

/// Changes of a kind.
#[derive(Debug, Serialize)]
pub(crate) struct Group<'a> {
    pub(crate) kind: Kind,
    #[serde(skip)]
    pub(crate) title: &'static str,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// The kinds in the order of the page.
const KINDS: [(Kind, &str); 4] = [
    (Kind::New, "New"),
    (Kind::Changed, "Changed"),
    (Kind::Deprecated, "Deprecated"),
    (Kind::Removed, "Removed"),
];

impl<'a> ReleaseView<'a> {
    /// The releases in their order.
    pub(crate) fn all(steps: &'a [Step<'a>]) -> Vec<Self> {
        let version = |nth: Option<usize>| nth.and_then(|it| steps.get(it)).map(Step::version);
        let view = |(nth, step): (usize, &'a Step<'a>)| {
            let mut entries = of_release(step).entries;
            // Operations first, then types, then what is part of them.
            entries.sort_by_key(|entry| (entry.kind, order(entry.what)));
            let of =
                |kind| entries.iter().filter(move |entry| entry.kind == kind).cloned().collect::<Vec<_>>();
            let groups = KINDS.map(|(kind, title)| Group { kind, title, entries: of(kind) });
            Self {
                version: step.version(),
                is_next: !step.is_out(),
                is_unknown: step.is_unknown(),
                description: step.release.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
                operations: step.model.operations.len(),
                previous: version(nth.checked_sub(1)),
                following: version(Some(nth + 1)),
                groups: groups.into_iter().filter(|group| !group.entries.is_empty()).collect(),
            }
        };
        steps.iter().enumerate().map(view).collect()
    }

    /// The titles of the kinds.
    pub(crate) fn labels() -> [&'static str; 4] {
        KINDS.map(|(_, title)| title)
    }

    /// The number of changes of each kind, with the kind's title.
    pub(crate) fn counts(&self) -> [(&'static str, usize); 4] {
        let count =
            |kind| self.groups.iter().find(|group| group.kind == kind).map_or(0, |group| group.entries.len());
        KINDS.map(|(kind, title)| (title, count(kind)))
    }

    /// `27 new, 1 removed`.
    pub(crate) fn in_short(&self) -> String {
        let counts = self.counts().into_iter().zip(KINDS).filter(|((_, count), _)| *count > 0);
        let words: Vec<_> =
            counts.map(|((_, count), (kind, _))| format!("{count} {}", kind.word())).collect();
        match (words.is_empty(), self.previous) {
            (false, _) => words.join(", "),
            (true, Some(_)) => "no changes".to_owned(),
            (true, None) => format!("the first one, with {} operations", self.operations),
        }
    }
}

/// Where a kind of element stands in a list.
fn order(what: &str) -> usize {
    match what {
        "operation" => 0,
        "data type" => 1,
        "category" => 3,
        _ => 2,
    }
}
