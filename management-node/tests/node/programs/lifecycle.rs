//! The life of a resource as a provider of infrastructure as code sees it: create, read, change,
//! notice a change by another client, import, destroy.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::client::Client;
use super::file::{Request, Resource, Update};

fn request(resource: &Resource, send: String, body: Option<Value>) -> Request {
    Request { send: Some(send), body, decimal: resource.decimal, ..Request::default() }
}

/// Returns the expected fields of the only inventory of an answer to a query.
fn fields_of_first(fields: &Map<String, Value>) -> BTreeMap<String, Value> {
    let mut expected: BTreeMap<_, _> =
        fields.iter().map(|(name, value)| (format!("inventories[0].{name}"), value.clone())).collect();
    expected.insert("inventories[#]".to_owned(), 1.into());
    expected
}

impl<'p> Client<'p> {
    /// Creates, reads, changes and imports a resource.
    pub(super) async fn create(&mut self, resource: &'p Resource) {
        let mut body = json!({ "params": resource.params });
        if !resource.system_tags.is_empty() {
            body["systemTags"] = json!(resource.system_tags);
        }
        let path = resource.create.as_ref().unwrap_or(&resource.path);
        let created = self.request(&request(resource, format!("POST {path}"), Some(body))).await;
        let uuid =
            created["inventory"]["uuid"].as_str().unwrap_or_else(|| panic!("{path}: {created}")).to_owned();
        self.variables.set(&resource.resource, uuid.clone().into());
        self.resources.push((resource, uuid.clone()));

        let mut fields = resource.params.clone();
        fields.retain(|name, _| !resource.hidden.contains(name));
        fields.extend(resource.is.clone());
        self.read(resource, &uuid, &fields).await;
        if let Some(update) = &resource.update {
            self.change(resource, &uuid, update, &update.change).await;
            fields.extend(update.change.clone());
            self.read(resource, &uuid, &fields).await;
            // Another client changes the description; the provider notices it and changes it back.
            let drift = Map::from_iter([("description".to_owned(), json!("changed elsewhere"))]);
            self.change(resource, &uuid, update, &drift).await;
            let mut drifted = fields.clone();
            drifted.extend(drift);
            self.read(resource, &uuid, &drifted).await;
            fields.entry("description").or_insert_with(|| json!("as declared"));
            let declared = Map::from_iter([("description".to_owned(), fields["description"].clone())]);
            self.change(resource, &uuid, update, &declared).await;
        }
        // An import reads the resource by its UUID alone.
        self.read(resource, &uuid, &fields).await;
    }

    /// Reads a resource by its path and by a query, and compares its fields.
    async fn read(&mut self, resource: &Resource, uuid: &str, fields: &Map<String, Value>) {
        for target in [format!("{}/{uuid}", resource.path), format!("{}?q=uuid%3D{uuid}", resource.path)] {
            let mut read = request(resource, format!("GET {target}"), None);
            read.is = fields_of_first(fields);
            self.request(&read).await;
        }
    }

    async fn change(
        &mut self,
        resource: &Resource,
        uuid: &str,
        update: &Update,
        change: &Map<String, Value>,
    ) {
        let path = update.path.clone().unwrap_or_else(|| format!("{}/{uuid}/actions", resource.path));
        let action = &update.action;
        let mut changed = request(resource, format!("PUT {path}"), Some(json!({ action: change })));
        changed.is =
            change.iter().map(|(name, value)| (format!("inventory.{name}"), value.clone())).collect();
        self.request(&changed).await;
    }

    /// Destroys all resources, the newest first. They are gone then, and can be destroyed again.
    pub(super) async fn destroy_all(&mut self) {
        while let Some((resource, uuid)) = self.resources.pop() {
            let path = resource.delete.as_ref().unwrap_or(&resource.path);
            let delete = || request(resource, format!("DELETE {path}/{uuid}?deleteMode=Permissive"), None);
            self.request(&delete()).await;
            if let Some(expunge) = &resource.expunge {
                self.request(expunge).await;
            }
            let mut read = request(resource, format!("GET {}/{uuid}", resource.path), None);
            read.is = BTreeMap::from([("inventories".to_owned(), json!([]))]);
            self.request(&read).await;
            self.request(&Request { error: resource.again.clone(), ..delete() }).await;
        }
    }
}
