//! Severity of a change, the version step that it needs, and the kinds of waivers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The effect of a change on clients of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// None: only descriptions changed.
    Documentation,
    /// None: existing clients keep working.
    Compatible,
    /// Some clients break: strict ones, or those that rely on behaviour that was never promised.
    Risk,
    /// Existing clients stop working.
    Breaking,
}

/// A version step by the rules of semantic versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// No code that uses the crates has to change.
    Patch,
    /// Something is new.
    Minor,
    /// Code that uses the crates may not compile.
    Major,
}

/// The reason for which a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaiverKind {
    /// Clients break, deliberately.
    Break,
    /// The spec was wrong: the platform does not change, its description does.
    Correction,
    /// The people responsible for security have reviewed it.
    Security,
}

impl Level {
    /// The word that a report begins with.
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
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl WaiverKind {
    /// The word in `waivers.yaml`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Correction => "correction",
            Self::Security => "security",
        }
    }

    /// Lists words to choose from: "`break` or `correction`".
    pub(crate) fn either(kinds: &[Self]) -> String {
        kinds.iter().map(|kind| format!("`{}`", kind.word())).collect::<Vec<_>>().join(" or ")
    }
}
