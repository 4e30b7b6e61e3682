//! Fields that an extension of a record has.

use serde_json::{Map, Value};

use super::Shape;

/// The fields of a record that its own type does not have.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct More {
    /// The fields, by name.
    pub fields: Map<String, Value>,
    /// The table of the extension, where it is known: it says which class a
    /// reply's `schema` names, and which release each field came with.
    pub extension: Option<&'static Shape>,
}

impl More {
    /// The class that a reply's `schema` names, where it is not that of the
    /// base.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        self.extension.map(|shape| shape.class).filter(|class| !class.is_empty())
    }
}

/// Two are equal that have the same fields, and are of the same class.
impl PartialEq for More {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields && self.class() == other.class()
    }
}
