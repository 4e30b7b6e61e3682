//! Requests to a node in the process of the test, by method.

use serde_json::{Value, json};

use crate::local::{Answer, Local, inventory};

/// Sends `POST` with parameters.
pub(crate) async fn post(local: &Local, path: &str, params: Value) -> Answer {
    local.send("POST", &format!("/zstack/v1{path}"), &json!({"params": params}).to_string()).await
}

/// Sends `PUT` with the parameters of an action.
pub(crate) async fn put(local: &Local, path: &str, action: &str, params: Value) -> Answer {
    local.send("PUT", &format!("/zstack/v1{path}"), &json!({action: params}).to_string()).await
}

/// Sends `DELETE`.
pub(crate) async fn delete(local: &Local, path: &str) -> Answer {
    local.send("DELETE", &format!("/zstack/v1{path}"), "").await
}

/// Sends `GET`.
pub(crate) async fn get(local: &Local, path: &str) -> Answer {
    local.send("GET", &format!("/zstack/v1{path}"), "").await
}

/// Returns the inventories that `GET` lists.
pub(crate) async fn list(local: &Local, path: &str) -> Vec<Value> {
    let (status, answer) = get(local, path).await;
    assert_eq!(status, 200, "{answer}");
    answer["inventories"].as_array().cloned().unwrap_or_default()
}

/// Returns the UUID of the inventory of a successful answer.
pub(crate) fn uuid(answer: Answer) -> String {
    inventory(answer)["uuid"].as_str().unwrap().to_owned()
}
