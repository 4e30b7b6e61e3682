//! An entry of a file that becomes a document.

use serde_json::Value;
use zstack_model::yaml::{MappingEntry, Mark, Node};

use super::kinds::Kind;
use crate::model::{Document, Moment, Uuid};

/// An entry with the document that it describes so far.
pub(super) struct Entry<'n> {
    pub(super) kind: &'static Kind,
    pub(super) at: Mark,
    pub(super) document: Document,
    /// True if the entry gives the UUID.
    pub(super) has_uuid: bool,
    /// True if the file does not mention it.
    pub(super) is_implied: bool,
    pub(super) created: Moment,
    /// The keys whose values are not stored as they are.
    pub(super) extras: Vec<(&'static str, &'n MappingEntry)>,
    pub(super) parts: Vec<Part<'n>>,
    /// The positions of the values of fields, also of invalid ones.
    pub(super) places: Vec<(&'static str, Mark)>,
    /// The primary storage of the root volume of a VM instance.
    pub(super) storage: Option<Document>,
}

/// An entry below another one, to which it refers.
pub(super) struct Part<'n> {
    pub(super) kind: &'static Kind,
    pub(super) foreign_field: &'static str,
    /// The part of its UUID's name that follows the UUID of the other one.
    pub(super) name: String,
    pub(super) number: i64,
    /// `None` for a part that the file does not mention.
    pub(super) node: Option<&'n Node>,
}

/// The entry that contains another one.
#[derive(Clone, Copy)]
pub(super) struct Parent<'p> {
    pub(super) document: &'p Document,
    pub(super) foreign_field: &'static str,
    pub(super) part: &'p str,
    /// The position of the part among its siblings.
    pub(super) number: i64,
    /// The primary storage of the root volume of a VM instance.
    pub(super) storage: Option<&'p Document>,
}

impl<'n> Entry<'n> {
    pub(super) fn new(kind: &'static Kind, at: Mark, uuid: Uuid, has_uuid: bool, created: Moment) -> Self {
        let (kind_name, base) = (kind.resource.name.clone(), kind.base.to_owned());
        let fields = serde_json::Map::new();
        let mut document = Document { uuid, kind: kind_name, base, revision: 0, fields: fields.into() };
        document.set("uuid", document.uuid.clone());
        Self {
            kind,
            at,
            document,
            has_uuid,
            is_implied: false,
            created,
            extras: Vec::new(),
            parts: Vec::new(),
            places: Vec::new(),
            storage: None,
        }
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.document.text(field)
    }

    pub(super) fn text_or_empty(&self, field: &str) -> String {
        self.text(field).unwrap_or_default().to_owned()
    }

    /// The position of the value of a field, or that of the entry.
    pub(super) fn place(&self, field: &str) -> Mark {
        self.find_place(field).unwrap_or(self.at)
    }

    pub(super) fn find_place(&self, field: &str) -> Option<Mark> {
        self.places.iter().find(|(name, _)| *name == field).map(|(_, at)| *at)
    }

    pub(super) fn extra(&self, key: &str) -> Option<&'n MappingEntry> {
        self.extras.iter().find(|(name, _)| *name == key).map(|(_, entry)| *entry)
    }

    /// Sets a field that the entry does not give. Null sets nothing.
    pub(super) fn default(&mut self, field: &str, value: impl Into<Value>) {
        if !self.document.fields.contains_key(field) {
            self.document.set(field, value);
        }
    }

    /// Sets fields that the entry does not give.
    pub(super) fn defaults<const N: usize>(&mut self, fields: [(&str, Value); N]) {
        for (field, value) in fields {
            self.default(field, value);
        }
    }

    /// Gives the document a derived UUID, unless the entry has one.
    pub(super) fn derive_uuid(&mut self, uuid: Uuid) {
        if !self.has_uuid {
            self.document.set("uuid", uuid.clone());
            self.document.uuid = uuid;
        }
    }
}
