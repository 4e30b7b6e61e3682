//! The tables of structs and enums.

use super::{Field, Seen};
use crate::Version;
use crate::removal::{Absence, Removal};

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

/// Most tables have had one class.
const NO_CLASSES: &[(Version, &str)] = &[];

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
    /// The earlier classes, the oldest first, each with the release that replaced it. Few tables
    /// have any: the second reference keeps the others small.
    classes: &'static &'static [(Version, &'static str)],
    /// A bit for each of the first 64 fields: whether it is required. Decoders test these at once.
    required: u64,
    /// True if these bits are all that decoders have to test: the table has no further fields, and no
    /// field has changed.
    is_simple: bool,
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
        let mut is_simple = fields.len() <= 64;
        let mut index = 0;
        while index < fields.len() && index < 64 {
            if fields[index].required {
                required |= 1 << index;
            }
            is_simple &= fields[index].changes.is_none();
            index += 1;
        }
        Self { name, class, since, fields, classes: &NO_CLASSES, required, is_simple }
    }

    /// Sets the earlier classes, the oldest first, each with the release that replaced it.
    #[must_use]
    pub const fn earlier_classes(mut self, classes: &'static &'static [(Version, &'static str)]) -> Self {
        self.classes = classes;
        self
    }

    /// Returns the class in a release.
    #[must_use]
    pub fn class_at(&self, release: Version) -> &'static str {
        let earlier = self.classes.iter().find(|(until, _)| release < *until);
        earlier.map_or(self.class, |(_, class)| class)
    }

    /// Returns whether all required fields have been read; `false` if that needs a search.
    pub(crate) fn is_complete(&self, seen: &Seen) -> bool {
        self.is_simple && self.required & !seen.first == 0
    }

    /// Iterates over the fields of a release, in their order.
    pub fn fields_at(&self, release: Version) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(move |field| field.is_in(release))
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
    /// The removed values.
    pub removed: &'static [(&'static str, Removal)],
    /// The release of the newest value. At this release or later, only removed values have to be
    /// looked up.
    newest: Version,
}

impl EnumShape {
    /// Creates a table without removed values; see the fields.
    #[must_use]
    pub const fn new(name: &'static str, values: &'static [(&'static str, Version)]) -> Self {
        let mut newest = Version::new("0");
        let mut index = 0;
        while index < values.len() {
            newest = newest.later(values[index].1);
            index += 1;
        }
        Self { name, values, removed: &[], newest }
    }

    /// Sets the removed values.
    #[must_use]
    pub const fn removed(mut self, removed: &'static [(&'static str, Removal)]) -> Self {
        self.removed = removed;
        self
    }

    /// Iterates over the values of a release, in their order.
    pub fn values_at(&self, release: Version) -> impl Iterator<Item = &'static str> {
        let is_there = move |name, since| Absence::of(since, self.removal(name), release).is_none();
        let values = self.values.iter().filter(move |(name, since)| is_there(name, *since));
        values.map(|(name, _)| *name)
    }

    /// Returns why a release lacks a value; `None` if it has the value, and for an unknown value.
    pub(crate) fn absence(&self, value: &str, release: Version) -> Option<Absence> {
        if self.newest <= release && self.removed.is_empty() {
            return None;
        }
        Absence::of(self.since(value)?, self.removal(value), release)
    }

    /// Returns the first release with this value; `None` for an unknown value.
    #[must_use]
    pub fn since(&self, value: &str) -> Option<Version> {
        self.values.iter().find(|(name, _)| *name == value).map(|(_, since)| *since)
    }

    fn removal(&self, value: &str) -> Option<Removal> {
        self.removed.iter().find(|(name, _)| *name == value).map(|(_, removal)| *removal)
    }
}
