//! Rows of tables: fields and parameters, and their changes by releases.

use super::{Kind, Limits, Place};
use crate::Version;
use crate::removal::{Absence, Removal};

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
    /// The constraints. Most fields have none: with a reference, rows are half as long.
    pub limits: &'static Limits,
    /// The changes by releases, if there are any.
    pub changes: Option<&'static FieldChanges>,
    /// The first release, in two parts: as a [`Version`], it would add eight bytes to each row.
    since_numbers: u64,
    since_parts: u8,
    /// A required parameter must be given; a required field is always present. A removed one was,
    /// in the releases that have it.
    pub required: bool,
    /// The value is secret, such as a password: logs and `Debug` hide it.
    pub sensitive: bool,
    /// The place of a parameter in a request; [`Place::Body`] for a field of a data type or a
    /// response.
    pub place: Place,
}

/// A row fills a cache line.
const _: () = assert!(size_of::<Field>() <= 64);

/// The changes of a field by releases.
#[derive(Debug)]
pub struct FieldChanges {
    /// The removal.
    pub removal: Option<Removal>,
    /// The earlier states, the oldest first.
    pub earlier: &'static [EarlierField],
}

/// An earlier state of a field.
#[derive(Debug)]
pub struct EarlierField {
    /// The release that changed it.
    pub until: Version,
    /// The row before that release.
    pub field: Field,
}

impl Field {
    /// Creates an optional field in the body, without constraints.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, since: Version) -> Self {
        let (since_numbers, since_parts) = since.to_parts();
        Self {
            name,
            kind,
            limits: &Limits::NONE,
            changes: None,
            since_numbers,
            since_parts,
            required: false,
            sensitive: false,
            place: Place::Body,
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

    /// Sets the changes by releases.
    #[must_use]
    pub const fn changes(mut self, changes: &'static FieldChanges) -> Self {
        self.changes = Some(changes);
        self
    }

    /// Makes it come with a release, unless it came later.
    #[must_use]
    pub const fn not_before(mut self, release: Version) -> Self {
        (self.since_numbers, self.since_parts) = self.since().later(release).to_parts();
        self
    }

    /// Returns the first release that has it.
    #[must_use]
    pub const fn since(&self) -> Version {
        Version::from_parts(self.since_numbers, self.since_parts)
    }

    /// Returns the removal, if there is one.
    #[must_use]
    pub const fn removal(&self) -> Option<Removal> {
        match self.changes {
            Some(changes) => changes.removal,
            None => None,
        }
    }

    /// Returns whether a release has it.
    #[must_use]
    pub fn is_in(&self, release: Version) -> bool {
        self.absence(release).is_none()
    }

    /// Returns the row as of a release.
    #[must_use]
    pub fn at(&self, release: Version) -> &Self {
        let mut earlier = self.changes.into_iter().flat_map(|changes| changes.earlier);
        earlier.find(|earlier| release < earlier.until).map_or(self, |earlier| &earlier.field)
    }

    /// Returns why a release lacks it; `None` if the release has it.
    pub(crate) fn absence(&self, release: Version) -> Option<Absence> {
        Absence::of(self.since(), self.removal(), release)
    }
}
