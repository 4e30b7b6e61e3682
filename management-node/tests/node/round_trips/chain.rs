//! A cloud in which a resource lives: what it refers to is created on the way, once for each kind.

use serde_json::{Map, Value};
use zstack_model::{Example, Operation, Parameter, Type};
use zstack_node::catalog::{ANY_RESOURCE, Resource};
use zstack_reference::http_example;
use zstack_vocabulary::encode;

use super::kinds::{creation, creations, find_performed, is_list, path_of, query_of};
use super::table::Table;
use super::values::choose;
use crate::cloud_model::operations::{TAGS, Target, catalog, target, values};
use crate::local::{Answer, Local};
use crate::performed::model;

/// A document that was created, by its resource and UUID.
struct Made {
    kind: String,
    uuid: String,
}

pub(super) struct Chain<'t> {
    pub(super) local: Local,
    pub(super) table: &'t Table,
    made: Vec<Made>,
    serial: u64,
}

impl<'t> Chain<'t> {
    pub(super) async fn new(table: &'t Table) -> Self {
        Self { local: Local::sample().await, table, made: Vec::new(), serial: 0 }
    }

    /// Returns the UUID of a document of a resource, which is created if there is none.
    pub(super) async fn require(&mut self, resource: &str) -> Result<String, String> {
        if let Some(uuid) = self.find(resource) {
            return Ok(uuid.to_owned());
        }
        self.create(resource).await?;
        self.find(resource).map(str::to_owned).ok_or_else(|| format!("nothing created a {resource}"))
    }

    /// Finds the last document of a resource that was created.
    pub(super) fn find(&self, resource: &str) -> Option<&str> {
        let is_one = |made: &&Made| resource == ANY_RESOURCE || catalog().is_a(&made.kind, resource);
        self.made.iter().rev().find(is_one).map(|made| made.uuid.as_str())
    }

    /// Creates a document of a resource, and the documents that it needs.
    async fn create(&mut self, resource: &str) -> Result<(), String> {
        let steps = self.table.list("parents", resource);
        let creator = if steps.is_empty() { vec![creator(resource)?] } else { Vec::new() };
        for step in steps.into_iter().chain(creator.iter().map(String::as_str)) {
            Box::pin(self.step(step)).await?;
        }
        Ok(())
    }

    /// Performs an operation with its required parameters. What it creates can be referred to. `$X` makes sure
    /// that there is a document of X.
    pub(super) async fn step(&mut self, name: &str) -> Result<(), String> {
        if let Some(resource) = name.strip_prefix('$') {
            return self.require(resource).await.map(drop);
        }
        let operation = find_performed(name).ok_or_else(|| format!("{name} is not performed"))?;
        let values = self.values(operation, |_| false, None).await?;
        let answer = self.send(operation, &values).await;
        if answer.0 != 200 {
            return Err(format!("step {name} {}: {}", Value::Object(values), answer.1));
        }
        if let Some(creation) = creation(name) {
            self.add(&creation.kind.name, inventory(&answer)["uuid"].as_str().unwrap_or_default());
        }
        Ok(())
    }

    /// Remembers a document, so that others can refer to it.
    pub(super) fn add(&mut self, kind: &str, uuid: &str) {
        self.made.push(Made { kind: kind.to_owned(), uuid: uuid.to_owned() });
    }

    /// Chooses a value for each required parameter, for those in the table, and for those that `is_sent` selects.
    /// Values differ from those that are present in an inventory.
    pub(super) async fn values(
        &mut self,
        operation: &'static Operation,
        is_sent: impl Fn(&Parameter) -> bool,
        present: Option<&Map<String, Value>>,
    ) -> Result<Map<String, Value>, String> {
        let examples = values(operation).unwrap_or_default();
        let table = self.table;
        let mut chosen = Map::new();
        for parameter in &operation.parameters {
            let field = &parameter.field;
            let name = &*field.name;
            let given = table.get("values", &operation.name, Some(name));
            let is_needed = field.required || given.is_some() || is_sent(parameter);
            if TAGS.contains(&name) && given.is_none() || field.retirement.removed.is_some() || !is_needed {
                continue;
            }
            if !field.required && table.get("omitted", &operation.name, Some(name)).is_some() {
                continue;
            }
            self.serial += 1;
            let value = if let Some(given) = given {
                let value = self.resolve(given).await?;
                let number = value.as_str().filter(|_| matches!(field.ty, Type::Integer | Type::Long));
                number.map_or(value.clone(), |number| number.parse::<i64>().unwrap().into())
            } else if let Some(target) = target(parameter, catalog().action(&operation.name)) {
                let resource = match target {
                    Target::Any => ANY_RESOURCE,
                    Target::Of(resource) => resource,
                };
                let uuid = self.require(resource).await.map_err(|error| format!("{name}: {error}"))?;
                if is_list(&field.ty) { vec![uuid].into() } else { uuid.into() }
            } else if let Some(example) = examples.get(name) {
                choose(field, example, present.and_then(|present| present.get(name)), self.serial)
            } else {
                return Err(format!("{}.{name} has no value", operation.name));
            };
            chosen.insert(name.to_owned(), value);
        }
        Ok(chosen)
    }

    /// Replaces `$X` by the UUID of a document of X, `+X` by that of a new one, and `{n}` by a number.
    async fn resolve(&mut self, given: &Value) -> Result<Value, String> {
        Ok(match given {
            Value::String(text) => self.resolve_text(text).await?.into(),
            Value::Array(items) => {
                let mut resolved = Vec::new();
                for item in items {
                    resolved.push(Box::pin(self.resolve(item)).await?);
                }
                resolved.into()
            }
            Value::Object(fields) => {
                let mut resolved = Map::new();
                for (name, value) in fields {
                    let value = Box::pin(self.resolve(value)).await?;
                    resolved.insert(self.resolve_text(name).await?, value);
                }
                resolved.into()
            }
            other => other.clone(),
        })
    }

    async fn resolve_text(&mut self, text: &str) -> Result<String, String> {
        if let Some(resource) = text.strip_prefix('+') {
            self.create(resource).await?;
            return self.require(resource).await;
        }
        let Some(name) = text.strip_prefix('$') else {
            return Ok(text.replace("{n}", &self.serial.to_string()));
        };
        let (resource, part) = name.find('/').map_or((name, ""), |at| name.split_at(at));
        let uuid = self.require(resource).await?;
        if part.is_empty() {
            return Ok(uuid);
        }
        let kind = catalog().resource(resource).unwrap();
        let found = self.query(kind, &format!("uuid={uuid}")).await?;
        let text_of = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let found = found.and_then(|found| found.first()?.pointer(part).map(text_of));
        found.ok_or_else(|| format!("there is no {text}"))
    }

    /// Queries a resource; returns nothing if it has no query. Some resources are part of others.
    pub(super) async fn query(&self, kind: &Resource, condition: &str) -> Result<Option<Vec<Value>>, String> {
        let Some(operation) = query_of(kind) else {
            if let Some(place) = self.table.get("within", &kind.name, None) {
                return self.part(place.as_str().unwrap(), condition).await.map(Some);
            }
            let is_without = self.table.get("without", &kind.name, Some("query")).is_some();
            return if is_without { Ok(None) } else { Err("there is no query".to_owned()) };
        };
        let target = format!("/zstack/v1{}?q={}", path_of(operation), encode(condition));
        let (status, answer) = self.local.send("GET", &target, "").await;
        if status != 200 {
            return Err(format!("GET {target}: {answer}"));
        }
        Ok(Some(answer["inventories"].as_array().cloned().unwrap_or_default()))
    }

    /// Finds a document in the list of another one, as in `Zone/parts`.
    async fn part(&self, place: &str, condition: &str) -> Result<Vec<Value>, String> {
        let (whole, list) = place.split_once('/').unwrap();
        let kind = catalog().resource(whole).unwrap();
        let uuid = self.find(whole).ok_or_else(|| format!("there is no {whole}"))?;
        let found = Box::pin(self.query(kind, &format!("uuid={uuid}"))).await?;
        let found = found.and_then(|found| found.first()?.get(list)?.as_array().cloned()).unwrap_or_default();
        Ok(found.into_iter().filter(|one| condition.ends_with(one["uuid"].as_str().unwrap())).collect())
    }

    /// Calls an operation, which the table notes.
    pub(super) async fn send(&self, operation: &Operation, values: &Map<String, Value>) -> Answer {
        self.table.note_call(&operation.name);
        let example = Example {
            name: String::new(),
            since: None,
            request: values.clone(),
            status: 200,
            response: Value::Null,
        };
        let request = http_example::request(model(), operation, &example);
        let method = format!("{:?}", request.method).to_uppercase();
        self.local.send(&method, &request.target, &request.body.unwrap_or_default()).await
    }
}

/// The operation that creates a resource, or a subtype of it.
fn creator(resource: &str) -> Result<String, String> {
    let all = creations();
    let exact = all.iter().find(|creation| creation.kind.name == resource);
    let any = exact.or_else(|| all.iter().find(|creation| catalog().is_a(&creation.kind.name, resource)));
    any.map(|creation| creation.operation.name.clone()).ok_or_else(|| format!("nothing creates a {resource}"))
}

/// The inventory in the answer of a creation.
pub(super) fn inventory((_, answer): &Answer) -> &Value {
    let one = &answer["inventory"];
    if one.is_null() { &answer["inventories"][0] } else { one }
}
