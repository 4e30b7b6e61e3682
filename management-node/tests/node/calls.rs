//! Requests to a node in the process of the test, by method. Paths begin after `/zstack/v1/`.

use serde_json::{Value, json};

use crate::local::{Answer, Local, inventory};

/// The whole path of a request; a first slash makes no difference.
fn full_path(path: &str) -> String {
    format!("/zstack/v1/{}", path.strip_prefix('/').unwrap_or(path))
}

/// Sends `POST` with parameters.
pub(crate) async fn post(local: &Local, path: &str, params: Value) -> Answer {
    local.send("POST", &full_path(path), &json!({"params": params}).to_string()).await
}

/// Sends `PUT` with the parameters of an action.
pub(crate) async fn put(local: &Local, path: &str, action: &str, params: Value) -> Answer {
    local.send("PUT", &full_path(path), &json!({action: params}).to_string()).await
}

/// Sends `PUT …/actions` with the parameters of an action on a resource.
pub(crate) async fn act(local: &Local, path: &str, action: &str, params: Value) -> Answer {
    put(local, &format!("{path}/actions"), action, params).await
}

/// Sends `DELETE`.
pub(crate) async fn delete(local: &Local, path: &str) -> Answer {
    local.send("DELETE", &full_path(path), "").await
}

/// Sends `GET`.
pub(crate) async fn get(local: &Local, path: &str) -> Answer {
    local.send("GET", &full_path(path), "").await
}

/// Returns the successful answer to `GET`.
pub(crate) async fn read(local: &Local, path: &str) -> Value {
    let (status, answer) = get(local, path).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Returns the inventories that `GET` lists.
pub(crate) async fn list(local: &Local, path: &str) -> Vec<Value> {
    read(local, path).await["inventories"].as_array().cloned().unwrap_or_default()
}

/// Returns the only inventory that `GET` lists.
pub(crate) async fn get_one(local: &Local, path: &str) -> Value {
    let mut list = list(local, path).await;
    assert_eq!(list.len(), 1, "{list:?}");
    list.remove(0)
}

/// Returns the UUID of the inventory of a successful answer.
pub(crate) fn uuid(answer: Answer) -> String {
    inventory(answer)["uuid"].as_str().unwrap().to_owned()
}

/// Returns the UUID of an inventory.
pub(crate) fn uuid_of(inventory: &Value) -> String {
    inventory["uuid"].as_str().unwrap().to_owned()
}
