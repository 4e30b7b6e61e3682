//! What is known of a field or a parameter: its type, where it travels, and
//! what a value of it must satisfy.

use super::{EnumShape, Shape};
use crate::Version;

/// What is known of a field or a parameter.
///
/// Built by the derives in constants:
///
/// ```
/// use zstack_runtime::Version;
/// use zstack_runtime::record::{Field, Kind, Limits};
///
/// const V3_3_0: Version = Version::new("3.3.0");
/// const NAME: Field = Field::new("name", Kind::String, V3_3_0)
///     .required()
///     .limits(&Limits::NONE.max_length(255));
/// assert_eq!(NAME.limits.max_length, Some(255));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// The first release that has it.
    pub since: Version,
    /// A parameter that must be given; a field that is always there.
    pub required: bool,
    /// It is kept out of logs, and of `Debug`, as a password is.
    pub sensitive: bool,
    /// Where it travels; a field of a data type or a response: in the body.
    pub place: Place,
    /// What a value must satisfy. Most values may be anything: by a reference,
    /// their rows are half as long, for the compiler and for whoever reads them.
    pub limits: &'static Limits,
}

impl Field {
    /// An optional field that travels in the body, of any value.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, since: Version) -> Self {
        Self {
            name,
            kind,
            since,
            required: false,
            sensitive: false,
            place: Place::Body,
            limits: &Limits::NONE,
        }
    }

    /// It must be given; it is always there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Whoever reads it can act with it: it is kept out of logs.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// It travels in the path.
    #[must_use]
    pub const fn in_path(mut self) -> Self {
        self.place = Place::Path;
        self
    }

    /// It travels in the query string.
    #[must_use]
    pub const fn in_query(mut self) -> Self {
        self.place = Place::Query;
        self
    }

    /// It travels in the body, beside the operation's key.
    #[must_use]
    pub const fn beside(mut self) -> Self {
        self.place = Place::BesideBody;
        self
    }

    /// What a value must satisfy.
    #[must_use]
    pub const fn limits(mut self, limits: &'static Limits) -> Self {
        self.limits = limits;
        self
    }
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
    /// In the body, beside the operation's key.
    BesideBody,
}

/// What a value must satisfy. A server checks it; see
/// [`constraints`](crate::constraints).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The longest text, in UTF-16 units, which is what the platform counts.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// Lowest and highest number, both allowed.
    pub range: Option<(i64, i64)>,
    /// A regular expression for the whole text.
    pub pattern: Option<&'static str>,
    /// The only values allowed, as texts; empty: any.
    pub values: &'static [&'static str],
    /// A list needs an element, a text a character.
    pub non_empty: bool,
    /// Blanks at both ends of a text stay; elsewhere a server takes them away.
    pub no_trim: bool,
}

impl Limits {
    /// Anything goes.
    pub const NONE: Self = Self {
        max_length: None,
        min_length: None,
        range: None,
        pattern: None,
        values: &[],
        non_empty: false,
        no_trim: false,
    };

    /// At most so many UTF-16 units of text.
    #[must_use]
    pub const fn max_length(mut self, units: u32) -> Self {
        self.max_length = Some(units);
        self
    }

    /// At least so many UTF-16 units of text.
    #[must_use]
    pub const fn min_length(mut self, units: u32) -> Self {
        self.min_length = Some(units);
        self
    }

    /// From `low` to `high`, both allowed.
    #[must_use]
    pub const fn range(mut self, low: i64, high: i64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// A regular expression for the whole text.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// The only texts allowed.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Blanks at both ends of a text belong to it.
    #[must_use]
    pub const fn no_trim(mut self) -> Self {
        self.no_trim = true;
        self
    }

    /// A list needs an element, a text a character.
    #[must_use]
    pub const fn non_empty(mut self) -> Self {
        self.non_empty = true;
        self
    }
}

/// A type of the spec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    String,
    /// Text in the form of a UUID without dashes.
    Uuid,
    /// True or false.
    Boolean,
    /// A number of 32 bits.
    Integer,
    /// A number of 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(&'static Kind),
    /// A map from text.
    Map(&'static Kind),
    /// A struct. A function, since types refer to each other.
    Record(fn() -> &'static Shape),
    /// One of several texts.
    Enum(fn() -> &'static EnumShape),
}

impl Kind {
    /// The type of the elements of a list, or of the values of a map; of
    /// others [`Any`](Self::Any).
    #[must_use]
    pub const fn element(self) -> Self {
        match self {
            Self::List(kind) | Self::Map(kind) => *kind,
            _ => Self::Any,
        }
    }
}
