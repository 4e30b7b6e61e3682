//! Waivers: accepted findings of reviews, with the reason.
//!
//! They are about changes, not about the API: nothing is generated from them, and they do not belong to
//! a release. A comparison uses the waivers of its new version.

use std::fmt::{self, Display, Formatter};

use jiff::civil::Date;

use crate::changes::{ChangeKind, WaiverKind};
use crate::model::{Release, ReleaseState, Version};

/// The name of the file, next to `api.yaml`.
pub const FILE: &str = "waivers.yaml";

/// Accepts the findings of a rule of `diff` at an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: ChangeKind,
    /// The element, as reports display it.
    pub element: String,
    /// The fingerprint of a single change; `None` accepts all findings of the rule at the element.
    pub fingerprint: Option<String>,
    /// The kind of the decision.
    pub kind: WaiverKind,
    /// The reason.
    pub reason: String,
    /// The person or team responsible.
    pub owner: Option<String>,
    /// The end of the waiver; `None` if it does not expire.
    pub expires: Option<Expiry>,
}

/// The end of a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// The last day of the waiver.
    Day(Date),
    /// The version that ends the waiver when it is released.
    Release(Version),
}

impl Waiver {
    /// Returns whether the waiver has expired, given the releases of the spec.
    pub fn is_expired(&self, today: Date, releases: &[Release]) -> bool {
        match &self.expires {
            None => false,
            Some(Expiry::Day(last)) => today > *last,
            Some(Expiry::Release(version)) => releases
                .iter()
                .any(|release| release.version == *version && release.state == ReleaseState::Released),
        }
    }

    /// Returns whether both waivers accept the same findings.
    pub fn is_same(&self, other: &Self) -> bool {
        self.rule == other.rule && self.element == other.element && self.fingerprint == other.fingerprint
    }
}

impl Display for Expiry {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(last) => last.fmt(f),
            Self::Release(version) => version.fmt(f),
        }
    }
}
