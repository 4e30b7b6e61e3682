//! A change with everything next to the spec: the lock of releases, and the version of the generated crates.

use super::compare::diff;
use super::judge::Finding;
use super::reviewed::Reviewed;
use super::{crates, locks};

/// Everything in which two sides differ, and what it means: what [`diff`] finds,
/// and then what follows from that and from what stands beside the spec.
pub fn review(old: Reviewed<'_>, new: Reviewed<'_>) -> Vec<Finding> {
    let mut findings = diff(old.model, new.model);
    let locks = locks::compare(old, new, &findings);
    let crates = crates::compare(old, new, &findings);
    findings.extend(locks.into_iter().chain(crates));
    findings
}
