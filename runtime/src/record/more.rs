//! The additional fields of an extension.

use serde_json::{Map, Value};

use super::Shape;
use crate::Version;

/// The fields of a record that its own type does not have, since the server sent an extension.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct More {
    /// The fields, by name.
    pub fields: Map<String, Value>,
    /// The table of the extension, if it is known: it has the class for the `schema` of a reply,
    /// and the release of each field.
    pub extension: Option<&'static Shape>,
}

impl More {
    /// Returns the Java class of the extension, for the `schema` of a reply.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        self.class_at(Version::NEWEST)
    }

    /// Returns the Java class of the extension in a release.
    pub(super) fn class_at(&self, release: Version) -> Option<&'static str> {
        self.extension.map(|shape| shape.class_at(release)).filter(|class| !class.is_empty())
    }
}

/// Compares the fields and the class.
impl PartialEq for More {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields && self.class() == other.class()
    }
}
