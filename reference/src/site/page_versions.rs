//! The pages of operations, and the releases that each of them describes.

use std::collections::BTreeMap;

use zstack_model::{Model, Operation};

use crate::site::snapshots::{Snapshot, changes_of_operations};
use crate::site::views::OPERATIONS;

/// A page of an operation, and the releases that it describes.
#[derive(Clone, Debug)]
pub(crate) struct PageVersion {
    /// The index of the first release.
    pub(crate) first: usize,
    /// The index after the last release.
    pub(crate) end: usize,
    /// The index of the release that the page is named after.
    pub(crate) shown: usize,
    /// From the root of the site, without a suffix.
    pub(crate) path: String,
}

/// The pages of all operations.
#[derive(Debug)]
pub(crate) struct OperationPages<'a> {
    /// The indexes of the releases that changed each operation.
    changes: BTreeMap<&'a str, Vec<usize>>,
    /// The pages of each operation, oldest first; the last is the current one.
    pages: BTreeMap<&'a str, Vec<PageVersion>>,
}

impl<'a> OperationPages<'a> {
    /// Lists a page for each release that changed an operation; without
    /// `older_releases`, only the current page.
    pub(crate) fn new(model: &'a Model, snapshots: &'a [Snapshot<'a>], older_releases: bool) -> Self {
        let changes = changes_of_operations(snapshots);
        let entry = |operation: &'a Operation| {
            let name = operation.name.as_str();
            let changed = changes.get(name).filter(|_| older_releases).map(Vec::as_slice);
            (name, page_versions(operation, snapshots, changed.unwrap_or_default()))
        };
        let pages = model.operations.iter().map(entry).collect();
        Self { changes, pages }
    }

    /// The pages of an operation, oldest first.
    pub(crate) fn pages(&self, operation: &str) -> &[PageVersion] {
        self.pages.get(operation).map(Vec::as_slice).unwrap_or_default()
    }

    /// The pages named after a release, except current ones, with their operations.
    pub(crate) fn older(&self, release: usize) -> impl Iterator<Item = (&'a str, &PageVersion)> {
        let pages = self.pages.iter().flat_map(|(name, pages)| pages.iter().map(move |page| (*name, page)));
        pages.filter(move |(name, page)| page.shown == release && page.path != format!("{OPERATIONS}/{name}"))
    }

    /// The indexes of the releases that changed an operation.
    pub(crate) fn changes(&self, operation: &str) -> &[usize] {
        self.changes.get(operation).map(Vec::as_slice).unwrap_or_default()
    }

    /// The path of the page that describes an operation in a release.
    pub(crate) fn path(&self, operation: &str, release: usize) -> String {
        let page = self.pages(operation).iter().find(|page| (page.first..page.end).contains(&release));
        page.map_or_else(|| format!("{OPERATIONS}/{operation}"), |page| page.path.clone())
    }
}

fn page_versions(operation: &Operation, snapshots: &[Snapshot<'_>], changes: &[usize]) -> Vec<PageVersion> {
    let has_operation = |snapshot: &Snapshot<'_>| {
        let version = &snapshot.release.version;
        operation.since <= *version && !operation.retirement.is_removed_in(version)
    };
    let Some(start) = snapshots.iter().position(has_operation) else { return Vec::new() };
    let end = snapshots.iter().rposition(has_operation).map_or(snapshots.len(), |last| last + 1);
    let mut firsts = vec![start];
    firsts.extend(changes.iter().copied().filter(|change| (start + 1..end).contains(change)));
    let ends = firsts[1..].iter().copied().chain([end]);
    let page = |(first, page_end): (usize, usize)| {
        // A page is named after the unknown release only if it describes no other.
        let shown = if snapshots[first].is_unknown() && page_end > first + 1 { first + 1 } else { first };
        let path = if page_end == end {
            format!("{OPERATIONS}/{}", operation.name)
        } else {
            format!("{OPERATIONS}/{}@{}", operation.name, snapshots[shown].version())
        };
        PageVersion { first, end: page_end, shown, path }
    };
    firsts.iter().copied().zip(ends).map(page).collect()
}
