//! The tables of enums.

use crate::Version;
use crate::removal::{Absence, Removal};

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
