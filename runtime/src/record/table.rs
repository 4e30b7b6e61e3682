//! The tables of structs.

use super::{EnumShape, Limits, Place, Seen};
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

/// The bit of tables whose bits are not all that decoders have to test: there are further fields, or
/// fields have changed.
const SEARCH: u64 = 1 << 63;

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
    /// A bit for each of the first 63 fields: whether it is required. Decoders test these at once. The
    /// last bit is [`SEARCH`].
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
        let mut required = if fields.len() < 64 { 0 } else { SEARCH };
        let mut index = 0;
        while index < fields.len() && index < 63 {
            if fields[index].required {
                required |= 1 << index;
            }
            if fields[index].changes.is_some() {
                required |= SEARCH;
            }
            index += 1;
        }
        Self { name, class, since, fields, classes: &NO_CLASSES, required }
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
        self.required & !(seen.first & !SEARCH) == 0
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

#[cfg(test)]
mod tests {
    use super::*;

    const V1: Version = Version::new("1.0");
    const REQUIRED: Field = Field::new("field", Kind::Long, V1).required();
    const CHANGED: Field = REQUIRED.changes(&FieldChanges { removal: None, earlier: &[] });
    const MOST: [Field; 63] = [REQUIRED; 63];
    const MORE: [Field; 64] = [REQUIRED; 64];

    #[test]
    fn bits_show_completeness_unless_a_search_is_needed() {
        let is_complete = |fields: &'static [Field], count: usize| {
            let mut seen = Seen::default();
            (0..count).for_each(|index| seen.insert(index));
            Shape::new("Table", "", V1, fields).is_complete(&seen)
        };
        assert!(is_complete(&[], 0) && is_complete(&[REQUIRED], 1) && is_complete(&MOST, 63));
        assert!(!is_complete(&[REQUIRED], 0) && !is_complete(&MOST, 62));
        assert!(!is_complete(&[CHANGED], 1) && !is_complete(&MORE, 64));
    }
}
