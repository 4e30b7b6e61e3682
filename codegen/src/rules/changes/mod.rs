//! What a change to a spec can be, and what each change does to those who call
//! the API.

mod constraints;
mod docs;
mod enums;
mod operations;
mod parameters;
mod releases;
mod render;
mod types;

use schemars::JsonSchema;
use serde::Serialize;

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeRule {
    /// Its name, in kebab case: `param-became-required`.
    pub id: &'static str,
    /// What changed, in a few words.
    pub title: &'static str,
    /// What it does to whom.
    pub why: &'static str,
    /// What to do instead, or about it.
    pub help: &'static str,
    /// What it does where clients send it.
    pub request: Level,
    /// What it does where clients receive it.
    pub response: Level,
    /// The step that the version of the generated crates needs.
    pub step: Step,
}

/// What a change does to those who call the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing: it is about the words.
    Documentation,
    /// Nothing: what worked works.
    Compatible,
    /// Some clients break: strict ones, or those who relied on what was never
    /// promised.
    Risk,
    /// What worked does not work any more.
    Breaking,
}

/// A step of a version by the rules of semantic versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Nobody's code changes.
    Patch,
    /// Something is new.
    Minor,
    /// Code that built may not build.
    Major,
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

impl ChangeRule {
    /// A rule by its levels, where clients send and where they receive.
    const fn new(id: &'static str, (request, response): (Level, Level), step: Step) -> Self {
        Self { id, title: "", why: "", help: "", request, response, step }
    }

    /// In words: what changed, what that does, what to do.
    const fn words(self, title: &'static str, why: &'static str, help: &'static str) -> Self {
        Self { title, why, help, ..self }
    }
}

/// All kinds of changes, by what they are about.
pub fn all() -> impl Iterator<Item = &'static ChangeRule> {
    let areas = [
        operations::RULES,
        parameters::RULES,
        constraints::RULES,
        enums::RULES,
        types::RULES,
        releases::RULES,
        docs::RULES,
    ];
    areas.into_iter().flatten()
}

/// The kind of change of this id.
pub fn find(id: &str) -> Option<&'static ChangeRule> {
    all().find(|it| it.id == id)
}
