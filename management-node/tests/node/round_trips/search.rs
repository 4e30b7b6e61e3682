//! Queries that find a resource, in the manner of data sources.

use serde_json::{Map, Value, json};
use zstack_model::Operation;
use zstack_node::catalog::Resource;
use zstack_vocabulary::encode;

use super::chain::Chain;
use super::kinds::{path_of, query_of};
use crate::cloud_model::operations::catalog;
use crate::performed::model;

/// A query that is being tested.
struct Search<'a, 't> {
    chain: &'a Chain<'t>,
    path: &'a str,
    problems: Vec<String>,
}

/// Finds a resource by all conditions that a query can have; returns the problems.
pub(super) async fn search(
    chain: &Chain<'_>,
    kind: &Resource,
    uuid: &str,
    found: &Map<String, Value>,
) -> Vec<String> {
    let Some(operation) = query_of(kind) else { return Vec::new() };
    let mut search = Search { chain, path: path_of(operation), problems: Vec::new() };
    if let Some(path) = operation.all_paths().find(|path| path.ends_with("{uuid}")) {
        let answer = search.get(&path.replace("{uuid}", uuid)).await;
        if answer["inventories"][0].as_object() != Some(found) {
            search.problems.push(format!("GET {path}: {answer}"));
        }
    }
    let resource = catalog().resource(&catalog().action(&operation.name).unwrap().resource).unwrap();
    search.by_conditions(resource, uuid, found).await;
    search.by_relations(resource, uuid, found).await;
    search.in_parts(uuid).await;
    search.problems
}

impl Search<'_, '_> {
    async fn get(&mut self, target: &str) -> Value {
        let (status, answer) = self.chain.local.send("GET", &format!("/zstack/v1{target}"), "").await;
        if status != 200 {
            self.problems.push(format!("GET {target}: {answer}"));
        }
        answer
    }

    /// Queries with a condition and further parameters; returns the inventories.
    async fn query(&mut self, condition: &str, more: &str) -> Vec<Value> {
        let answer = self.get(&format!("{}?q={}{more}", self.path, encode(condition))).await;
        answer["inventories"].as_array().cloned().unwrap_or_default()
    }

    /// Checks whether a condition finds the resource.
    async fn check(&mut self, condition: &str, uuid: &str, is_expected: bool) {
        let list = self.query(condition, "").await;
        if list.iter().any(|one| one["uuid"] == uuid) != is_expected {
            let found = if is_expected { "does not find it" } else { "finds it" };
            self.problems.push(format!("`{condition}` {found}"));
        }
    }

    /// Compares each field that has one value with its value, and the name by all operators.
    async fn by_conditions(&mut self, resource: &Resource, uuid: &str, found: &Map<String, Value>) {
        let table = self.chain.table;
        let fields = model().fields(model().data_type(&resource.inventory).unwrap());
        let is_stored = |field: &&&str| {
            !catalog().with_bases(&resource.name).any(|base| table.has_item("computed", &base.name, field))
        };
        let fields: Vec<_> = fields.into_iter().map(|field| &*field.name).collect();
        for field in fields.iter().filter(is_stored) {
            let Some(value) = found.get(*field) else { continue };
            let value = match value {
                Value::String(text) if !text.is_empty() => text.clone(),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                _ => continue,
            };
            self.check(&format!("{field}={value}"), uuid, true).await;
            self.check(&format!("{field}!={value}"), uuid, false).await;
        }
        self.check(&format!("uuid?=1,{uuid}"), uuid, true).await;
        self.check(&format!("uuid!?=1,{uuid}"), uuid, false).await;
        if let Some(name) = found.get("name").and_then(Value::as_str) {
            let start: String = name.chars().take(3).collect();
            self.check(&format!("name~={start}%"), uuid, true).await;
            self.check(&format!("name!~={start}%"), uuid, false).await;
            self.check("name not null", uuid, true).await;
            self.check("name is null", uuid, false).await;
        }
    }

    /// Follows the references of the resource.
    async fn by_relations(&mut self, resource: &Resource, uuid: &str, found: &Map<String, Value>) {
        for relation in &resource.relations {
            let is_uuid = relation.foreign_field == "uuid" && relation.field != "uuid";
            let target = found.get(&relation.field).filter(|_| is_uuid).and_then(Value::as_str);
            // What recorded history refers to may be gone.
            let exists = target.is_some_and(|target| self.chain.find(&relation.resource) == Some(target));
            if let (Some(target), true) = (target, exists) {
                self.check(&format!("{}.uuid={target}", relation.name), uuid, true).await;
            }
        }
    }

    /// Requests parts of the result: fields, numbers, pages.
    async fn in_parts(&mut self, uuid: &str) {
        let condition = format!("uuid={uuid}");
        let list = self.query(&condition, "&fields=uuid").await;
        if list != [json!({"uuid": uuid})] {
            self.problems.push(format!("fields=uuid returns {}", Value::Array(list)));
        }
        let path = self.path;
        let answer = self.get(&format!("{path}?q={}&count=true", encode(&condition))).await;
        if answer["total"] != 1 || answer.get("inventories").is_some() {
            self.problems.push(format!("count=true returns {answer}"));
        }
        let all = self.get(&format!("{path}?replyWithCount=true&sort=-uuid")).await;
        let uuids = |answer: &Value| -> Vec<String> {
            let list = answer["inventories"].as_array().into_iter().flatten();
            list.map(|one| one["uuid"].as_str().unwrap().to_owned()).collect()
        };
        let sorted = uuids(&all);
        if !sorted.is_sorted_by(|a, b| a >= b) || all["total"] != sorted.len() {
            self.problems.push(format!("sort=-uuid returns {sorted:?} and the total {}", all["total"]));
        }
        let last = sorted.len() - 1;
        let page = self.get(&format!("{path}?sort=-uuid&limit=1&start={last}")).await;
        if uuids(&page) != sorted[last..] {
            self.problems.push(format!("the last page is {page}"));
        }
    }
}

/// Calls a query of everything in the sample, in all its forms; returns the problems.
pub(super) async fn query_all(chain: &Chain<'_>, operation: &'static Operation) -> Vec<String> {
    let mut search = Search { chain, path: path_of(operation), problems: Vec::new() };
    let path = search.path;
    let all = search.get(path).await;
    let Some(list) = all["inventories"].as_array() else { return vec![format!("GET {path}: {all}")] };
    let count = search.get(&format!("{path}?count=true")).await;
    let both = search.get(&format!("{path}?replyWithCount=true&limit=0")).await;
    if count["total"] != list.len()
        || both["total"] != list.len()
        || both["inventories"] != Value::Array(vec![])
    {
        search.problems.push(format!("{} are counted as {count} and {both}", list.len()));
    }
    let resource = catalog().action(&operation.name).and_then(|action| catalog().resource(&action.resource));
    let inventory = resource.and_then(|resource| model().data_type(&resource.inventory));
    let fields = inventory.map(|inventory| model().fields(inventory)).unwrap_or_default();
    for field in fields.into_iter().filter(|field| model().is_scalar(&field.ty)) {
        let name = &field.name;
        search.query(&format!("{name} not null"), &format!("&sort=+{name}&fields={name}&limit=2")).await;
    }
    search.problems
}
