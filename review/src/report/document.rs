//! A report: findings in order, and where they are.

use super::entry::{Group, ReportEntry};
use super::revision::{Named, Revision};
use super::site::Sites;
use super::verdict::Verdict;
use crate::{Finding, Fingerprints};

/// All findings between two revisions, in the order in which one wants to read
/// them: by operation and data type, the worst first.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    pub(super) old: Named,
    pub(super) new: Named,
    pub(super) groups: Vec<Group<'a>>,
    fingerprints: Fingerprints<'a>,
}

impl<'a> Report<'a> {
    /// Puts findings in order and looks up where they stand.
    pub fn new(old: Revision<'a>, new: Revision<'a>, findings: Vec<Finding>) -> Self {
        let sites = Sites::new(old, new);
        let entries = findings.into_iter().map(|finding| ReportEntry::new(finding, &sites)).collect();
        let fingerprints = Fingerprints::new(old.model, new.model);
        Self { old: Named::of(old), new: Named::of(new), groups: Group::all(entries), fingerprints }
    }

    /// The fingerprint of a finding between these revisions.
    pub fn fingerprint(&self, finding: &Finding) -> String {
        self.fingerprints.of(finding)
    }

    /// The findings in the order of the report.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.entries().map(|entry| &entry.finding)
    }

    /// What all findings come to.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings())
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &ReportEntry<'a>> {
        self.groups.iter().flat_map(|group| &group.entries)
    }
}
