//! What each release changed.

use std::collections::BTreeMap;

use rayon::prelude::*;
use zstack_model::{Model, Release, ReleaseState};
use zstack_review::{Element, Finding, Part};

/// A release: the API as it had it, and what it changed.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) release: &'a Release,
    /// The whole model as of it.
    pub(crate) model: Model,
    /// What is different from the release before; of the first one, nothing.
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Step<'a> {
    pub(crate) fn version(&self) -> &'a str {
        &self.release.version.text
    }

    pub(crate) fn is_out(&self) -> bool {
        self.release.state == ReleaseState::Released
    }

    /// Whether nobody knows what it stands for.
    pub(crate) fn is_unknown(&self) -> bool {
        self.release.version.is_unknown()
    }
}

/// The releases in their order, each compared with the one before it.
pub(crate) fn steps(model: &Model) -> Vec<Step<'_>> {
    let releases = &model.service.releases;
    let models: Vec<_> = releases.par_iter().map(|it| model.at(&it.version)).collect();
    let findings: Vec<_> = (0..models.len())
        .into_par_iter()
        .map(|nth| match nth.checked_sub(1) {
            Some(before) => findings(&models[before], &models[nth]),
            None => Vec::new(),
        })
        .collect();
    let steps = releases.iter().zip(models).zip(findings);
    steps.map(|((release, model), findings)| Step { release, model, findings }).collect()
}

/// What is told of the way from one release to the next.
fn findings(old: &Model, new: &Model) -> Vec<Finding> {
    let mut findings = zstack_review::diff(old, new);
    findings.retain(|finding| is_told(&finding.change.element));
    findings
}

/// That a release is declared is no change of the API, and examples come with
/// what they show.
fn is_told(element: &Element) -> bool {
    !matches!(element, Element::Release(_) | Element::OfOperation(_, Part::Example, _))
}

/// For each operation the releases that changed it, or a data type that it
/// leads to, as places in the list of steps.
pub(crate) fn changes_of_operations<'a>(steps: &'a [Step<'_>]) -> BTreeMap<&'a str, Vec<usize>> {
    let mut changes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (nth, step) in steps.iter().enumerate() {
        for name in step.findings.iter().flat_map(|finding| finding.operations.iter()) {
            let releases = changes.entry(name).or_default();
            if releases.last() != Some(&nth) {
                releases.push(nth);
            }
        }
    }
    changes
}
