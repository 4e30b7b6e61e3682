//! Deletion of a document, with those that depend on it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::links::{PRIVATE_LINKS, RECORD_LISTS, replace};
use super::plan::Plans;
use crate::catalog::{OnDelete, Resource};
use crate::model::{Document, DocumentEdit, Holder, Moment, OWNER, Uuid};
use crate::rules::errors::{self, Verdict};

/// The deletion of a document, as it is known so far. Documents refer to it directly or indirectly, so
/// that several steps are needed: [`Cascade::targets`] are those whose holders are not known yet.
#[derive(Debug)]
pub(crate) struct Cascade {
    /// The deleted documents, in the order in which they were found.
    deleted: Vec<Document>,
    uuids: BTreeSet<Uuid>,
    /// The documents that refer to deleted ones, and are mostly deleted themselves.
    holders: Vec<Holder>,
    /// The UUIDs whose holders are to be loaded.
    pub(crate) targets: Vec<Uuid>,
}

impl Cascade {
    /// Begins with documents.
    pub(crate) fn new(documents: Vec<Document>) -> Self {
        let targets: Vec<_> = documents.iter().map(|document| document.uuid.clone()).collect();
        let uuids = targets.iter().cloned().collect();
        Self { deleted: documents, uuids, holders: Vec::new(), targets }
    }

    /// Adds the documents that refer to the targets.
    pub(crate) fn add(&mut self, plans: &Plans, holders: Vec<Holder>) {
        self.targets.clear();
        for holder in holders {
            let Holder { document, link } = &holder;
            let resource = plans.catalog.resource(&document.kind);
            let is_deleted = effect(resource, document, &link.field) == OnDelete::Delete;
            if is_deleted && self.uuids.insert(document.uuid.clone()) {
                self.targets.push(document.uuid.clone());
                self.deleted.push(document.clone());
            }
            self.holders.push(holder);
        }
    }
}

/// The effect on a document when the target of one of its references is deleted.
fn effect(resource: Option<&Resource>, document: &Document, field: &str) -> OnDelete {
    match (document.base.as_str(), field) {
        // What an account owns goes with it.
        (_, OWNER) => OnDelete::Delete,
        // A root volume goes with its VM instance; a data volume is detached from it.
        ("Volume", "vmInstanceUuid") if document.text("type") == Some("Root") => OnDelete::Delete,
        ("Volume", "vmInstanceUuid") => OnDelete::Clear,
        // A load balancer with two VIPs loses only one of them.
        ("LoadBalancer", "vipUuid") if document.text("ipv6VipUuid").is_some() => OnDelete::Clear,
        ("LoadBalancer", "ipv6VipUuid") if document.text("vipUuid").is_none() => OnDelete::Delete,
        (_, field) if PRIVATE_LINKS.contains(&field) => OnDelete::Delete,
        ("ImageCache", _) => OnDelete::Delete,
        (_, field) if RECORD_LISTS.iter().any(|(list, _)| *list == field) => OnDelete::Clear,
        _ => {
            let reference = resource.and_then(|resource| resource.reference(field));
            reference.map_or(OnDelete::Keep, |reference| reference.on_delete)
        }
    }
}

/// Finishes a deletion: the edits, children first, or the error of a document that forbids it.
pub(crate) fn cascade(
    plans: &Plans,
    resource: &Resource,
    cascade: Cascade,
    now: Moment,
) -> Verdict<Vec<DocumentEdit>> {
    let Cascade { deleted, uuids, holders, .. } = cascade;
    let mut edits = Vec::new();
    let mut changed: BTreeMap<Uuid, Document> = BTreeMap::new();
    let order: BTreeMap<_, _> = deleted
        .iter()
        .map(|document| &document.uuid)
        .zip(0_usize..)
        .map(|(uuid, at)| (uuid.clone(), at))
        .collect();
    for Holder { document, link } in holders {
        if uuids.contains(&document.uuid) {
            // The later one is deleted first.
            if order.get(&document.uuid) < order.get(&link.target) {
                edits.push(DocumentEdit::Unlink { uuid: document.uuid, link });
            }
            continue;
        }
        let holder = plans.catalog.resource(&document.kind);
        match effect(holder, &document, &link.field) {
            OnDelete::Forbid => {
                let label = holder.map_or(document.kind.as_str(), |holder| &holder.label);
                let uuid = deleted.first().map_or("", |document| &document.uuid);
                return Err(errors::deletion_forbidden(&resource.label, uuid, label, &document));
            }
            OnDelete::Clear => {
                let document = changed.entry(document.uuid.clone()).or_insert(document);
                clear(document, &link.field, &link.target);
                document.touch(now);
            }
            OnDelete::Keep | OnDelete::Delete => {
                edits.push(DocumentEdit::Unlink { uuid: document.uuid, link });
            }
        }
    }
    for (_, document) in changed {
        edits.push(replace(plans, document));
    }
    // A document was mostly found after those to which it refers.
    edits.extend(deleted.into_iter().rev().map(|document| DocumentEdit::Delete { document }));
    Ok(edits)
}

/// Removes a reference from a field.
fn clear(document: &mut Document, field: &str, target: &str) {
    let Some(value) = document.fields.to_mut().get_mut(field) else { return };
    match value {
        Value::Array(items) => items.retain(|item| {
            let mut keys = RECORD_LISTS.iter().filter(|(list, _)| *list == field).map(|(_, key)| *key);
            let is_reference = |value: Option<&Value>| value.and_then(Value::as_str) == Some(target);
            !is_reference(Some(item)) && !keys.any(|key| is_reference(item.get(key)))
        }),
        _ => drop(document.fields.to_mut().remove(field)),
    }
    match (document.base.as_str(), field) {
        ("Volume", "vmInstanceUuid") => {
            document.set("lastVmInstanceUuid", target);
            document.set("deviceId", Value::Null);
        }
        ("Eip" | "PortForwardingRule", "vmNicUuid") => document.set("guestIp", Value::Null),
        // A VM instance stops with its host.
        ("VmInstance", "hostUuid") => {
            document.set("lastHostUuid", target);
            document.set("state", "Stopped");
        }
        _ => {}
    }
}
