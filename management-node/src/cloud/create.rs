//! Creation of documents.

use serde_json::{Map, Value};

use super::access::Referenced;
use super::plan::{Plan, Plans};
use super::{Parameters, field_values, links};
use crate::catalog::{Fill, Resource};
use crate::model::{Caller, Document, DocumentEdit, Moment, OWNER, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::uuids;

/// The parts of a new document that its parameters do not give.
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

/// Copies fields of referenced documents that the document itself lacks, as its resource declares: an L3
/// network is in the zone of its L2 network.
pub(crate) fn fill<'a>(
    resource: &Resource,
    document: &mut Document,
    find: impl Fn(&str) -> Option<&'a Document>,
) {
    for Fill { field, reference, source } in &resource.fills {
        if document.fields.contains_key(field) {
            continue;
        }
        let target = document.text(reference).and_then(&find);
        if let Some(value) = target.and_then(|target| target.fields.get(source)) {
            document.set(field, value.clone());
        }
    }
}

/// A document with the defaults of its resource.
fn with_defaults(plans: &Plans, resource: &Resource, uuid: Uuid) -> Document {
    let mut document = Document {
        kind: resource.name.clone(),
        base: plans.base_of(&resource.name).to_owned(),
        revision: 0,
        fields: resource.defaults.clone().into(),
        uuid,
    };
    document.set("uuid", document.uuid.clone());
    document
}

/// Sets the owner and the times of a new document, and inserts it.
fn finish(
    resource: &Resource,
    mut document: Document,
    owner: Option<&str>,
    now: Moment,
) -> (Document, DocumentEdit) {
    if let Some(owner) = owner {
        document.set(OWNER, owner);
    }
    for field in ["createDate", "lastOpDate"] {
        document.set(field, now.millis());
    }
    let links = links(resource, &document);
    (document.clone(), DocumentEdit::Create { document, links })
}

/// Creates a document of these fields, and the defaults of its resource for others. A field `uuid`
/// gives its UUID.
pub(crate) fn new_document(
    plans: &Plans,
    resource: &Resource,
    fields: Map<String, Value>,
    owner: Option<&str>,
    now: Moment,
) -> (Document, DocumentEdit) {
    let uuid = fields.get("uuid").and_then(Value::as_str).map_or_else(uuids::random, str::to_owned);
    let mut document = with_defaults(plans, resource, uuid);
    for (field, value) in fields {
        document.set(&field, value);
    }
    finish(resource, document, owner, now)
}

/// Creates a document of the defaults of its resource, the parameters with the names of fields, and
/// the fields that the operation sets.
pub(crate) fn create(
    plans: &Plans,
    plan: &Plan,
    parameters: &Parameters,
    referenced: &[Referenced<'_>],
    new: NewDocument<'_>,
) -> Verdict<(Document, DocumentEdit)> {
    let resource = plan.resource;
    // The resource of a tag is not the tag.
    let is_field = plan.action.assignments.iter().any(|assignment| assignment.parameter == "resourceUuid");
    let requested = parameters.get("resourceUuid").filter(|_| !is_field);
    let uuid = match requested.and_then(Value::as_str) {
        Some(uuid) if !uuids::is_valid(uuid) => return Err(errors::invalid_resource_uuid(uuid)),
        Some(uuid) => uuid.to_owned(),
        None => new.uuid,
    };
    let mut document = with_defaults(plans, resource, uuid);
    for value in field_values(&plan.action, parameters) {
        let (field, value) = value?;
        document.set(field, value);
    }
    for (field, value) in new.set {
        document.set(field, value.clone());
    }
    fill(resource, &mut document, |uuid| {
        referenced.iter().find(|other| other.uuid == uuid).and_then(|other| other.document)
    });
    let owner = resource.is_owned.then_some(new.caller.account_uuid.as_str());
    Ok(finish(resource, document, owner, new.now))
}
