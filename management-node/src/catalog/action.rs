//! Actions: the effects of operations on documents.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// An operation that the node performs.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// The resource that it works on.
    pub resource: String,
    /// The effect.
    pub effect: Effect,
    /// Fields of the document, with the values that each may have.
    pub when: Vec<(String, Vec<String>)>,
    /// The parameters that create or change fields: those with the names of fields and fitting types, and
    /// the copied ones of the effect.
    pub assignments: Vec<Assignment>,
    /// True if normal accounts may call it, rather than only administrators.
    pub is_normal: bool,
    /// The origin of the effect.
    pub layer: Layer,
}

/// A parameter whose value becomes that of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The parameter.
    pub parameter: String,
    /// The field.
    pub field: String,
    /// The conversion of its value to that of the field.
    pub conversion: Conversion,
}

/// The value of a field that follows from that of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// The same value.
    Same,
    /// The value of the JSON text in the parameter.
    FromJson,
    /// The value as a JSON text.
    ToJson,
    /// The state after an event, by event.
    State(BTreeMap<String, String>),
    /// A record for each value, which has it in this field.
    Records(String),
}

/// The origin of the effect of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// A function in Rust.
    Written,
    /// A resource file.
    Declared,
    /// The conventions.
    Derived,
    /// The operation is not performed.
    None,
}

impl Layer {
    /// The word in tables: `written`, `declared`, `derived` or `none`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Declared => "declared",
            Self::Derived => "derived",
            Self::None => "none",
        }
    }
}

/// The usual events, with the states after them.
pub(super) const EVENTS: [(&str, &str); 2] = [("enable", "Enabled"), ("disable", "Disabled")];

/// The states that follow an event, by the present state; `*` means any other state.
pub type Transitions = BTreeMap<String, String>;

/// Documents whose states follow the events of the one to which they refer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedStates {
    /// The resource of the documents.
    pub resource: String,
    /// Their reference to the document whose state changes.
    pub reference: String,
    /// The transitions of each event. A present state without a transition stays.
    pub events: BTreeMap<String, Transitions>,
}

/// The effect of an operation. A `key` is the parameter with the UUID of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Creates a document of the defaults, the parameters with the names of fields, and these values.
    Create {
        /// Values of fields. They override parameters.
        set: Map<String, Value>,
        /// Parameters with the fields that receive their values; `refs.hostUuid` means records with the
        /// field `hostUuid` in the list `refs`.
        copy: Vec<(String, String)>,
    },
    /// Returns the documents that meet conditions.
    Query,
    /// Returns one document.
    Get {
        /// The parameter with the UUID.
        key: String,
    },
    /// Changes a document: the fields with the names of parameters that are present, and these values.
    Update {
        /// The parameter with the UUID.
        key: String,
        /// Values of fields; null removes a field.
        set: Map<String, Value>,
        /// Parameters with the fields that receive their values; `refs.hostUuid` means records with the
        /// field `hostUuid` in the list `refs`.
        copy: Vec<(String, String)>,
    },
    /// Deletes a document.
    Delete {
        /// The parameter with the UUID.
        key: String,
        /// True if the deletion of a missing document succeeds.
        missing_is_success: bool,
    },
    /// Changes the state of a document by an event.
    ChangeState {
        /// The parameter with the UUID.
        key: String,
        /// The parameter with the event.
        parameter: String,
        /// The field with the state.
        field: String,
        /// The transitions of each event. A present state without a transition refuses the event.
        events: BTreeMap<String, Transitions>,
        /// The documents that follow.
        related: Vec<RelatedStates>,
    },
    /// Adds the value of a parameter, or each item of its list, to a field that is a list.
    Add {
        /// The parameter with the UUID.
        key: String,
        /// The field.
        field: String,
        /// The parameter with the value.
        parameter: String,
    },
    /// Removes the value of a parameter, or each item of its list, from a field that is a list.
    Remove {
        /// The parameter with the UUID.
        key: String,
        /// The field.
        field: String,
        /// The parameter with the value.
        parameter: String,
    },
    /// Replaces or deletes the system tag of a document.
    Tag {
        /// The parameter with the UUID.
        key: String,
        /// The name of the tag.
        name: String,
        /// The value, with parameters in braces; nothing to delete the tag.
        value: Option<String>,
        /// The values of parameters that a request omits.
        defaults: Map<String, Value>,
    },
    /// Returns the value of the system tag of a document.
    GetTag {
        /// The parameter with the UUID.
        key: String,
        /// The name of the tag.
        name: String,
        /// The field of the response.
        field: String,
    },
    /// Changes nothing; the response has these fields.
    Answer {
        /// The parameter with the UUID of a document that must exist, if there is one.
        key: Option<String>,
        /// The fields of the response.
        fields: Map<String, Value>,
    },
    /// A function in Rust with the name of the operation.
    Written,
}

impl Effect {
    /// True if it changes nothing.
    #[must_use]
    pub const fn is_read(&self) -> bool {
        matches!(self, Self::Query | Self::Get { .. } | Self::GetTag { .. } | Self::Answer { .. })
    }

    /// The parameter with the UUID of the document, if the operation works on an existing one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Get { key }
            | Self::Update { key, .. }
            | Self::Delete { key, .. }
            | Self::ChangeState { key, .. }
            | Self::Add { key, .. }
            | Self::Remove { key, .. }
            | Self::Tag { key, .. }
            | Self::GetTag { key, .. } => Some(key),
            Self::Answer { key, .. } => key.as_deref(),
            Self::Create { .. } | Self::Query | Self::Written => None,
        }
    }
}
