//! The changes of a release, by kind.

use askama::Template;
use serde::Serialize;

use super::changes::{ChangeEntry, EntryKind, of_release};
use crate::site::snapshots::Snapshot;
use crate::site::text::Prose;

/// The content of a release's page; as a template, the page in Markdown.
#[derive(Debug, Serialize, Template)]
#[template(path = "release.md")]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseView<'a> {
    pub(crate) version: &'a str,
    pub(crate) is_next: bool,
    #[serde(skip)]
    pub(crate) is_unknown: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    /// The number of its operations.
    pub(crate) operations: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) following: Option<&'a str>,
    pub(crate) groups: Vec<ChangeGroup<'a>>,
}

/// The changes of a kind.
#[derive(Debug, Serialize)]
pub(crate) struct ChangeGroup<'a> {
    pub(crate) kind: EntryKind,
    #[serde(skip)]
    pub(crate) title: &'static str,
    pub(crate) entries: Vec<ChangeEntry<'a>>,
}

/// The kinds and their titles, in the order of the page.
const KINDS: [(EntryKind, &str); 4] = [
    (EntryKind::New, "New"),
    (EntryKind::Changed, "Changed"),
    (EntryKind::Deprecated, "Deprecated"),
    (EntryKind::Removed, "Removed"),
];

impl<'a> ReleaseView<'a> {
    /// The views of all releases, oldest first.
    pub(crate) fn all(snapshots: &'a [Snapshot<'a>]) -> Vec<Self> {
        let version =
            |index: Option<usize>| index.and_then(|index| snapshots.get(index)).map(Snapshot::version);
        let view = |(index, snapshot): (usize, &'a Snapshot<'a>)| {
            let mut entries = of_release(snapshot).entries;
            // Operations come first, then data types, then their parts.
            entries.sort_by_key(|entry| (entry.kind, order(entry.what)));
            let of =
                |kind| entries.iter().filter(move |entry| entry.kind == kind).cloned().collect::<Vec<_>>();
            let groups = KINDS.map(|(kind, title)| ChangeGroup { kind, title, entries: of(kind) });
            Self {
                version: snapshot.version(),
                is_next: !snapshot.is_released(),
                is_unknown: snapshot.is_unknown(),
                description: snapshot
                    .release
                    .description
                    .as_deref()
                    .map(Prose::paragraphs)
                    .unwrap_or_default(),
                operations: snapshot.operations,
                previous: version(index.checked_sub(1)),
                following: version(Some(index + 1)),
                groups: groups.into_iter().filter(|group| !group.entries.is_empty()).collect(),
            }
        };
        snapshots.iter().enumerate().map(view).collect()
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
    pub(crate) fn summary_line(&self) -> String {
        let counts = self.counts().into_iter().zip(KINDS).filter(|((_, count), _)| *count > 0);
        let words: Vec<_> =
            counts.map(|((_, count), (kind, _))| format!("{count} {}", kind.word())).collect();
        match (words.is_empty(), self.previous) {
            (false, _) => words.join(", "),
            (true, Some(_)) => "no changes".to_owned(),
            (true, None) => format!("first release, with {} operations", self.operations),
        }
    }
}

/// The position of a kind of element in a list.
fn order(what: &str) -> usize {
    match what {
        "operation" => 0,
        "data type" => 1,
        "category" => 3,
        _ => 2,
    }
}
