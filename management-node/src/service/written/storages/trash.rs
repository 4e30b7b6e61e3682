//! The trash of a primary storage: data that no volume uses any longer, until it is cleaned up.

use serde_json::{Value, json};

use super::capacity::answer;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The private field with the items.
const TRASH: &str = "_trash";

/// The private field with the ID of the newest item.
const LAST: &str = "_lastTrash";

fn items(storage: &Document) -> Vec<Value> {
    storage.fields.get(TRASH).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Adds the present file of a volume to the trash of its storage.
pub(super) fn add<S: Store>(
    context: &Context<'_, S>,
    storage: &mut Document,
    volume: &Document,
    kind: &str,
    host: Option<&str>,
) {
    let id = storage.number(LAST).unwrap_or(0).saturating_add(1);
    let mut item = json!({
        "trashId": id, "trashType": kind, "resourceUuid": volume.uuid, "resourceType": "VolumeVO",
        "storageUuid": storage.uuid, "storageType": "PrimaryStorageVO", "isFolder": false,
        "hypervisorType": "KVM", "installPath": volume.text("installPath").unwrap_or_default(),
        "size": volume.number("actualSize").unwrap_or(0), "createDate": context.time(context.now),
    });
    if let Some(host) = host {
        item["hostUuid"] = host.into();
    }
    let mut items = items(storage);
    items.push(item);
    storage.set(TRASH, items);
    storage.set(LAST, id);
}

/// GetTrashOnPrimaryStorage.
pub(super) fn list<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    if context.text("resourceUuid").is_some() != context.text("resourceType").is_some() {
        return Err(errors::invalid_argument(
            "[resourceUuid] and [resourceType] belong together; give both, or none of them.",
        )
        .into());
    }
    let mut items = items(&context.target("uuid")?);
    items.retain(|item| {
        let wanted = ["resourceUuid", "resourceType", "trashType"];
        wanted.iter().all(|field| context.text(field).is_none_or(|value| item[*field] == *value))
    });
    Ok(answer(json!({"inventories": items})))
}

/// CleanUpTrashOnPrimaryStorage: deletes an item, or all.
pub(super) fn clean_up<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target("uuid")?;
    let wanted = context.parameters.get("trashId");
    let is_wanted = |item: &Value| wanted.is_none_or(|id| item["trashId"] == *id);
    let (deleted, kept): (Vec<_>, Vec<_>) = items(&storage).into_iter().partition(is_wanted);
    let size = |item: &Value| item["size"].as_i64().unwrap_or(0);
    let results: Vec<_> = deleted
        .iter()
        .map(|item| {
            json!({
                "trashId": item["trashId"], "resourceUuid": item["resourceUuid"], "size": item["size"],
                "success": true,
            })
        })
        .collect();
    let result = json!({
        "resourceUuids": deleted.iter().map(|item| item["resourceUuid"].clone()).collect::<Vec<_>>(),
        "size": deleted.iter().map(size).fold(0, i64::saturating_add), "details": [],
    });
    storage.set(TRASH, kept);
    let edits = if deleted.is_empty() { Vec::new() } else { vec![context.replace(storage)] };
    Ok(Done { edits, ..answer(json!({"result": result, "results": results})) })
}
