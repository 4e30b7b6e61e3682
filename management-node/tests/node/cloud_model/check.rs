//! Comparison of the node with the model: the store, its references, answers and queries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use zstack_model::Type;
use zstack_node::catalog::{Effect, Layer};
use zstack_node::coverage;
use zstack_node::model::Document;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use super::cloud::{Cloud, Link, without_times};
use super::operations::catalog;
use crate::local::Local;
use crate::performed::model;

/// Fields of VM instances for which their own rules and the catalog store different references.
const UNTRACKED: [&str; 2] = ["lastHostUuid", "rootVolumeUuid"];

/// Returns all documents of the store.
async fn documents(store: &SqliteStore) -> Vec<Document> {
    let found = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&found);
    let visit = move |document| {
        into.lock().unwrap().push(document);
        true
    };
    store.each_document(visit).await.unwrap();
    let mut found = found.lock().unwrap();
    std::mem::take(&mut *found)
}

/// Learns the documents of the store.
pub(crate) async fn learn(store: &SqliteStore, cloud: &mut Cloud) {
    let found = documents(store).await;
    let uuids: BTreeSet<_> = found.iter().map(|document| document.uuid.clone()).collect();
    cloud.deleted.extend(cloud.records.keys().filter(|uuid| !uuids.contains(*uuid)).cloned());
    cloud.records.retain(|uuid, _| uuids.contains(uuid));
    for Document { uuid, kind, base, fields, .. } in found {
        cloud.insert(uuid, kind, base, fields.into_map());
    }
}

/// Checks that the store has the documents of the model.
pub(super) async fn check_documents(store: &SqliteStore, cloud: &Cloud) {
    let found = documents(store).await.into_iter();
    let found: BTreeMap<_, _> = found
        .map(|Document { uuid, kind, base, fields, .. }| {
            (uuid, (kind, base, without_times(fields.into_map())))
        })
        .collect();
    let expected = cloud.records.iter();
    let expected: BTreeMap<_, _> = expected
        .map(|(uuid, record)| {
            (uuid.clone(), (record.kind.clone(), record.base.clone(), record.fields.clone()))
        })
        .collect();
    let uuids: BTreeSet<_> = found.keys().chain(expected.keys()).collect();
    for uuid in uuids {
        assert_eq!(found.get(uuid), expected.get(uuid), "the document {uuid}, found and expected");
    }
}

/// Checks that no reference dangles, and that the store knows all references.
pub(crate) async fn check_links(store: &SqliteStore, cloud: &Cloud) {
    let expected = cloud.links();
    for (source, field, target) in &expected {
        let record = &cloud.records[source];
        assert!(cloud.records.contains_key(target), "{field} of {source} dangles: {target}: {record:?}");
    }
    let uuids: Vec<_> = cloud.records.keys().cloned().collect();
    let holders = store.holders(&uuids).await.unwrap();
    let found =
        holders.into_iter().map(|holder| (holder.document.uuid, holder.link.field, holder.link.target));
    let found: BTreeSet<Link> = found.collect();
    let is_untracked = |(source, field, _): &&Link| {
        cloud.records[source].base == "VmInstance" && UNTRACKED.contains(&field.as_str())
    };
    let difference: Vec<_> = found
        .symmetric_difference(&expected)
        .filter(|link| !is_untracked(link))
        .map(|link| (&cloud.records[&link.0].kind, link, found.contains(link)))
        .collect();
    assert!(difference.is_empty(), "references, and whether the store has them: {difference:?}");
}

/// Checks the fields of an answer.
pub(super) fn check_answer(answer: &Value, uuid: &str, cloud: &Cloud) {
    let inventory = answer.get("inventory").or_else(|| answer.get("inventories")?.get(0));
    let Some(inventory) = inventory.filter(|inventory| inventory.get("uuid").is_some()) else { return };
    let record = &cloud.records[uuid];
    let resource = catalog().resource(&record.kind).unwrap();
    let fields = model().fields(model().data_type(&resource.inventory).unwrap());
    let times = fields.iter().filter(|field| field.ty == Type::Timestamp).map(|field| field.name.as_str());
    let times: Vec<_> = times.collect();
    for (field, shown) in inventory.as_object().unwrap() {
        let is_related = resource.relations.iter().any(|relation| relation.name == *field);
        let is_time = times.contains(&field.as_str());
        // The node computes capacities and the fields of addresses when it answers.
        let is_computed = field.ends_with("Capacity")
            || (record.base == "Host" && (field.starts_with("cpu") || field.starts_with("ipmi")))
            || matches!(record.base.as_str(), "VmNic" | "UsedIp" | "VolumeSnapshotTree");
        if let (false, Some(expected)) = (is_related || is_time || is_computed, record.fields.get(field)) {
            assert_eq!(remove_times(shown), remove_times(expected), "{field} of {inventory}");
        }
    }
}

/// Removes the times from records, at any depth.
fn remove_times(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(remove_times).collect(),
        Value::Object(fields) => {
            let others = fields.iter().filter(|(name, _)| !name.ends_with("Date"));
            Value::Object(others.map(|(name, value)| (name.clone(), remove_times(value))).collect())
        }
        other => other.clone(),
    }
}

/// The derived and declared queries: their paths and resources.
pub(super) fn queries() -> Vec<(&'static str, &'static str)> {
    let rows = coverage::rows()
        .unwrap()
        .into_iter()
        .filter(|row| matches!(row.layer, Layer::Derived | Layer::Declared));
    let queries = rows.filter_map(|row| {
        let action = catalog().action(row.operation)?;
        let operation = model().operation(row.operation)?;
        let path = operation.all_paths().find(|path| !path.contains('{'))?;
        (action.effect == Effect::Query && operation.query).then_some((path, action.resource.as_str()))
    });
    queries.collect()
}

/// Checks the count of a query and the UUIDs that it returns, without a condition and by a name.
pub(super) async fn check_query(local: &Local, cloud: &Cloud, (path, resource): (&str, &str)) {
    let expected = cloud.records.iter().filter(|(_, record)| catalog().is_a(&record.kind, resource));
    let expected: BTreeSet<&str> = expected.map(|(uuid, _)| uuid.as_str()).collect();
    let name = expected.iter().find_map(|uuid| cloud.records[*uuid].text("name"));
    let named: BTreeSet<&str> =
        expected.iter().filter(|uuid| cloud.records[**uuid].text("name") == name).copied().collect();
    let condition = name.map(|name| (format!("&q=name%3D{}", zstack_vocabulary::encode(name)), named));
    for (condition, expected) in [(String::new(), expected)].into_iter().chain(condition) {
        let target = format!("/zstack/v1{path}?limit=100000&replyWithCount=true{condition}");
        let (status, answer) = local.send("GET", &target, "").await;
        assert_eq!(status, 200, "{target}: {answer}");
        let inventories = answer["inventories"].as_array();
        let found: Vec<_> = inventories.into_iter().flatten().map(|found| found["uuid"].as_str()).collect();
        let count = answer["total"].as_u64().unwrap();
        assert_eq!((found.len(), count), (expected.len(), expected.len() as u64), "{target}");
        // References between documents have no UUID.
        if found.iter().all(Option::is_some) {
            assert_eq!(found.into_iter().flatten().collect::<BTreeSet<_>>(), expected, "{target}");
        }
    }
}
