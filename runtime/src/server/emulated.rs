//! The release that a server emulates.

use std::collections::HashSet;
use std::ptr;

use super::routes::Routes;
use crate::record::{EnumShape, Field, Kind, Shape};
use crate::{Operation, Removal, Version};

/// Returns the release that a server emulates. Without an option, that is [`Version::NEWEST`],
/// which needs no look-ups in the tables; if any element was removed, it is the newest release in
/// the tables.
pub(crate) fn emulated_release(services: &[Routes], option: Version) -> Version {
    if option != Version::NEWEST {
        return option;
    }
    let mut survey = Survey { newest: Version::new("0"), has_removals: false, seen: HashSet::new() };
    for operation in services.iter().flat_map(|routes| &*routes.operations) {
        survey.operation(operation);
    }
    if survey.has_removals { survey.newest } else { option }
}

/// Collects releases from tables.
struct Survey {
    newest: Version,
    has_removals: bool,
    /// The tables that have been visited, by address.
    seen: HashSet<*const Shape>,
}

impl Survey {
    fn operation(&mut self, operation: &Operation) {
        self.release(operation.since);
        if let Some(changes) = operation.changes {
            self.removal(changes.removal);
            changes.earlier.iter().for_each(|earlier| self.release(earlier.until));
        }
        operation.tags.iter().for_each(|tag| self.release(tag.since));
        self.shape(operation.request);
        self.shape(operation.response);
    }

    fn shape(&mut self, shape: &'static Shape) {
        if self.seen.insert(ptr::from_ref(shape)) {
            shape.fields.iter().for_each(|field| self.field(field));
        }
    }

    fn field(&mut self, field: &Field) {
        self.release(field.since());
        self.kind(field.kind);
        if let Some(changes) = field.changes {
            self.removal(changes.removal);
            for earlier in changes.earlier {
                self.release(earlier.until);
                self.kind(earlier.field.kind);
            }
        }
    }

    fn kind(&mut self, kind: Kind) {
        match kind {
            Kind::List(inner) | Kind::Map(inner) => self.kind(*inner),
            Kind::Record(shape) => self.shape(shape()),
            Kind::Enum(shape) => self.enumeration(shape()),
            _ => {}
        }
    }

    fn enumeration(&mut self, shape: &EnumShape) {
        shape.values.iter().for_each(|(_, since)| self.release(*since));
        shape.removed.iter().for_each(|(_, removal)| self.removal(Some(*removal)));
    }

    fn removal(&mut self, removal: Option<Removal>) {
        if let Some(removal) = removal {
            self.has_removals = true;
            self.release(removal.release);
        }
    }

    fn release(&mut self, release: Version) {
        self.newest = self.newest.later(release);
    }
}
