//! The tables of structs and enums.

use super::{Limits, Place, Seen};
use crate::Version;

/// The description of a field or a parameter: a row of a table.
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
    /// The name on the wire.
    pub name: &'static str,
    /// The type on the wire.
    pub kind: Kind,
    /// The first release that has it.
    pub since: Version,
    /// A required parameter must be given; a required field is always present.
    pub required: bool,
    /// The value is secret, such as a password: logs and `Debug` hide it.
    pub sensitive: bool,
    /// The place of a parameter in a request; [`Place::Body`] for a field of a data type or a
    /// response.
    pub place: Place,
    /// The constraints. Most fields have none: with a reference, rows are half as long.
    pub limits: &'static Limits,
}

impl Field {
    /// Creates an optional field in the body, without constraints.
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

    /// Makes it required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Makes its value secret: logs and `Debug` hide it.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Places it in the path.
    #[must_use]
    pub const fn in_path(mut self) -> Self {
        self.place = Place::Path;
        self
    }

    /// Places it in the query string.
    #[must_use]
    pub const fn in_query(mut self) -> Self {
        self.place = Place::Query;
        self
    }

    /// Places it in the body, next to the operation's key.
    #[must_use]
    pub const fn beside(mut self) -> Self {
        self.place = Place::BesideBody;
        self
    }

    /// Sets the constraints.
    #[must_use]
    pub const fn limits(mut self, limits: &'static Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// A type on the wire.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    String,
    /// Text in the form of a UUID without dashes.
    Uuid,
    /// True or false.
    Boolean,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(&'static Kind),
    /// A map with string keys.
    Map(&'static Kind),
    /// A struct. The table is behind a function because types may refer to each other.
    Record(fn() -> &'static Shape),
    /// An enum.
    Enum(fn() -> &'static EnumShape),
}

impl Kind {
    /// Returns the type of the items of a list or of the values of a map; [`Any`](Self::Any) for
    /// other types.
    #[must_use]
    pub const fn element(self) -> Self {
        match self {
            Self::List(kind) | Self::Map(kind) => *kind,
            _ => Self::Any,
        }
    }
}

/// The table of a struct of the API.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the spec.
    pub name: &'static str,
    /// The Java class for the `schema` of a reply; empty if there is none.
    pub class: &'static str,
    /// The first release that has it.
    pub since: Version,
    /// The fields, in the order of the spec.
    pub fields: &'static [Field],
    /// A bit for each of the first 64 fields: whether it is required. Decoders test these at once.
    required: u64,
}

impl Shape {
    /// Creates a table; see the fields.
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

    /// Returns the first required field that has not been read.
    pub(crate) fn missing(&self, seen: &Seen) -> Option<&'static Field> {
        let missing = self.required & !seen.first;
        if missing != 0 {
            return self.fields.get(missing.trailing_zeros() as usize);
        }
        let mut rest = self.fields.iter().enumerate().skip(64);
        rest.find(|(index, field)| field.required && !seen.contains(*index)).map(|(_, field)| field)
    }

    /// Iterates over the fields of a release, in their order.
    pub fn fields_at(&self, release: Version) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(move |field| field.since <= release)
    }

    /// Returns the index of the field of this name.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// Returns whether a table has fields of these names: a compile-time check for structs that are
/// written by hand.
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

/// The table of an enum of the API.
#[derive(Debug)]
pub struct EnumShape {
    /// Its name in the spec.
    pub name: &'static str,
    /// The values and the release of each, in the order of the spec.
    pub values: &'static [(&'static str, Version)],
    /// The release of the newest value. At this release or later, no value has to be looked up.
    newest: Version,
}

impl EnumShape {
    /// Creates a table; see the fields.
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

    /// Returns whether a value came after a release.
    pub(crate) fn is_later(&self, value: &str, release: Version) -> bool {
        self.newest > release && self.since(value).is_some_and(|since| since > release)
    }

    /// Returns the first release with this value; `None` for an unknown value.
    #[must_use]
    pub fn since(&self, value: &str) -> Option<Version> {
        self.values.iter().find(|(name, _)| *name == value).map(|(_, since)| *since)
    }
}
