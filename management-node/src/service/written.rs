//! Operations on documents that no resource file can describe: one function each.
//!
//! A function reads what it needs through its [`Context`], and returns the edits and the answer. That
//! the referenced documents exist and that the caller may use them has been checked.

mod identity;
mod networks;
mod storages;
mod vm_instances;

use std::collections::HashMap;

use serde_json::{Map, Value};
use zstack_server::Call;

use super::{Failure, Node};
use crate::cloud::plan::{Plan, Plans, Written};
use crate::cloud::{self, Parameters};
use crate::model::{Caller, Document, DocumentEdit, Edit, Moment, Uuid};
use crate::rules::errors;
use crate::store::Store;

/// What an operation reads.
pub(super) struct Context<'a, S> {
    pub(super) node: &'a Node<S>,
    pub(super) plans: &'a Plans,
    pub(super) plan: &'a Plan,
    pub(super) call: &'a Call,
    /// The parameters that the request gives.
    pub(super) parameters: &'a Parameters,
    pub(super) caller: Caller,
    /// The documents to which parameters refer, by UUID.
    pub(super) documents: &'a HashMap<Uuid, Document>,
    pub(super) now: Moment,
}

/// What an operation does.
#[derive(Default)]
pub(super) struct Done {
    /// The edits, in order.
    pub(super) edits: Vec<DocumentEdit>,
    /// Edits of records that the older rules know, after the others.
    pub(super) records: Vec<Edit>,
    pub(super) answer: Answer,
}

/// What an operation answers.
#[derive(Default)]
pub(super) enum Answer {
    #[default]
    Empty,
    /// The inventory of a document, as it is after the edits.
    Document(Document),
    /// The inventories of documents, as they are after the edits.
    Documents(Vec<Document>),
    /// The fields of the response.
    Fields(Map<String, Value>),
}

impl Done {
    /// A document was created or changed by these edits.
    pub(super) fn changed(document: Document, edits: Vec<DocumentEdit>) -> Self {
        Self { edits, records: Vec::new(), answer: Answer::Document(document) }
    }
}

impl<S: Store> Context<'_, S> {
    /// The text of a parameter.
    pub(super) fn text(&self, parameter: &str) -> Option<&str> {
        self.parameters.get(parameter).and_then(Value::as_str)
    }

    /// Creates a document with these fields, and the defaults of its resource for others. The caller
    /// owns it, if its resource is owned.
    pub(super) fn new_document(
        &self,
        resource: &str,
        fields: Map<String, Value>,
    ) -> Result<(Document, DocumentEdit), Failure> {
        let found = self.plans.catalog.resource(resource);
        let resource = found.ok_or_else(|| errors::internal(format!("There is no resource {resource}.")))?;
        let owner = resource.is_owned.then_some(self.caller.account_uuid.as_str());
        Ok(cloud::new_document(self.plans, resource, fields, owner, self.now))
    }

    /// Finishes a change of a document.
    pub(super) fn replace(&self, mut document: Document) -> DocumentEdit {
        document.touch(self.now);
        let resource = self.plans.catalog.resource(&document.kind);
        let links = resource.map(|resource| cloud::links(resource, &document)).unwrap_or_default();
        DocumentEdit::Replace { document, links }
    }

    /// The document to which a parameter refers.
    pub(super) fn target(&self, parameter: &str) -> Result<Document, Failure> {
        let uuid = self.text(parameter).unwrap_or_default();
        let reference = self.plan.references.iter().find(|reference| reference.parameter == parameter);
        let resource = reference.and_then(|reference| reference.resource);
        // A document that may be missing has not been checked.
        let is_expected =
            |document: &&Document| resource.is_none_or(|resource| cloud::is_a(resource, document));
        let found = self.documents.get(uuid).filter(is_expected).cloned();
        let label = &self.plan.resource.label;
        found.ok_or_else(|| errors::not_found(parameter, label, uuid).into())
    }
}

/// The operations that functions in this module perform.
pub(super) fn operations() -> Vec<Written> {
    [networks::OPERATIONS, storages::OPERATIONS, identity::OPERATIONS, vm_instances::OPERATIONS].concat()
}

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let name = context.plan.operation.name;
    let is_of = |operations: &[Written]| operations.iter().any(|written| written.operation == name);
    if is_of(networks::OPERATIONS) {
        networks::perform(context).await
    } else if is_of(storages::OPERATIONS) {
        storages::perform(context).await
    } else if is_of(identity::OPERATIONS) {
        identity::perform(context).await
    } else {
        vm_instances::perform(context).await
    }
}

/// The error of an operation in a list without a function.
fn missing<S>(context: &Context<'_, S>) -> Failure {
    errors::internal(format!("{} has no function.", context.plan.operation.name)).into()
}
