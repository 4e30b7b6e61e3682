//! The changes of each release.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use zstack_model::{Example, Model, Operation, Release, ReleaseState};
use zstack_review::{Finding, OperationPart, SpecElement};

/// A release. Its slice of the model is not kept, since those of all releases need much memory.
#[derive(Debug)]
pub(crate) struct Snapshot<'a> {
    pub(crate) release: &'a Release,
    version: String,
    /// The number of its operations.
    pub(crate) operations: usize,
    /// The names of the written examples that the release has, by operation.
    pub(crate) examples: HashMap<&'a str, Vec<&'a str>>,
    /// The changes since the release before; none for the first release.
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn is_released(&self) -> bool {
        self.release.state == ReleaseState::Released
    }

    /// Returns whether it represents all releases before the first recorded one.
    pub(crate) fn is_unknown(&self) -> bool {
        self.release.version.is_unknown()
    }

    /// Creates the snapshot of a release from its slice.
    fn new(release: &'a Release, model: &'a Model, slice: &Model, findings: Vec<Finding>) -> Self {
        let present: HashMap<_, _> =
            slice.operations.iter().map(|operation| (&*operation.name, &operation.examples)).collect();
        let names = |operation: &'a Operation| {
            let present = present.get(&*operation.name)?;
            let has = |example: &&Example| present.iter().any(|other| other.name == example.name);
            let names: Vec<_> = operation.examples.iter().filter(has).map(|example| &*example.name).collect();
            (!names.is_empty()).then_some((&*operation.name, names))
        };
        let examples = model.operations.iter().filter_map(names).collect();
        let version = release.version.to_string();
        Self { release, version, operations: slice.operations.len(), examples, findings }
    }
}

/// The snapshots of all releases, oldest first.
pub(crate) fn snapshots(model: &Model) -> Vec<Snapshot<'_>> {
    let releases = &model.service.releases;
    // Each thread keeps the slices of two releases.
    let size = releases.len().div_ceil(rayon::current_num_threads()).max(1);
    let chunks = releases.par_chunks(size).enumerate().flat_map_iter(|(nth, chunk)| {
        let before = (nth * size).checked_sub(1).map(|before| model.at(&releases[before].version));
        chunk.iter().scan(before, |before, release| {
            let slice = model.at(&release.version);
            let findings = before.as_ref().map_or_else(Vec::new, |before| findings(before, &slice));
            let snapshot = Snapshot::new(release, model, &slice, findings);
            *before = Some(slice);
            Some(snapshot)
        })
    });
    chunks.collect()
}

/// The changes between two releases, without declarations of releases, and without
/// examples and references, which come with other changes.
fn findings(old: &Model, new: &Model) -> Vec<Finding> {
    let mut findings = zstack_review::diff(old, new);
    findings.retain(|finding| {
        let element = &finding.change.element;
        let is_change_of_api = !matches!(
            element,
            SpecElement::Release(_) | SpecElement::OfOperation(_, OperationPart::Example, _)
        );
        is_change_of_api && !finding.kind().is_about_references()
    });
    findings
}

/// For each operation, the indexes of the releases that changed it or a data type
/// that it uses.
pub(crate) fn changes_of_operations<'a>(snapshots: &'a [Snapshot<'_>]) -> BTreeMap<&'a str, Vec<usize>> {
    let mut changes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, snapshot) in snapshots.iter().enumerate() {
        for name in snapshot.findings.iter().flat_map(|finding| finding.operations.iter()) {
            let releases = changes.entry(name).or_default();
            if releases.last() != Some(&index) {
                releases.push(index);
            }
        }
    }
    changes
}
