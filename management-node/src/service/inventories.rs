//! The inventories of documents, with those of their parts.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use zstack_dynamic::Dynamic;
use zstack_runtime::record::{AnyRecord as _, Shape};

use super::{Failure, Node};
use crate::cloud::plan::Plans;
use crate::cloud::{self, snapshots};
use crate::model::{Document, DocumentEdit, Uuid};
use crate::rules::errors;
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
        Ok(records.into_iter().map(to_json).collect())
    }

    /// Converts documents to inventories. The documents that are part of them are those after the edits.
    pub(super) async fn records_of(
        &self,
        plans: &Plans,
        mut documents: Vec<Document>,
        edits: &[DocumentEdit],
    ) -> Result<Vec<Arc<Dynamic>>, Failure> {
        self.set_capacities(&mut documents).await?;
        let parts = self.parts_of(plans, &documents, edits).await?;
        let mut records = Vec::with_capacity(documents.len());
        let mut last: Option<View<'_>> = None;
        for mut document in documents {
            let view = match last.take() {
                Some(view) if view.kind == document.kind => view,
                _ => View::new(plans, &document.kind),
            };
            let embedded = view.relations.iter().filter_map(|(name, key, field)| {
                let whole = document.text(field)?;
                Some((*name, parts.get(key).and_then(|parts| parts.get(whole)).cloned().unwrap_or_default()))
            });
            let embedded: Vec<_> = embedded.collect();
            if document.kind == snapshots::TREE {
                let nodes = parts.get(&OF_TREE).and_then(|parts| parts.get(&document.uuid));
                let nodes: Vec<_> = nodes.into_iter().flatten().cloned().map(to_json).collect();
                document.set("tree", snapshots::nest(&nodes, None).pop());
            }
            records.push(cloud::to_inventory(&document, view.shape, &self.zone, embedded)?);
            last = Some(view);
        }
        Ok(records)
    }

    /// Loads the parts of all documents together, such as the NICs of VM instances.
    async fn parts_of<'p>(
        &self,
        plans: &'p Plans,
        documents: &[Document],
        edits: &[DocumentEdit],
    ) -> Result<Parts<'p>, Failure> {
        let kinds: BTreeSet<_> = documents.iter().map(|document| document.kind.as_str()).collect();
        let resources = kinds.iter().filter_map(|kind| plans.catalog.resource(kind));
        let relations = resources.flat_map(cloud::embedded_relations);
        let mut keys: BTreeSet<Key<'p>> = relations.map(key).collect();
        if kinds.contains(snapshots::TREE) {
            keys.insert(OF_TREE);
        }
        if keys.is_empty() {
            return Ok(Parts::new());
        }
        let uuids: Vec<_> = documents.iter().map(|document| document.uuid.clone()).collect();
        let mut candidates: Vec<_> =
            self.store.holders(&uuids).await?.into_iter().map(|holder| holder.document).collect();
        apply(&mut candidates, edits);
        // The positions of the parts in `parts`.
        let mut groups: HashMap<Key<'p>, HashMap<Uuid, Vec<usize>>> = HashMap::new();
        let mut parts = Vec::with_capacity(candidates.len());
        for part in candidates {
            let mut is_part = false;
            for key in &keys {
                let (resource, field) = *key;
                let Some(whole) = part.text(field).filter(|_| plans.catalog.is_a(&part.kind, resource))
                else {
                    continue;
                };
                let group = groups.entry(*key).or_default();
                match group.get_mut(whole) {
                    Some(group) => group.push(parts.len()),
                    None => drop(group.insert(whole.to_owned(), vec![parts.len()])),
                }
                is_part = true;
            }
            if is_part {
                parts.push(part);
            }
        }
        for group in groups.values_mut().flat_map(HashMap::values_mut) {
            group.sort_by(|a, b| position(&parts[*a]).cmp(&position(&parts[*b])));
            // A document may refer to another one in several fields.
            group.dedup_by(|a, b| parts[*a].uuid == parts[*b].uuid);
        }
        let hypervisor =
            |document: &Document| Some((document.uuid.clone(), document.text("hypervisorType")?.into()));
        let hypervisors: HashMap<Uuid, Value> = documents.iter().filter_map(hypervisor).collect();
        let mut records = Box::pin(self.records_of(plans, parts, edits)).await?;
        for record in &mut records {
            // Only NICs have this field.
            if record.shape().index_of("hypervisorType").is_none() {
                continue;
            }
            let hypervisor = record.text("vmInstanceUuid").and_then(|vm| hypervisors.get(vm)).cloned();
            if let Some(hypervisor) = hypervisor {
                Arc::make_mut(record).set("hypervisorType", hypervisor).map_err(errors::internal)?;
            }
        }
        let found = |group: Vec<usize>| group.into_iter().map(|index| Arc::clone(&records[index])).collect();
        let found = |group: HashMap<Uuid, Vec<usize>>| {
            group.into_iter().map(|(whole, group)| (whole, found(group))).collect()
        };
        Ok(groups.into_iter().map(|(key, group)| (key, found(group))).collect())
    }
}

/// The inventories of parts, by relation and by the whole.
type Parts<'a> = HashMap<Key<'a>, HashMap<Uuid, Vec<Arc<Dynamic>>>>;

/// The conversion of the documents of a kind.
struct View<'a> {
    kind: String,
    shape: &'static Shape,
    /// The fields of the inventory with parts, with their keys and the fields that identify the whole.
    relations: Vec<(&'a str, Key<'a>, &'a str)>,
}

impl<'a> View<'a> {
    fn new(plans: &'a Plans, kind: &str) -> Self {
        let resource = plans.catalog.resource(kind);
        let relations = resource.into_iter().flat_map(cloud::embedded_relations);
        let relations = relations.map(|relation| (&*relation.name, key(relation), &*relation.field));
        Self {
            kind: kind.to_owned(),
            shape: plans.shape(resource.map_or("", |resource| &resource.inventory)),
            relations: relations.collect(),
        }
    }
}

fn key(relation: &cloud::Relation) -> Key<'_> {
    (&relation.resource, &relation.foreign_field)
}

fn to_json(record: Arc<Dynamic>) -> Value {
    Value::Object(Arc::unwrap_or_clone(record).into_fields())
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
}

/// The position of a document in a list: by device, then by address with IPv4 first, then by age.
fn position(document: &Document) -> impl Ord {
    let ip = document.text("ip").map(|ip| (ip.contains(':'), ip));
    (document.number("deviceId"), ip, document.number("createDate"), document.uuid.as_str())
}
