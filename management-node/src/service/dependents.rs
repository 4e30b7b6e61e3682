//! The documents that depend on records which older rules delete, such as tags, snapshots and security
//! groups of an expunged VM instance: these rules know only the records.

use std::collections::HashSet;

use super::{Failure, Node, built_in_operations};
use crate::cloud::{self, Cascade, guests};
use crate::model::{Changes, DocumentEdit, Edit, Entity, Uuid};
use crate::rules::errors;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Adds the edits of documents that depend on deleted records, before the others.
    pub(super) async fn with_dependents(&self, changes: Changes) -> Result<Changes, Failure> {
        let deleted: Vec<&Entity> = changes.edits.iter().filter_map(deleted_entity).collect();
        if deleted.is_empty() {
            return Ok(changes);
        }
        // A cascade expects those first that are deleted last.
        let uuids: Vec<Uuid> = deleted.iter().rev().map(|entity| entity.uuid().to_owned()).collect();
        let nics: Vec<Uuid> = deleted.iter().filter_map(|entity| nic_of(entity)).collect();
        let plans = &built_in_operations().map_err(|error| errors::internal(error.to_string()))?.plans;
        let documents = self.store.documents(&uuids).await?;
        let resource = documents.first().and_then(|document| plans.catalog.resource(&document.kind));
        let mut edits = Vec::new();
        if let Some(resource) = resource {
            let mut cascade = Cascade::new(documents);
            while !cascade.targets.is_empty() {
                let holders = self.store.holders(&cascade.targets).await?;
                cascade.add(plans, holders);
            }
            edits = cloud::cascade(plans, resource, cascade, self.clock.now())?;
        }
        // The rule knows these itself.
        let known: HashSet<&str> = changes.edits.iter().filter_map(changed_uuid).collect();
        edits.retain(|edit| document(edit).is_none_or(|uuid| !known.contains(uuid)));
        let mut leading = self.store.holders(&nics).await?;
        leading.retain(|holder| {
            guests::LEADING.contains(&holder.document.base.as_str())
                && !known.contains(holder.document.uuid.as_str())
                && edits.iter().all(|edit| document(edit) != Some(&holder.document.uuid))
        });
        leading.dedup_by(|a, b| a.document.uuid == b.document.uuid);
        for holder in leading {
            let mut document = holder.document;
            for field in ["vmNicUuid", "guestIp"] {
                document.set(field, serde_json::Value::Null);
            }
            document.touch(self.clock.now());
            let resource = plans.catalog.resource(&document.kind);
            let links = resource.map(|resource| cloud::links(resource, &document)).unwrap_or_default();
            edits.push(DocumentEdit::Replace { document, links });
        }
        let edits = edits.into_iter().map(|edit| Edit::Document(Box::new(edit)));
        Ok(Changes { guards: changes.guards, edits: edits.chain(changes.edits).collect() })
    }
}

fn deleted_entity(edit: &Edit) -> Option<&Entity> {
    match edit {
        Edit::Delete(entity) => Some(entity),
        _ => None,
    }
}

/// The UUID of the record or document that an edit changes.
fn changed_uuid(edit: &Edit) -> Option<&str> {
    match edit {
        Edit::Create(entity) | Edit::Update(entity) | Edit::Delete(entity) => Some(entity.uuid()),
        Edit::Document(edit) => document(edit),
        _ => None,
    }
}

/// The UUID of the document that an edit replaces or deletes.
fn document(edit: &DocumentEdit) -> Option<&str> {
    match edit {
        DocumentEdit::Create { document, .. }
        | DocumentEdit::Replace { document, .. }
        | DocumentEdit::Delete { document } => Some(&document.uuid),
        DocumentEdit::Unlink { .. } => None,
    }
}

/// The NIC of a deleted address.
fn nic_of(entity: &Entity) -> Option<Uuid> {
    match entity {
        Entity::UsedIp(ip) => Some(ip.vm_nic_uuid.clone()),
        _ => None,
    }
}
