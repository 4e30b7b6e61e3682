//! The severity of a change, the required version step, and the kinds of waivers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The severity of a change for clients of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Only documentation changed.
    Documentation,
    /// Existing clients keep working.
    Compatible,
    /// Some clients break, such as strict ones and those that rely on undocumented behavior.
    Risk,
    /// Existing clients stop working.
    Breaking,
}

/// A version step in semantic versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Dependent code need not change.
    Patch,
    /// Items were added.
    Minor,
    /// Dependent code may not compile.
    Major,
}

/// The kind of the decision to accept a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaiverKind {
    /// Clients break intentionally.
    Break,
    /// The spec was wrong; the platform does not change.
    Correction,
    /// The people responsible for security have reviewed the change.
    Security,
}

impl Level {
    /// The word for the level in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Risk => "risk",
            Self::Breaking => "breaking",
        }
    }
}

impl Step {
    /// The word for the step in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl WaiverKind {
    /// The value in `waivers.yaml`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Correction => "correction",
            Self::Security => "security",
        }
    }

    /// Lists alternatives, such as "`break` or `correction`".
    pub(crate) fn either(kinds: &[Self]) -> String {
        kinds.iter().map(|kind| format!("`{}`", kind.word())).collect::<Vec<_>>().join(" or ")
    }
}
