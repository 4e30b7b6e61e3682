//! The one interface that every generated struct implements.
//!
//! A record is a struct with a table: its [`Shape`] names the fields in order,
//! [`Record::get`] shows the field of an index, [`Record::set`] reads it. All
//! that the crates do with records - JSON in both directions, query strings,
//! constraints, the `schema` of a reply - walks that table, so that a struct
//! of the API costs a compiler a few lines and nothing is written twice.

mod compare;
mod limits;
mod more;
mod seen;
mod table;
mod view;
mod wire;

use serde::Deserializer;

pub use compare::{debug, equal};
pub use limits::Limits;
pub use more::More;
pub(crate) use seen::Seen;
pub use table::{EnumShape, Field, Kind, Shape, has_fields};
pub use view::{Entries, Items, Value, View, view};
#[doc(hidden)]
pub use wire::Uuid;
pub use wire::Wire;
pub use zstack_vocabulary::Place;

/// A struct of the API.
///
/// Implemented by the derives. `Default` is the record a reader starts from:
/// absent fields are `None`, required ones empty.
pub trait Record: Clone + Default + Send + Sync + 'static {
    /// The table of fields.
    const SHAPE: &'static Shape;

    /// The value of the field at `index` of the table.
    fn get(&self, index: usize) -> View<'_>;

    /// Reads the field at `index` of the table. `false` when the value was
    /// null, which is the same as absent.
    ///
    /// # Errors
    ///
    /// When the value does not fit the field.
    fn set<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error>;

    /// The fields that are not in the table, of a record that others extend.
    fn more(&self) -> Option<&More> {
        None
    }

    /// The same, for changing.
    fn more_mut(&mut self) -> Option<&mut More> {
        None
    }
}

/// A [`Record`] behind a pointer.
pub trait AnyRecord {
    /// The table of fields.
    fn shape(&self) -> &'static Shape;

    /// The value of the field at `index` of the table.
    fn get(&self, index: usize) -> View<'_>;

    /// The fields that are not in the table, of a record that others extend.
    fn more(&self) -> Option<&More>;

    /// The class that a reply's `schema` names: that of the extension, where
    /// it is one.
    fn class(&self) -> &'static str {
        self.more().and_then(More::class).unwrap_or(self.shape().class)
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

/// A record that a server can read a request into: every [`Record`], and those
/// whose table is known at run time only, of a spec that was read and not
/// compiled in.
pub trait Fill: AnyRecord {
    /// Reads the field at `index` of the table. `false` when the value was
    /// null, which is the same as absent.
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

/// The shape of a record, as a function for [`Kind::Record`].
#[must_use]
pub fn shape<R: Record>() -> &'static Shape {
    R::SHAPE
}
