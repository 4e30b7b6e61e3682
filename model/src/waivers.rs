//! Waivers: what a review found and somebody accepted, with the reason.
//!
//! They are about changes, not about the API: nothing is generated from them,
//! and no release has any. A comparison applies those of its new
//! side.

use std::fmt::{self, Display, Formatter};

use jiff::civil::Date;

use crate::changes::{ChangeKind, WaiverKind};
use crate::model::{Release, ReleaseState, Version};

/// The name of the file, beside `api.yaml`.
pub const FILE: &str = "waivers.yaml";

/// Accepts what a rule of `diff` finds at an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: ChangeKind,
    /// The element, as a report displays it.
    pub element: String,
    /// The one change that is meant, if not any of this rule at this element.
    pub fingerprint: Option<String>,
    /// Why it is accepted, in a word.
    pub kind: WaiverKind,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Until when it holds; for good if nothing is said.
    pub expires: Option<Expiry>,
}

/// The end of a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// The last day on which it holds.
    Day(Date),
    /// The release that it does not hold any more once that is out.
    Release(Version),
}

impl Waiver {
    /// Whether it has had its time. Which releases are out, a spec says.
    pub fn is_expired(&self, today: Date, releases: &[Release]) -> bool {
        match &self.expires {
            None => false,
            Some(Expiry::Day(last)) => today > *last,
            Some(Expiry::Release(version)) => releases
                .iter()
                .any(|release| release.version == *version && release.state == ReleaseState::Released),
        }
    }

    /// Whether both are about the same, whatever they say of it.
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
