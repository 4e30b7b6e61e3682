//! The tables of structs and enums: the facts about a field, and about a type as a whole.

use super::{Limits, Place, Seen};
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

/// What is known of a struct of the API.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the spec.
    pub name: &'static str,
    /// The class that the platform names in a reply's `schema`; empty where
    /// it names none.
    pub class: &'static str,
    /// The first release that has it.
    pub since: Version,
    /// Its fields, in the order of the spec.
    pub fields: &'static [Field],
    /// Which of the first 64 fields are required, a bit for each: whoever
    /// reads a record need not go through its table for that.
    required: u64,
}

impl Shape {
    /// What is known of a struct; see the fields.
    #[must_use]
    pub const fn new(
        name: &'static str,
        class: &'static str,
        since: Version,
        fields: &'static [Field],
    ) -> Self {
        let mut required = 0;
        let mut index = 0;
        while index < fields.len() && index < 64 {
            if fields[index].required {
                required |= 1 << index;
            }
            index += 1;
        }
        Self { name, class, since, fields, required }
    }

    /// The first required field that is not among those that have been seen.
    pub(crate) fn missing(&self, seen: &Seen) -> Option<&'static Field> {
        let missing = self.required & !seen.first;
        if missing != 0 {
            return self.fields.get(missing.trailing_zeros() as usize);
        }
        let rest = self.fields.iter().enumerate().skip(64);
        rest.filter(|(index, field)| field.required && !seen.contains(*index)).map(|(_, field)| field).next()
    }

    /// The fields that a release has, in their order.
    pub fn fields_at(&self, release: Version) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(move |field| field.since <= release)
    }

    /// The index of the field of this name.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// Whether a table has all of these fields, by their names: for structs that
/// are written by hand, at compile time.
#[must_use]
pub const fn has_fields(shape: &Shape, fields: &[Field]) -> bool {
    let mut index = 0;
    while index < fields.len() {
        let mut candidate = 0;
        while candidate < shape.fields.len()
            && !same_text(shape.fields[candidate].name.as_bytes(), fields[index].name.as_bytes())
        {
            candidate += 1;
        }
        if candidate == shape.fields.len() {
            return false;
        }
        index += 1;
    }
    true
}

const fn same_text(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    a.len() == b.len()
}

/// What is known of an enum of the API.
#[derive(Debug)]
pub struct EnumShape {
    /// Its name in the spec.
    pub name: &'static str,
    /// Its values and the release each came with, in the order of the spec.
    pub values: &'static [(&'static str, Version)],
    /// The release of the newest value: a server of that one, or of a later
    /// one, need not look for what a value is.
    newest: Version,
}

impl EnumShape {
    /// What is known of an enum; see the fields.
    #[must_use]
    pub const fn new(name: &'static str, values: &'static [(&'static str, Version)]) -> Self {
        let mut newest = Version::new("0");
        let mut index = 0;
        while index < values.len() {
            newest = newest.later(values[index].1);
            index += 1;
        }
        Self { name, values, newest }
    }

    /// Whether it is a value that came after a release.
    pub(crate) fn is_later(&self, value: &str, release: Version) -> bool {
        self.newest > release && self.since(value).is_some_and(|since| since > release)
    }

    /// The first release that has this value; `None` for an unknown one.
    #[must_use]
    pub fn since(&self, value: &str) -> Option<Version> {
        self.values.iter().find(|(name, _)| *name == value).map(|(_, since)| *since)
    }
}
