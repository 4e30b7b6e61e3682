//! Fields of data types and responses, and parameters.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Execution, Json, Line, OfField, OfParameter, Past, Place, Text, Version};

/// A field of a data type or of a response.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// As on the wire.
    pub name: Line,
    /// `String`, `Boolean`, `Integer`, `Long`, `Double`, `Timestamp`, `Uuid`,
    /// `Any`, `List<T>`, `Map<String,T>` or the name of a data type.
    pub r#type: Line,
    /// The first release that has it.
    pub since: Version,
    /// Whether it is always present on the wire.
    #[serde(default)]
    pub required: bool,
    /// One or more sentences.
    pub description: Option<Text>,
    /// Who says so.
    #[serde(default)]
    pub source: Origin,
    /// Only what the document prints differently from the wire.
    pub documented: Option<Documented>,
    /// The longest text, in UTF-16 units.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// The lowest and the highest number, both allowed.
    pub range: Option<[i64; 2]>,
    /// A regular expression for the whole text.
    pub pattern: Option<Line>,
    /// A regular expression that only Java reads: a fact, never evaluated.
    pub java_pattern: Option<Line>,
    /// The only values allowed, as texts; of a list, for each element.
    pub values: Option<Vec<Text>>,
    /// Whether a list needs an element, a text a character.
    #[serde(default)]
    pub non_empty: bool,
    /// Whether blanks at both ends of a text belong to it; elsewhere the
    /// platform takes them away.
    #[serde(default)]
    pub no_trim: bool,
    /// Whether whoever reads it can act with it, as with a password: it is in
    /// no log.
    #[serde(default)]
    pub sensitive: bool,
    /// The unit of a number, such as `bytes`.
    pub unit: Option<Line>,
    /// What the platform takes where nothing is given: any JSON.
    pub default: Option<Json>,
    /// The release that advises against it.
    pub deprecated: Option<Version>,
    /// The release that no longer has it.
    pub removed: Option<Version>,
    /// What to use instead.
    pub replacement: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Line>,
    /// What it was before a release changed it, in the order of the releases.
    #[serde(default)]
    pub history: Vec<Past<OfField>>,
}

/// A parameter: a field, and where it travels.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// As on the wire.
    pub name: Line,
    /// Where it travels.
    pub r#in: Place,
    /// `String`, `Boolean`, `Integer`, `Long`, `Double`, `Timestamp`, `Uuid`,
    /// `Any`, `List<T>`, `Map<String,T>` or the name of a data type.
    pub r#type: Line,
    /// Whether it must be given.
    pub required: bool,
    /// The first release that has it.
    pub since: Version,
    /// Whether it stands below the key that encloses the body's parameters;
    /// `false` puts it beside that key. Only with `in: body`.
    pub enclosed: Option<bool>,
    /// One or more sentences.
    pub description: Option<Text>,
    /// Who says so.
    #[serde(default)]
    pub source: Origin,
    /// Only what the document prints differently from the wire.
    pub documented: Option<Documented>,
    /// The longest text, in UTF-16 units.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// The lowest and the highest number, both allowed.
    pub range: Option<[i64; 2]>,
    /// A regular expression for the whole text.
    pub pattern: Option<Line>,
    /// A regular expression that only Java reads: a fact, never evaluated.
    pub java_pattern: Option<Line>,
    /// The only values allowed, as texts; of a list, for each element.
    pub values: Option<Vec<Text>>,
    /// Whether a list needs an element, a text a character.
    #[serde(default)]
    pub non_empty: bool,
    /// Whether blanks at both ends of a text belong to it; elsewhere the
    /// platform takes them away.
    #[serde(default)]
    pub no_trim: bool,
    /// Whether whoever reads it can act with it, as with a password: it is in
    /// no log.
    #[serde(default)]
    pub sensitive: bool,
    /// The unit of a number, such as `bytes`.
    pub unit: Option<Line>,
    /// What the platform takes where nothing is given: any JSON.
    pub default: Option<Json>,
    /// The release that advises against it.
    pub deprecated: Option<Version>,
    /// The release that no longer has it.
    pub removed: Option<Version>,
    /// What to use instead.
    pub replacement: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Line>,
    /// What it was before a release changed it, in the order of the releases.
    #[serde(default)]
    pub history: Vec<Past<OfParameter>>,
}

impl Parameter {
    /// The parameter without the facts that only a parameter has.
    pub fn into_field(self) -> Field {
        Field {
            name: self.name,
            r#type: self.r#type,
            since: self.since,
            required: self.required,
            description: self.description,
            source: self.source,
            documented: self.documented,
            max_length: self.max_length,
            min_length: self.min_length,
            range: self.range,
            pattern: self.pattern,
            java_pattern: self.java_pattern,
            values: self.values,
            non_empty: self.non_empty,
            no_trim: self.no_trim,
            sensitive: self.sensitive,
            unit: self.unit,
            default: self.default,
            deprecated: self.deprecated,
            removed: self.removed,
            replacement: self.replacement,
            renamed_from: self.renamed_from,
            history: self.history.into_iter().map(Past::from).collect(),
        }
    }
}

/// Who says that an element exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// The API document.
    #[default]
    Document,
    /// The platform: seen on the wire or in its code, in no document.
    Platform,
}

/// What the document prints differently from the wire.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Documented {
    /// The location column.
    pub r#in: Option<Line>,
    /// The type column.
    pub r#type: Option<Line>,
    /// The starting version column.
    pub since: Option<Version>,
    /// Whether it is required.
    pub required: Option<bool>,
    /// The execution badge.
    pub execution: Option<Execution>,
}
