//! Backup storages.

use crate::cloud::storages;
use crate::model::DocumentEdit;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// Adds a folder of a server.
pub(super) async fn add<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let hostname = context.text("hostname").unwrap_or_default();
    storages::check_hostname("hostname", hostname)?;
    storages::check_folder("url", context.text("url").unwrap_or_default())?;
    let mut storage = context.draft()?;
    let kind = &context.plan.resource.name;
    let values = [("type", kind.as_str()), ("hostname", hostname)];
    let values = values.map(|(field, value)| (field.to_owned(), value.into())).to_vec();
    if let Some(other) = context.node.store.document_with("BackupStorage", values, &storage.uuid).await? {
        return Err(errors::operation_failed(format!(
            "The backup storage [uuid:{}] is already on {hostname}; use it, or another server.",
            other.uuid
        ))
        .into());
    }
    storage.set("type", kind.as_str());
    Ok(context.create(storage))
}

/// Makes a storage available to a zone.
pub(super) fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target("backupStorageUuid")?;
    let zone = context.target("zoneUuid")?;
    let mut zones: Vec<_> = storage.texts("attachedZoneUuids").map(str::to_owned).collect();
    if zones.contains(&zone.uuid) {
        return Err(errors::operation_failed(format!(
            "The backup storage [uuid:{}] is already attached to the zone [uuid:{}].",
            storage.uuid, zone.uuid
        ))
        .into());
    }
    zones.push(zone.uuid);
    storage.set("attachedZoneUuids", zones);
    Ok(context.finish_change(storage))
}

/// Takes a storage from a zone.
pub(super) fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target("backupStorageUuid")?;
    let zone = context.target("zoneUuid")?;
    let mut zones: Vec<_> = storage.texts("attachedZoneUuids").map(str::to_owned).collect();
    if !zones.contains(&zone.uuid) {
        return Err(errors::operation_failed(format!(
            "The backup storage [uuid:{}] is not attached to the zone [uuid:{}].",
            storage.uuid, zone.uuid
        ))
        .into());
    }
    zones.retain(|uuid| *uuid != zone.uuid);
    storage.set("attachedZoneUuids", zones);
    Ok(context.finish_change(storage))
}

/// Deletes a storage with its copies of images. An image without another copy is deleted, but stays
/// visible.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(storage) = context.target("uuid") else { return Ok(Done::default()) };
    let mut edits = context.node.deletion(context.plans, context.plan, storage).await?;
    for edit in &mut edits {
        let DocumentEdit::Replace { document, .. } = edit else { continue };
        let copies = document.fields.get("backupStorageRefs").and_then(serde_json::Value::as_array);
        if document.base == "Image" && copies.is_none_or(Vec::is_empty) {
            document.set("status", "Deleted");
        }
    }
    Ok(Done { edits, ..Done::default() })
}
