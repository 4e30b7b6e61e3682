//! A change with all that stands beside the spec: the lock of releases, and the
//! version of the generated crates.

use semver::Version;

use super::change::Change;
use super::element::Element;
use super::judge::Finding;
use super::{crates, diff, locks};
use zstack_model::Model;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::lock::Lock;

/// One side of a change.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed<'a> {
    /// What the spec says.
    pub model: &'a Model,
    /// The lock beside it, where there is one.
    pub lock: Option<&'a Lock>,
    /// The version of the generated crates, where that is known.
    pub crates: Option<&'a Version>,
}

/// Everything in which two sides differ, and what it means: what [`diff`] finds,
/// and then what follows from that and from what stands beside the spec.
pub fn review(old: Reviewed<'_>, new: Reviewed<'_>) -> Vec<Finding> {
    let mut findings = diff(old.model, new.model);
    let locks = locks::compare(old, new, &findings);
    let crates = crates::compare(old, new, &findings);
    findings.extend(locks.into_iter().chain(crates));
    findings
}

/// A finding about the service or a release as a whole.
pub(super) fn finding(
    kind: ChangeKind,
    element: Element,
    (old, new): (Option<String>, Option<String>),
    level: Option<Level>,
    because: Vec<String>,
) -> Finding {
    let change = Change { kind, element, formerly: None, attribute: "", old, new };
    Finding::beside(change, level, because)
}
