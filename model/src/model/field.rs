//! Fields of data types and responses, and parameters: types, constraints, and
//! who says so.

use std::fmt;

use super::{Entry, Retirement, Version};

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
    pub history: Vec<Entry>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name, type and the rest.
    pub field: Field,
    /// Where it travels.
    pub place: Place,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the body, below the operation's key.
    Body,
    /// In the body, beside the operation's key (`enclosed: false`).
    BesideBody,
}

impl Place {
    /// As the spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body | Self::BesideBody => "body",
        }
    }
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// Text of 32 lower-case hexadecimal digits in a UUID's form.
    Uuid,
    /// True or false.
    Boolean,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(Box<Type>),
    /// A map from text.
    Map(Box<Type>),
    /// A [`DataType`](super::DataType) of the model, by name.
    Named(String),
}

impl Type {
    /// The data type that it names, at whatever depth.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) => inner.named(),
            _ => None,
        }
    }
}

/// As the spec writes it: `List<VmNicInventory>`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "String",
            Self::Uuid => "Uuid",
            Self::Boolean => "Boolean",
            Self::Integer => "Integer",
            Self::Long => "Long",
            Self::Double => "Double",
            Self::Timestamp => "Timestamp",
            Self::Any => "Any",
            Self::Named(name) => name,
            Self::List(inner) => return write!(f, "List<{inner}>"),
            Self::Map(inner) => return write!(f, "Map<String,{inner}>"),
        })
    }
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

/// How long an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Answered at once.
    Sync,
    /// Long: 202 and a job to poll.
    Async,
}

impl Execution {
    /// As the spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
        }
    }
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
