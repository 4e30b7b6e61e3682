//! The API as of each release, and what each release changed.

use std::collections::BTreeMap;

use rayon::prelude::*;
use zstack_model::{Model, Release, ReleaseState};
use zstack_review::{Finding, OperationPart, SpecElement};

/// The API as of a release.
#[derive(Debug)]
pub(crate) struct Snapshot<'a> {
    pub(crate) release: &'a Release,
    /// The slice of the release.
    pub(crate) model: Model,
    /// The changes since the release before; none for the first release.
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn version(&self) -> &'a str {
        &self.release.version.text
    }

    pub(crate) fn is_released(&self) -> bool {
        self.release.state == ReleaseState::Released
    }

    /// Returns whether it represents all releases before the first recorded one.
    pub(crate) fn is_unknown(&self) -> bool {
        self.release.version.is_unknown()
    }
}

/// The snapshots of all releases, oldest first.
pub(crate) fn snapshots(model: &Model) -> Vec<Snapshot<'_>> {
    let releases = &model.service.releases;
    let models: Vec<_> = releases.par_iter().map(|release| model.at(&release.version)).collect();
    let findings: Vec<_> = (0..models.len())
        .into_par_iter()
        .map(|index| match index.checked_sub(1) {
            Some(before) => findings(&models[before], &models[index]),
            None => Vec::new(),
        })
        .collect();
    let snapshots = releases.iter().zip(models).zip(findings);
    snapshots.map(|((release, model), findings)| Snapshot { release, model, findings }).collect()
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
