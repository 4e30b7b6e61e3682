//! Storages in Ceph clusters.

use serde_json::json;

use super::primary::object;
use crate::cloud::storages::{Monitor, monitors};
use crate::cloud::texts;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;
use crate::uuids;

/// Adds a primary storage, with its pools and monitors.
pub(super) async fn add_primary<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let monitors = read_monitors(context, "CephPrimaryStorageMon").await?;
    let mut storage = context.draft()?;
    for (field, value) in [("type", "Ceph"), ("url", "not used"), ("mountPath", "Ceph")] {
        storage.set(field, value);
    }
    storage.set("fsid", fsid(&monitors));
    let mut parts = Vec::new();
    for (parameter, kind, prefix) in [
        ("rootVolumePoolName", "Root", "pri-v-r-"),
        ("dataVolumePoolName", "Data", "pri-v-d-"),
        ("imageCachePoolName", "ImageCache", "pri-c-"),
    ] {
        let name = pool_name(context, parameter, prefix, &storage)?;
        storage.set(parameter, name.clone());
        let fields = json!({"primaryStorageUuid": storage.uuid, "poolName": name, "type": kind});
        parts.push(context.new_document("CephPrimaryStoragePool", object(fields))?.1);
    }
    parts.extend(monitor_edits(context, "CephPrimaryStorageMon", "primaryStorageUuid", &storage, &monitors)?);
    let mut done = context.create(storage);
    done.edits.extend(parts);
    Ok(done)
}

/// Adds a backup storage, with its pool and monitors.
pub(super) async fn add_backup<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let monitors = read_monitors(context, "CephBackupStorageMon").await?;
    if context.flag("importImages") && context.text("poolName").is_none() {
        return Err(errors::invalid_argument(
            "[poolName] is missing; importing images requires the pool that contains them.",
        )
        .into());
    }
    let mut storage = context.draft()?;
    storage.set("type", "Ceph");
    storage.set("url", "not used");
    storage.set("fsid", fsid(&monitors));
    let name = pool_name(context, "poolName", "bak-t-", &storage)?;
    storage.set("poolName", name);
    let parts = monitor_edits(context, "CephBackupStorageMon", "backupStorageUuid", &storage, &monitors)?;
    let mut done = context.create(storage);
    done.edits.extend(parts);
    Ok(done)
}

/// The resource of the monitors of a storage, and the field with the storage.
fn monitors_of(storage: &Document) -> (&'static str, &'static str) {
    if storage.base == "PrimaryStorage" {
        ("CephPrimaryStorageMon", "primaryStorageUuid")
    } else {
        ("CephBackupStorageMon", "backupStorageUuid")
    }
}

/// Adds monitors to a storage.
pub(super) async fn add_monitors<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let storage = context.target("uuid")?;
    let (resource, reference) = monitors_of(&storage);
    let monitors = read_monitors(context, resource).await?;
    let edits = monitor_edits(context, resource, reference, &storage, &monitors)?;
    Ok(Done::with_document(storage, edits))
}

/// Removes monitors from a storage, of which one must remain.
pub(super) async fn remove_monitors<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let storage = context.target("uuid")?;
    let (resource, reference) = monitors_of(&storage);
    let hosts: Vec<_> = texts(context.parameters.get("monHostnames")).collect();
    let mut monitors = context.holders(&storage.uuid, reference).await?;
    monitors.retain(|monitor| monitor.kind == resource);
    let count = monitors.len();
    monitors.retain(|monitor| monitor.text("hostname").is_some_and(|host| hosts.contains(&host)));
    if count > 0 && monitors.len() == count {
        return Err(errors::operation_failed(format!(
            "[monHostnames] names all monitors of the storage [uuid:{}]; leave at least one.",
            storage.uuid
        ))
        .into());
    }
    let edits = monitors.into_iter().map(|document| DocumentEdit::Delete { document }).collect();
    Ok(Done::with_document(storage, edits))
}

/// The ID of the Ceph cluster: storages with the same first monitor are in the same one.
fn fsid(monitors: &[Monitor]) -> String {
    let host = monitors.first().map_or("", |monitor| &monitor.host);
    uuids::from_name(&format!("ceph/{host}"))
}

fn pool_name<S: Store>(
    context: &Context<'_, S>,
    parameter: &str,
    prefix: &str,
    storage: &Document,
) -> Result<String, Failure> {
    match context.text(parameter) {
        Some("") => Err(errors::invalid_argument(format!(
            "[{parameter}] is empty; name a pool, or omit the parameter."
        ))
        .into()),
        Some(name) => Ok(name.to_owned()),
        None => Ok(format!("{prefix}{}", storage.uuid)),
    }
}

/// Reads the monitors, which no other storage of the same kind may use.
async fn read_monitors<S: Store>(context: &Context<'_, S>, resource: &str) -> Result<Vec<Monitor>, Failure> {
    let urls: Vec<_> = texts(context.parameters.get("monUrls")).collect();
    let monitors = monitors("monUrls", &urls)?;
    let used = context.node.store.documents_of(resource).await?;
    let is_used = |monitor: &&Monitor| used.iter().any(|other| other.text("hostname") == Some(&monitor.host));
    if let Some(monitor) = monitors.iter().find(is_used) {
        return Err(errors::invalid_argument(format!(
            "[monUrls] names the host {}, which another storage uses; add monitors to that storage instead.",
            monitor.host
        ))
        .into());
    }
    Ok(monitors)
}

fn monitor_edits<S: Store>(
    context: &Context<'_, S>,
    resource: &str,
    reference: &str,
    storage: &Document,
    monitors: &[Monitor],
) -> Result<Vec<DocumentEdit>, Failure> {
    let edit = |monitor: &Monitor| {
        let uuid = uuids::random();
        let mut fields = object(json!({
            "uuid": uuid, "monUuid": uuid, "hostname": monitor.host, "monAddr": monitor.host,
            "monPort": monitor.port, "sshPort": monitor.ssh_port, "sshUsername": monitor.user,
            "status": "Connected",
        }));
        fields.insert(reference.to_owned(), storage.uuid.clone().into());
        Ok(context.new_document(resource, fields)?.1)
    };
    monitors.iter().map(edit).collect()
}
