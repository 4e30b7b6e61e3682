//! Which page of an operation holds for which release.

use std::collections::BTreeMap;

use zstack_model::{Model, Operation};

use crate::site::history::{Step, changes_of_operations};
use crate::site::views::OPERATIONS;

/// The pages of one operation, the oldest first. The last of them is the page
/// of today.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pages(Vec<Page>);

/// A page of an operation, and the releases that it holds for.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The first release, as a place in the list of steps.
    pub(crate) from: usize,
    /// The release after the last one.
    pub(crate) to: usize,
    /// The release that it is called by.
    pub(crate) shown: usize,
    /// From the root of the site, without a suffix.
    pub(crate) path: String,
}

/// The pages of all operations.
#[derive(Debug)]
pub(crate) struct Past<'a> {
    /// The releases that changed an operation.
    pub(crate) changes: BTreeMap<&'a str, Vec<usize>>,
    pages: BTreeMap<&'a str, Pages>,
}

impl<'a> Past<'a> {
    /// The pages that there are: one for each release that changed something,
    /// or only today's.
    pub(crate) fn new(model: &'a Model, steps: &'a [Step<'a>], has_past: bool) -> Self {
        let changes = changes_of_operations(steps);
        let of = |it: &'a Operation| {
            let releases = changes.get(it.name.as_str()).map(Vec::as_slice).unwrap_or_default();
            (it.name.as_str(), Pages::new(it, steps, if has_past { releases } else { &[] }))
        };
        let pages = model.operations.iter().map(of).collect();
        Self { changes, pages }
    }

    /// The pages of an operation.
    pub(crate) fn pages(&self, operation: &str) -> &[Page] {
        self.pages.get(operation).map(|page| page.0.as_slice()).unwrap_or_default()
    }

    /// The releases that changed an operation.
    pub(crate) fn changes(&self, operation: &str) -> &[usize] {
        self.changes.get(operation).map(Vec::as_slice).unwrap_or_default()
    }

    /// The page that holds for a release.
    pub(crate) fn page(&self, operation: &str, step: usize) -> String {
        let page = self.pages(operation).iter().find(|page| (page.from..page.to).contains(&step));
        page.map_or_else(|| format!("{OPERATIONS}/{operation}"), |page| page.path.clone())
    }
}

impl Pages {
    fn new(operation: &Operation, steps: &[Step<'_>], changes: &[usize]) -> Self {
        let had = |step: &Step<'_>| {
            let version = &step.release.version;
            operation.since <= *version && !operation.retirement.is_removed_in(version)
        };
        let Some(first) = steps.iter().position(had) else { return Self::default() };
        let end = steps.iter().rposition(had).map_or(steps.len(), |rposition| rposition + 1);
        let mut starts = vec![first];
        starts.extend(changes.iter().copied().filter(|change| (first + 1..end).contains(change)));
        let ends = starts[1..].iter().copied().chain([end]);
        let page = |(from, to): (usize, usize)| {
            // No release is called 0 where another one is the same.
            let shown = if steps[from].is_unknown() && to > from + 1 { from + 1 } else { from };
            let path = if to == end {
                format!("{OPERATIONS}/{}", operation.name)
            } else {
                format!("{OPERATIONS}/{}@{}", operation.name, steps[shown].version())
            };
            Page { from, to, shown, path }
        };
        Self(starts.iter().copied().zip(ends).map(page).collect())
    }
}
