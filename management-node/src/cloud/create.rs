//! Creation of documents.

use serde_json::{Map, Value};

use super::access::Referenced;
use super::plan::{Plan, Plans};
use super::{Parameters, links};
use crate::model::{Caller, Document, DocumentEdit, Moment, OWNER, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::uuids;

/// What a new document is made of, apart from its parameters.
pub(crate) struct NewDocument<'a> {
    /// The UUID, unless a parameter gives one.
    pub(crate) uuid: Uuid,
    /// The account that will own it.
    pub(crate) caller: &'a Caller,
    /// The time of creation.
    pub(crate) now: Moment,
    /// Fields that the operation sets.
    pub(crate) set: &'a Map<String, Value>,
}

/// Creates a document of the defaults of its resource, the parameters with the names of fields, and
/// the fields that the operation sets. A reference that no parameter gives is that of a referenced
/// document: an L3 network is in the zone of its L2 network.
pub(crate) fn create(
    plans: &Plans,
    plan: &Plan,
    parameters: &Parameters,
    referenced: &[Referenced<'_>],
    new: NewDocument<'_>,
) -> Verdict<(Document, DocumentEdit)> {
    let resource = plan.resource;
    let uuid = match parameters.get("resourceUuid").and_then(Value::as_str) {
        Some(uuid) if !uuids::is_valid(uuid) => return Err(errors::invalid_resource_uuid(uuid)),
        Some(uuid) => uuid.to_owned(),
        None => new.uuid,
    };
    let mut document = Document {
        kind: resource.name.clone(),
        base: plans.catalog.base_of(&resource.name).to_owned(),
        revision: 0,
        fields: resource.defaults.clone(),
        uuid,
    };
    document.set("uuid", document.uuid.clone());
    for (parameter, field) in &plan.copy {
        if let Some(value) = parameters.get(parameter) {
            document.set(field, value.clone());
        }
    }
    for reference in &resource.references {
        if reference.is_list || document.fields.contains_key(&reference.field) {
            continue;
        }
        let mut values = referenced.iter().filter_map(|other| other.document?.fields.get(&reference.field));
        if let Some(value) = values.next() {
            document.set(&reference.field, value.clone());
        }
    }
    for (field, value) in new.set {
        document.set(field, value.clone());
    }
    if resource.is_owned {
        document.set(OWNER, new.caller.account_uuid.clone());
    }
    for (field, value) in [("createDate", new.now), ("lastOpDate", new.now)] {
        document.set(field, value.millis());
    }
    let links = links(resource, &document);
    Ok((document.clone(), DocumentEdit::Create { document, links }))
}
