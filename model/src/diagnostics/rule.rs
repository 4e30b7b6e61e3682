//! A rule of `check`.
//!
//! Each rule is an arm of the `rule` function next to the problems that break it, in the other files of
//! this folder.

use serde::Serialize;

/// A rule that a spec can break on its own, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The id in kebab case, such as `since-missing`. It never changes, and no other rule gets it:
    /// people write it into scripts and commit messages.
    pub id: &'static str,
    /// The effect of breaking it.
    pub severity: Severity,
    /// What breaks it, in a few words.
    pub title: &'static str,
    /// What would go wrong.
    pub why: &'static str,
    /// An excerpt of a spec that breaks it, where that is clearer than the title.
    #[serde(skip)]
    pub bad: Option<&'static str>,
    /// The same excerpt, corrected.
    #[serde(skip)]
    pub good: Option<&'static str>,
}

/// The effect of breaking a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The spec can be used.
    Warning,
    /// The spec is invalid: nothing is generated from it.
    Error,
}

impl Severity {
    /// The word that a report begins with.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Rule {
    pub(super) const fn error(id: &'static str) -> Self {
        Self { id, severity: Severity::Error, title: "", why: "", bad: None, good: None }
    }

    pub(super) const fn warning(id: &'static str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(id) }
    }

    pub(super) const fn title(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    pub(super) const fn why(self, why: &'static str) -> Self {
        Self { why, ..self }
    }

    pub(super) const fn excerpts(self, bad: &'static str, good: &'static str) -> Self {
        Self { bad: Some(bad), good: Some(good), ..self }
    }
}
