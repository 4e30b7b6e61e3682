//! A report: findings in order, with their places in the files.

use super::entry::{ReportEntry, ReportGroup};
use super::excerpts::Excerpts;
use super::side::{ReportSide, SideName};
use super::verdict::Verdict;
use crate::{Finding, Fingerprints};

/// All findings between two sides, grouped by operation and data type, the worst first.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    pub(super) old: SideName,
    pub(super) new: SideName,
    pub(super) groups: Vec<ReportGroup<'a>>,
    fingerprints: Fingerprints<'a>,
}

impl<'a> Report<'a> {
    /// Sorts findings and looks up their places.
    pub fn new(old: ReportSide<'a>, new: ReportSide<'a>, findings: Vec<Finding>) -> Self {
        let excerpts = Excerpts::new(old, new);
        let entries = findings.into_iter().map(|finding| ReportEntry::new(finding, &excerpts)).collect();
        let fingerprints = Fingerprints::new(old.model, new.model);
        Self { old: old.name(), new: new.name(), groups: ReportGroup::sort(entries), fingerprints }
    }

    /// The fingerprint of a finding of this report.
    pub fn fingerprint(&self, finding: &Finding) -> String {
        self.fingerprints.of(finding)
    }

    /// The findings in the order of the report.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.entries().map(|entry| &entry.finding)
    }

    /// The overall result.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings())
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &ReportEntry<'a>> {
        self.groups.iter().flat_map(|group| &group.entries)
    }
}
