//! The trait that all structs of the API implement, and their tables.
//!
//! A record is a struct with a table: its [`Shape`] names the fields in order, [`Record::get`]
//! returns the value of the field at an index, and [`Record::set`] decodes one. JSON, query
//! strings, constraints and the `schema` of a reply are all implemented on that table, once. So a
//! struct of the API adds little code to compile.

mod compare;
mod enum_shape;
mod limits;
mod more;
mod seen;
mod table;
mod view;
mod wire;

use serde::Deserializer;

use crate::Version;

pub use compare::{debug, equal};
pub use enum_shape::EnumShape;
pub use limits::Limits;
pub use more::More;
pub(crate) use seen::Seen;
pub use table::{EarlierField, Field, FieldChanges, Kind, Shape, has_fields};
pub use view::{Entries, Items, Value, View, view};
#[doc(hidden)]
pub use wire::Uuid;
pub use wire::Wire;
pub use zstack_vocabulary::Place;

/// A struct of the API: a request, a response or a data type.
///
/// Implemented by the derives. Decoding starts from `Default`, in which optional fields are `None`
/// and required fields are empty.
pub trait Record: Clone + Default + Send + Sync + 'static {
    /// The table of fields.
    const SHAPE: &'static Shape;

    /// Returns the value of the field at `index` of the table.
    fn get(&self, index: usize) -> View<'_>;

    /// Decodes the field at `index` of the table. Returns `false` for null, which is the same as
    /// absent.
    ///
    /// # Errors
    ///
    /// When the value does not fit the field.
    fn set<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error>;

    /// Returns the fields that are not in the table, of a record that others extend.
    fn more(&self) -> Option<&More> {
        None
    }

    /// Returns those fields for modification.
    fn more_mut(&mut self) -> Option<&mut More> {
        None
    }
}

/// The object-safe part of [`Record`].
pub trait AnyRecord {
    /// Returns the table of fields.
    fn shape(&self) -> &'static Shape;

    /// Returns the value of the field at `index` of the table.
    fn get(&self, index: usize) -> View<'_>;

    /// Returns the fields that are not in the table, of a record that others extend.
    fn more(&self) -> Option<&More>;

    /// Returns the Java class for the `schema` of a reply in a release: that of the extension, where
    /// this is one.
    fn class_at(&self, release: Version) -> &'static str {
        let of_extension = self.more().and_then(|more| more.class_at(release));
        of_extension.unwrap_or_else(|| self.shape().class_at(release))
    }
}

impl<R: Record> AnyRecord for R {
    fn shape(&self) -> &'static Shape {
        R::SHAPE
    }

    fn get(&self, index: usize) -> View<'_> {
        Record::get(self, index)
    }

    fn more(&self) -> Option<&More> {
        Record::more(self)
    }
}

/// A record that a server can decode a request into: every [`Record`], and records whose table
/// is built at run time, from a spec that is not compiled in.
pub trait Fill: AnyRecord {
    /// Decodes the field at `index` of the table. Returns `false` for null, which is the same as
    /// absent.
    ///
    /// # Errors
    ///
    /// When the value does not fit the field.
    fn fill<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error>;
}

impl<R: Record> Fill for R {
    fn fill<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error> {
        self.set(index, value)
    }
}

/// Returns the table of a record: a function for [`Kind::Record`].
#[must_use]
pub fn shape<R: Record>() -> &'static Shape {
    R::SHAPE
}
