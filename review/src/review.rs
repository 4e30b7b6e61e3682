//! The review of a whole change: the specs, the locks of releases, and the version of the generated crates.

use super::compare::diff;
use super::judge::Finding;
use super::review_side::ReviewSide;
use super::{crate_version, locks};

/// Finds all differences of two sides and judges them: those that [`diff`] finds, and then those of the locks and of
/// the version of the generated crates.
pub fn review(old: ReviewSide<'_>, new: ReviewSide<'_>) -> Vec<Finding> {
    let mut findings = diff(old.model, new.model);
    let locks = locks::compare(old, new, &findings);
    let crates = crate_version::compare(old, new, &findings);
    findings.extend(locks.into_iter().chain(crates));
    findings
}
