//! The rules that a spec is held to, each with its reasons.
//!
//! An id is kebab case, stays what it is, and is never given to another rule:
//! people write it into scripts and commit messages.

mod constraints;
mod examples;
mod files;
mod history;
mod list;
mod names;
mod render;
mod retirements;
mod routes;
mod shapes;
mod types;
mod versions;
mod waivers;

use serde::Serialize;

pub use list::{Listed, json, list, write_table};

use crate::changes::ChangeKind;
use crate::diagnostics;

/// A rule, in words for whoever broke it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, in kebab case: `since-missing`.
    pub id: &'static str,
    /// What becomes of a spec that breaks it.
    pub severity: Severity,
    /// What breaks it, in a few words.
    pub title: &'static str,
    /// What would go wrong.
    pub why: &'static str,
    /// A piece of a spec that breaks it, where that says more than the title.
    pub bad: Option<&'static str>,
    /// The same piece as it should be.
    pub good: Option<&'static str>,
}

/// What becomes of a spec that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It can be used.
    Warning,
    /// It does not hold: nothing is made of it.
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
    const fn error(id: &'static str, title: &'static str, why: &'static str) -> Self {
        Self { id, severity: Severity::Error, title, why, bad: None, good: None }
    }

    const fn warning(id: &'static str, title: &'static str, why: &'static str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(id, title, why) }
    }

    const fn excerpts(self, bad: &'static str, good: &'static str) -> Self {
        Self { bad: Some(bad), good: Some(good), ..self }
    }
}

/// All rules, by what they are about.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let areas = [
        files::RULES,
        shapes::RULES,
        names::RULES,
        versions::RULES,
        retirements::RULES,
        history::RULES,
        types::RULES,
        routes::RULES,
        constraints::RULES,
        examples::RULES,
        waivers::RULES,
    ];
    areas.into_iter().flatten()
}

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|it| it.id == id)
}

/// The id that was probably meant, of a rule of either kind.
pub fn nearest(written: &str) -> Option<&'static str> {
    let ids = || all().map(|it| it.id).chain(ChangeKind::all().map(ChangeKind::id));
    let meant = diagnostics::nearest(written, ids())?;
    ids().find(|it| *it == meant)
}
