//! Documents: resources of any kind, as JSON objects.

use serde_json::Value;

use super::{Caller, Fields, Moment, Uuid};

/// The private field with the UUID of the account that owns the document.
pub const OWNER: &str = "_account";

/// The private field with the UUIDs of the accounts with which a document is shared.
pub const RECEIVERS: &str = "_sharedWith";

/// A resource of any kind. Its fields are those of its inventory, with times in milliseconds since the
/// Unix epoch, and private ones, whose names begin with `_`.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The UUID.
    pub uuid: Uuid,
    /// The resource, such as `KVMHost`.
    pub kind: String,
    /// The resource that it extends, such as `Host`; the same as `kind` for most.
    pub base: String,
    /// The loaded revision.
    pub revision: i64,
    /// The fields. Copies share them until one of them changes.
    pub fields: Fields,
}

#[cfg(test)]
impl Document {
    /// Creates a document for tests of rules that ignore its kind.
    pub(crate) fn of_fields(fields: Value) -> Self {
        let Value::Object(fields) = fields else { panic!("{fields} is not an object") };
        let uuid = fields.get("uuid").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { uuid, kind: String::new(), base: String::new(), revision: 0, fields: fields.into() }
    }
}

/// A document is equal to another one with the same content; values are compared as JSON.
impl Eq for Document {}

impl Document {
    /// The text of a field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// The integer in a field.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<i64> {
        self.fields.get(field).and_then(Value::as_i64)
    }

    /// The texts of a field that is a list.
    pub fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        self.fields.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// The UUID of the account that owns it, if it belongs to one.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.text(OWNER)
    }

    /// True if all accounts may use it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.fields.get("_shared").and_then(Value::as_bool).unwrap_or(false)
    }

    /// True if an account may use it: that of all, its own, or one that is shared with it.
    #[must_use]
    pub fn may_be_used_by(&self, caller: &Caller) -> bool {
        let Some(owner) = self.owner() else { return true };
        caller.may_use(owner, self.is_shared())
            || self.texts(RECEIVERS).any(|account| account == caller.account_uuid)
    }

    /// Sets a field; null removes it.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        match value.into() {
            Value::Null if self.fields.contains_key(field) => {
                self.fields.to_mut().remove(field);
            }
            Value::Null => {}
            value => {
                self.fields.to_mut().insert(field.to_owned(), value);
            }
        }
    }

    /// Sets the time of the last change.
    pub fn touch(&mut self, now: Moment) {
        self.set("lastOpDate", now.millis());
    }
}

/// A reference that must not dangle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The field.
    pub field: String,
    /// The UUID of the other document.
    pub target: Uuid,
}

/// A document of an inventory, of which there may be very many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedDocument {
    /// The UUID.
    pub uuid: Uuid,
    /// The resource.
    pub kind: &'static str,
    /// The resource that it extends.
    pub base: &'static str,
    /// The resource in messages.
    pub label: &'static str,
    /// The fields, as JSON.
    pub body: String,
    /// The references, also to documents that are inserted later.
    pub links: Vec<Link>,
    /// The effect on a document with the same UUID.
    pub existing: Existing,
}

/// The effect of an inventory on a document that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The inventory is refused.
    Refuse,
    /// The document is replaced.
    Replace,
    /// The document stays as it is.
    Keep,
}

/// A document that refers to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The document.
    pub document: Document,
    /// The reference.
    pub link: Link,
}

/// An edit of documents. A document that was changed since it was loaded is a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentEdit {
    /// Inserts a document.
    Create {
        /// The document.
        document: Document,
        /// Its references.
        links: Vec<Link>,
    },
    /// Replaces the fields of a document.
    Replace {
        /// The document with the loaded revision.
        document: Document,
        /// Its references.
        links: Vec<Link>,
    },
    /// Deletes a document.
    Delete {
        /// The document with the loaded revision.
        document: Document,
    },
    /// Forgets a reference, whose field remains.
    Unlink {
        /// The UUID of the document that refers to another one.
        uuid: Uuid,
        /// The reference.
        link: Link,
    },
}

impl DocumentEdit {
    /// The resource of the document; `None` if only a reference changes.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        match self {
            Self::Create { document, .. } | Self::Replace { document, .. } | Self::Delete { document } => {
                Some(&document.base)
            }
            Self::Unlink { .. } => None,
        }
    }
}
