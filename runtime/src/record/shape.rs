//! What is known of a struct or an enum as a whole.

use super::Field;
use crate::Version;
use crate::decode::Seen;

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
