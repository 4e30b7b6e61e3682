//! The inventories of documents, with those of their parts.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use zstack_dynamic::Dynamic;

use super::{Failure, Node};
use crate::cloud::plan::Plans;
use crate::cloud::{self, snapshots};
use crate::model::{Document, DocumentEdit, Uuid};
use crate::store::Store;

/// A relation from parts to their whole: the resource of the parts, and their field with the UUID of the whole.
type Key<'a> = (&'a str, &'a str);

/// The key of the snapshots of a tree.
const OF_TREE: Key<'static> = ("VolumeSnapshot", "treeUuid");

impl<S: Store> Node<S> {
    /// Converts documents to inventories in JSON.
    pub(super) async fn inventories_of(
        &self,
        plans: &Plans,
        documents: Vec<Document>,
        edits: &[DocumentEdit],
    ) -> Result<Vec<Value>, Failure> {
        let records = self.records_of(plans, documents, edits).await?;
        Ok(records.into_iter().map(|record| Value::Object(record.into_fields())).collect())
    }

    /// Converts documents to inventories. The documents that are part of them are those after the edits.
    pub(super) async fn records_of(
        &self,
        plans: &Plans,
        mut documents: Vec<Document>,
        edits: &[DocumentEdit],
    ) -> Result<Vec<Dynamic>, Failure> {
        self.set_capacities(&mut documents).await?;
        let mut parts = self.parts_of(plans, &documents, edits).await?;
        let mut records = Vec::with_capacity(documents.len());
        for mut document in documents {
            let resource = plans.catalog.resource(&document.kind);
            let relations: Vec<_> = resource.into_iter().flat_map(cloud::embedded_relations).collect();
            let mut embedded = Vec::with_capacity(relations.len());
            for (index, relation) in relations.iter().enumerate() {
                let Some(value) = document.text(&relation.field) else { continue };
                let key = (relation.resource.as_str(), relation.foreign_field.as_str());
                let has_key =
                    |other: &&cloud::Relation| (other.resource.as_str(), other.foreign_field.as_str()) == key;
                let is_reused = relations.get(index + 1..).into_iter().flatten().any(has_key);
                let at = (key, value.to_owned());
                let found = if is_reused { parts.get(&at).cloned() } else { parts.remove(&at) };
                embedded.push((relation.name.as_str(), found.unwrap_or_default()));
            }
            if document.kind == snapshots::TREE {
                let nodes = parts.remove(&(OF_TREE, document.uuid.clone())).unwrap_or_default();
                let nodes: Vec<_> = nodes.into_iter().map(|node| Value::Object(node.into_fields())).collect();
                document.set("tree", snapshots::nest(&nodes, None).pop());
            }
            let shape = plans.shape(resource.map_or("", |resource| &resource.inventory));
            records.push(cloud::to_inventory(&document, shape, &self.zone, embedded)?);
        }
        Ok(records)
    }

    /// Loads the parts of all documents together, such as the NICs of VM instances.
    async fn parts_of<'p>(
        &self,
        plans: &'p Plans,
        documents: &[Document],
        edits: &[DocumentEdit],
    ) -> Result<HashMap<(Key<'p>, Uuid), Vec<Dynamic>>, Failure> {
        let kinds: BTreeSet<_> = documents.iter().map(|document| document.kind.as_str()).collect();
        let resources = kinds.iter().filter_map(|kind| plans.catalog.resource(kind));
        let relations = resources.flat_map(cloud::embedded_relations);
        let mut keys: BTreeSet<Key<'p>> =
            relations.map(|relation| (relation.resource.as_str(), relation.foreign_field.as_str())).collect();
        if kinds.contains(snapshots::TREE) {
            keys.insert(OF_TREE);
        }
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        if keys.is_empty() {
            return Ok(found);
        }
        let uuids: Vec<_> = documents.iter().map(|document| document.uuid.clone()).collect();
        let holders = self.store.holders(&uuids).await?;
        let mut parts: Vec<_> = holders.into_iter().map(|holder| holder.document).collect();
        apply(&mut parts, edits);
        let keys_of = |part: &Document| {
            let of_part = |(resource, field): &&Key<'p>| {
                part.text(field).is_some() && plans.catalog.is_a(&part.kind, resource)
            };
            let keys = keys.iter().filter(of_part);
            keys.map(|key| (*key, part.text(key.1).unwrap_or_default().to_owned())).collect::<Vec<_>>()
        };
        let keys_of_parts: Vec<_> = parts.iter().map(keys_of).collect();
        let mut has_key = keys_of_parts.iter().map(|keys| !keys.is_empty());
        parts.retain(|_| has_key.next().unwrap_or(false));
        let hypervisor =
            |document: &Document| Some((document.uuid.clone(), document.text("hypervisorType")?.into()));
        let hypervisors: HashMap<Uuid, Value> = documents.iter().filter_map(hypervisor).collect();
        let records = Box::pin(self.records_of(plans, parts, edits)).await?;
        for (mut record, mut keys) in
            records.into_iter().zip(keys_of_parts.into_iter().filter(|keys| !keys.is_empty()))
        {
            let hypervisor = record.text("vmInstanceUuid").and_then(|vm| hypervisors.get(vm)).cloned();
            if let Some(hypervisor) = hypervisor {
                // Only NICs have this field.
                record.set("hypervisorType", hypervisor).map_err(crate::rules::errors::internal)?;
            }
            let last = keys.pop();
            for key in keys {
                found.entry(key).or_default().push(record.clone());
            }
            if let Some(key) = last {
                found.entry(key).or_default().push(record);
            }
        }
        Ok(found)
    }
}

/// Applies edits to loaded documents.
fn apply(documents: &mut Vec<Document>, edits: &[DocumentEdit]) {
    for edit in edits {
        match edit {
            DocumentEdit::Create { document, .. } => documents.push(document.clone()),
            DocumentEdit::Replace { document, .. } => {
                documents.retain(|other| other.uuid != document.uuid);
                documents.push(document.clone());
            }
            DocumentEdit::Delete { document } => documents.retain(|other| other.uuid != document.uuid),
            DocumentEdit::Unlink { .. } => {}
        }
    }
    documents.sort_by(|a, b| position(a).cmp(&position(b)));
    documents.dedup_by(|a, b| a.uuid == b.uuid);
}

/// The position of a document in a list: by device, then by address with IPv4 first, then by age.
fn position(document: &Document) -> impl Ord {
    let ip = document.text("ip").map(|ip| (ip.contains(':'), ip));
    (document.number("deviceId"), ip, document.number("createDate"), document.uuid.as_str())
}
