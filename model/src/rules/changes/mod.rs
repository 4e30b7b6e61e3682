//! What a change to a spec can be, and what each change does to those who call
//! the API.

mod constraints;
mod docs;
mod enums;
mod history;
mod lock;
mod operations;
mod parameters;
mod releases;
mod render;
mod types;
mod waivers;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// As what a finding may be waived; nothing for one that nobody may waive.
    pub waived_as: &'static [WaiverKind],
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

/// Why a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaiverKind {
    /// Clients break, and that is meant.
    Break,
    /// The spec was wrong: the platform does not change, what is said of it does.
    Correction,
    /// Somebody who answers for security has looked at it.
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

    /// Several words to choose from: "`break` or `correction`".
    pub(crate) fn either(kinds: &[Self]) -> String {
        kinds.iter().map(|it| format!("`{}`", it.word())).collect::<Vec<_>>().join(" or ")
    }
}

impl ChangeRule {
    /// Whether this is that rule.
    pub fn is(&self, rule: &Self) -> bool {
        self.id == rule.id
    }

    /// A rule by its levels, where clients send and where they receive.
    const fn new(id: &'static str, (request, response): (Level, Level), step: Step) -> Self {
        let waived_as = &[WaiverKind::Break, WaiverKind::Correction];
        Self { id, title: "", why: "", help: "", request, response, step, waived_as }
    }

    /// What no release may do on purpose, and a spec that was wrong has to.
    const fn correction(self) -> Self {
        Self { waived_as: &[WaiverKind::Correction], ..self }
    }

    /// What those who answer for security have to look at.
    const fn security(self) -> Self {
        Self { waived_as: &[WaiverKind::Security], ..self }
    }

    /// What nobody may waive.
    const fn unwaivable(self) -> Self {
        Self { waived_as: &[], ..self }
    }

    /// In words: what changed, what that does, what to do.
    const fn words(self, title: &'static str, why: &'static str, help: &'static str) -> Self {
        Self { title, why, help, ..self }
    }
}

/// The tables of the areas.
const AREAS: [&[ChangeRule]; 10] = [
    operations::RULES,
    parameters::RULES,
    constraints::RULES,
    enums::RULES,
    types::RULES,
    releases::RULES,
    history::RULES,
    lock::RULES,
    docs::RULES,
    waivers::RULES,
];

/// All kinds of changes, by what they are about.
pub fn all() -> impl Iterator<Item = &'static ChangeRule> {
    AREAS.into_iter().flatten()
}

/// The rule of this id, as the macro [`rule!`] looks it up when this crate is compiled.
#[expect(clippy::panic, reason = "in a constant this is a compile error")]
pub const fn named(id: &str) -> &'static ChangeRule {
    let mut area = 0;
    while area < AREAS.len() {
        let rules = AREAS[area];
        let mut nth = 0;
        while nth < rules.len() {
            if is_same(rules[nth].id.as_bytes(), id.as_bytes()) {
                return &rules[nth];
            }
            nth += 1;
        }
        area += 1;
    }
    panic!("no rule of `diff` has this id");
}

/// Whether two texts are equal; `==` is not available in constants.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The rule of an id. The compiler looks it up: an id that is not in the table does not compile.
#[macro_export]
macro_rules! rule {
    ($id:literal) => {
        const { $crate::rules::changes::named($id) }
    };
}
pub use rule;

/// The kind of change of this id.
pub fn find(id: &str) -> Option<&'static ChangeRule> {
    all().find(|it| it.id == id)
}
