//! Operations on documents that no resource file can describe: one function each.
//!
//! A function reads what it needs through its [`Context`], and returns the edits and the answer. That
//! the referenced documents exist and that the caller may use them has been checked.

mod hosts;
mod identity;
mod management;
mod networks;
mod nics;
mod routers;
mod storages;
mod vm_instances;

use std::collections::HashMap;

use serde_json::{Map, Value};
use zstack_runtime::Timestamp;
use zstack_server::{Call, Credentials};

use super::keyed_locks::KeyedGuard;
use super::{Failure, Node};
use crate::cloud::plan::{Plan, Plans, Written};
use crate::cloud::{self, NewDocument, Parameters, texts};
use crate::model::{Caller, Document, DocumentEdit, Edit, Guard, Moment, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::rules::texts::{check_line, check_paragraph};
use crate::store::Store;
use crate::uuids;

/// The facts of an operation.
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

/// The changes and the answer of an operation.
#[derive(Default)]
pub(super) struct Done {
    /// The edits, in order.
    pub(super) edits: Vec<DocumentEdit>,
    /// Edits of sessions, after the others.
    pub(super) records: Vec<Edit>,
    /// Conditions of the commit.
    pub(super) guards: Vec<Guard>,
    /// Locks that are held until the commit is done.
    pub(super) locks: Vec<KeyedGuard>,
    pub(super) answer: Answer,
}

/// The answer of an operation.
#[derive(Clone, Default)]
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

impl Answer {
    /// The documents whose inventories it has.
    pub(super) fn documents_mut(&mut self) -> &mut [Document] {
        match self {
            Self::Document(document) => std::slice::from_mut(document),
            Self::Documents(documents) => documents,
            Self::Empty | Self::Fields(_) => &mut [],
        }
    }
}

impl Done {
    /// Nothing changes; the response has these fields.
    pub(super) fn with_fields<const N: usize>(fields: [(&str, Value); N]) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { answer: Answer::Fields(fields), ..Self::default() }
    }

    /// A document was created or changed by these edits.
    pub(super) fn with_document(document: Document, edits: Vec<DocumentEdit>) -> Self {
        Self { edits, answer: Answer::Document(document), ..Self::default() }
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

    /// The document of the parameters, of the fields of documents to which they refer, and of the
    /// defaults of its resource.
    pub(super) fn draft(&self) -> Result<Document, Failure> {
        let referenced = cloud::find_references(self.plan, self.parameters, self.documents);
        let set = &Map::new();
        let new = NewDocument { uuid: uuids::random(), caller: &self.caller, now: self.now, set };
        let mut document = cloud::create(self.plans, self.plan, self.parameters, &referenced, new)?.0;
        // No convention finds the fields of an operation that builds a document from another one.
        for field in ["name", "description"] {
            if let Some(text) = self.text(field) {
                document.set(field, text);
            }
        }
        Ok(document)
    }

    /// Finishes the creation of a document, with the tags that the request gives it.
    pub(super) fn create(&self, document: Document) -> Done {
        let mut edits = vec![self.insert(&document)];
        edits.extend(self.new_tags(&document));
        Done::with_document(document, edits)
    }

    /// The tags that the request gives to a new document.
    pub(super) fn new_tags(&self, document: &Document) -> Vec<DocumentEdit> {
        let patterns = texts(self.parameters.get("tagUuids")).filter_map(|uuid| self.documents.get(uuid));
        let resource_type = format!("{}VO", document.base);
        cloud::new_tags(self.call.tags(), patterns, &document.uuid, &resource_type, self.now)
    }

    /// Inserts a document without tags.
    pub(super) fn insert(&self, document: &Document) -> DocumentEdit {
        DocumentEdit::Create { document: document.clone(), links: cloud::links_of(self.plans, document) }
    }

    /// Finishes a change of a document, which is the answer.
    pub(super) fn finish_change(&self, mut document: Document) -> Done {
        document.touch(self.now);
        Done::with_document(document.clone(), vec![self.replace(document)])
    }

    /// Fails the commit if a document has changed since it was loaded. It gets a new revision, so that
    /// others notice this operation.
    pub(super) fn guard(&self, document: &Document) -> DocumentEdit {
        cloud::replace(self.plans, document.clone())
    }

    /// Loads a document.
    pub(super) async fn load(&self, uuid: &str) -> Result<Option<Document>, Failure> {
        if let Some(document) = self.documents.get(uuid) {
            return Ok(Some(document.clone()));
        }
        Ok(self.node.store.documents(&[uuid.to_owned()]).await?.pop())
    }

    /// The documents that refer to another one in a field.
    pub(super) async fn holders(&self, target: &str, field: &str) -> Result<Vec<Document>, Failure> {
        let holders = self.node.store.holders(&[target.to_owned()]).await?;
        let of_field = holders.into_iter().filter(|holder| holder.link.field == field);
        Ok(of_field.map(|holder| holder.document).collect())
    }

    /// The UUID of the session of the caller, unless the request is signed.
    pub(super) fn session(&self) -> Option<&str> {
        match self.call.credentials() {
            Credentials::Session(uuid) => Some(uuid),
            _ => None,
        }
    }

    /// The UUID of the user whose session the caller has, unless the account itself logged in.
    pub(super) async fn user(&self) -> Result<Option<Uuid>, Failure> {
        let identified = self.node.identify(self.call.credentials()).await?;
        Ok(identified.map(|(_, user)| user).unwrap_or_default())
    }

    /// A time as inventories write it.
    pub(super) fn time(&self, moment: Moment) -> String {
        Timestamp::from_instant(moment.instant(), &self.node.zone).to_string()
    }

    /// The flag in a parameter; false if it is absent.
    pub(super) fn flag(&self, parameter: &str) -> bool {
        self.parameters.get(parameter).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The documents to which the UUIDs in a parameter refer.
    pub(super) fn targets(&self, parameter: &str) -> Vec<Document> {
        let uuids = cloud::texts(self.parameters.get(parameter));
        uuids.filter_map(|uuid| self.documents.get(uuid).cloned()).collect()
    }

    /// The system tags of a document with this name.
    async fn tags(&self, document: &Document, name: &str) -> Result<Vec<Document>, Failure> {
        let mut tags = self.holders(&document.uuid, "resourceUuid").await?;
        tags.retain(|tag| {
            tag.kind == "SystemTag" && split_tag(tag).is_some_and(|(present, _)| present == name)
        });
        Ok(tags)
    }

    /// The value of the system tag of a document with this name.
    pub(super) async fn tag(&self, document: &Document, name: &str) -> Result<Option<String>, Failure> {
        let tags = self.tags(document, name).await?;
        Ok(tags.first().and_then(split_tag).map(|(_, value)| value.to_owned()))
    }

    /// Replaces the system tag of a document with this name by another value, or deletes it.
    pub(super) async fn set_tag(
        &self,
        document: &Document,
        name: &str,
        value: Option<&str>,
    ) -> Result<Vec<DocumentEdit>, Failure> {
        let old = self.tags(document, name).await?.into_iter();
        let mut edits: Vec<_> = old.map(|document| DocumentEdit::Delete { document }).collect();
        if let Some(value) = value {
            let tag = format!("{name}::{value}");
            let resource_type = format!("{}VO", document.base);
            let tag = cloud::new_tag("SystemTag", "System", &tag, &document.uuid, &resource_type, self.now);
            edits.push(tag);
        }
        Ok(edits)
    }

    /// Finishes a change of a document.
    pub(super) fn replace(&self, mut document: Document) -> DocumentEdit {
        document.touch(self.now);
        cloud::replace(self.plans, document)
    }

    /// The document to which a parameter refers; `label` is the name of its resource in messages.
    pub(super) fn target_of(&self, parameter: &str, label: &str) -> Result<Document, Failure> {
        let uuid = self.text(parameter).unwrap_or_default();
        let found = self.documents.get(uuid).cloned();
        found.ok_or_else(|| errors::not_found(parameter, label, uuid).into())
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

/// The name and the value of a system tag.
fn split_tag(tag: &Document) -> Option<(&str, &str)> {
    tag.text("tag")?.split_once("::")
}

/// The operations that functions in this module perform.
pub(super) fn operations() -> Vec<Written> {
    [
        hosts::OPERATIONS,
        networks::OPERATIONS,
        nics::OPERATIONS,
        routers::OPERATIONS,
        storages::OPERATIONS,
        identity::OPERATIONS,
        management::OPERATIONS,
        vm_instances::OPERATIONS,
    ]
    .concat()
}

/// Operations whose name and description are checked first.
const WITH_TEXTS: [&str; 2] = ["CreateVmCdRom", "UpdateVmCdRom"];

/// Checks the texts of a request, and the UUID that it gives to a new document.
pub(super) fn check_texts(plan: &Plan, parameters: &Parameters) -> Verdict<()> {
    if !WITH_TEXTS.contains(&plan.operation.name) {
        return Ok(());
    }
    let text = |parameter: &str| parameters.get(parameter).and_then(Value::as_str);
    if let Some(uuid) = text("resourceUuid").filter(|uuid| !uuids::is_valid(uuid)) {
        return Err(errors::invalid_resource_uuid(uuid));
    }
    check_line("name", text("name"))?;
    check_paragraph("description", text("description"))
}

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let name = context.plan.operation.name;
    let is_of = |operations: &[Written]| operations.iter().any(|written| written.operation == name);
    if is_of(hosts::OPERATIONS) {
        hosts::perform(context).await
    } else if is_of(networks::OPERATIONS) {
        networks::perform(context).await
    } else if is_of(nics::OPERATIONS) {
        nics::perform(context).await
    } else if is_of(routers::OPERATIONS) {
        routers::perform(context).await
    } else if is_of(storages::OPERATIONS) {
        storages::perform(context).await
    } else if is_of(identity::OPERATIONS) {
        identity::perform(context).await
    } else if is_of(management::OPERATIONS) {
        management::perform(context).await
    } else {
        vm_instances::perform(context).await
    }
}

/// The error of an operation in a list without a function.
fn missing<S>(context: &Context<'_, S>) -> Failure {
    errors::internal(format!("{} has no function.", context.plan.operation.name)).into()
}
