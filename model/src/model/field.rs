//! Fields of data types and responses, and parameters.

use super::attributes::Type;
use super::history::{Historic, HistoryEntry, Was};
use super::{Retirement, Version};
use zstack_vocabulary::{Execution, Place};

/// A parameter's or a field's own facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The first release that has it.
    pub since: Version,
    /// When it goes, if it does.
    pub retirement: Retirement,
    /// A parameter that must be given; a field that is always there.
    pub required: bool,
    /// One or more sentences.
    pub description: Option<String>,
    /// What a value must satisfy.
    pub constraints: Constraints,
    /// Whether it is kept out of logs, as a password is.
    pub sensitive: bool,
    /// What the platform takes where nothing is given.
    pub default: Option<serde_json::Value>,
    /// What the document prints where the wire differs.
    pub documented: Option<Documented>,
    /// What it was called before, in an older spec.
    pub renamed_from: Option<String>,
    /// Who says so.
    pub source: Source,
    /// What it was before a release changed it; of a parameter, its place too.
    pub history: Vec<HistoryEntry>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name, type and the rest.
    pub field: Field,
    /// Where it travels.
    pub place: Place,
}

/// What a value must satisfy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// The longest text, in UTF-16 units.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// Lowest and highest number, both allowed.
    pub range: Option<(i64, i64)>,
    /// A regular expression for the whole text.
    pub pattern: Option<String>,
    /// A regular expression that only Java reads; never evaluated.
    pub java_pattern: Option<String>,
    /// The only values allowed, as texts.
    pub values: Vec<String>,
    /// A list needs an element, a text a character.
    pub non_empty: bool,
    /// Blanks at both ends of a text stay.
    pub no_trim: bool,
    /// The unit of a number.
    pub unit: Option<String>,
}

/// What a document prints, where the wire differs. Only what differs is set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documented {
    /// The location column.
    pub place: Option<String>,
    /// The type column.
    pub ty: Option<String>,
    /// The starting version column.
    pub since: Option<String>,
    /// Whether it is required.
    pub required: Option<bool>,
    /// The execution badge.
    pub execution: Option<Execution>,
}

/// Who says that an element exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The API document.
    #[default]
    Document,
    /// The platform: seen on the wire or in its code, in no document.
    Platform,
}

impl Historic for Field {
    fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.history
    }

    fn exchange(&mut self, was: &mut Was) {
        use std::mem::swap;
        let constraints = &mut self.constraints;
        match was {
            Was::Type(it) => swap(it, &mut self.ty),
            Was::Required(it) => swap(it, &mut self.required),
            Was::Default(it) => swap(it, &mut self.default),
            Was::MaxLength(it) => swap(it, &mut constraints.max_length),
            Was::MinLength(it) => swap(it, &mut constraints.min_length),
            Was::Range(it) => swap(it, &mut constraints.range),
            Was::Pattern(it) => swap(it, &mut constraints.pattern),
            Was::JavaPattern(it) => swap(it, &mut constraints.java_pattern),
            Was::Values(it) => swap(it, &mut constraints.values),
            Was::NonEmpty(it) => swap(it, &mut constraints.non_empty),
            Was::NoTrim(it) => swap(it, &mut constraints.no_trim),
            Was::Unit(it) => swap(it, &mut constraints.unit),
            _ => {}
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.ty == other.ty
            && self.required == other.required
            && self.default == other.default
            && self.constraints == other.constraints
    }

    fn facts(&self) -> Vec<Was> {
        let it = self.constraints.clone();
        vec![
            Was::Type(self.ty.clone()),
            Was::Required(self.required),
            Was::Default(self.default.clone()),
            Was::MaxLength(it.max_length),
            Was::MinLength(it.min_length),
            Was::Range(it.range),
            Was::Pattern(it.pattern),
            Was::JavaPattern(it.java_pattern),
            Was::Values(it.values),
            Was::NonEmpty(it.non_empty),
            Was::NoTrim(it.no_trim),
            Was::Unit(it.unit),
        ]
    }
}

impl Historic for Parameter {
    fn history(&self) -> &[HistoryEntry] {
        &self.field.history
    }

    fn history_mut(&mut self) -> &mut Vec<HistoryEntry> {
        &mut self.field.history
    }

    fn exchange(&mut self, was: &mut Was) {
        match was {
            Was::In(it) | Was::Enclosed(it) => std::mem::swap(it, &mut self.place),
            of_field => self.field.exchange(of_field),
        }
    }

    fn is_same_on_wire(&self, other: &Self) -> bool {
        self.place == other.place && self.field.is_same_on_wire(&other.field)
    }

    fn facts(&self) -> Vec<Was> {
        let mut facts = self.field.facts();
        facts.extend([Was::In(self.place), Was::Enclosed(self.place)]);
        facts
    }
}
