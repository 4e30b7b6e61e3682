//! Primary storages.

use serde_json::{Map, Value, json};

use crate::cloud::{storages, texts};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

const LABEL: &str = "primary storage";

/// Adds a folder that hosts have: on their own disks, or mounted by all.
pub(super) async fn add_folder<S: Store>(context: &Context<'_, S>, kind: &str) -> Result<Done, Failure> {
    let url = context.text("url").unwrap_or_default();
    storages::check_folder("url", url)?;
    let mut storage = context.draft()?;
    storage.set("type", kind);
    storage.set("mountPath", url);
    Ok(context.create(storage))
}

/// Adds a folder of an NFS server.
pub(super) async fn add_nfs<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let url = context.text("url").unwrap_or_default();
    storages::check_nfs_url("url", url)?;
    let mut storage = context.draft()?;
    let zone = storage.text("zoneUuid").unwrap_or_default().to_owned();
    let values = [("type", "NFS"), ("zoneUuid", &zone), ("url", url)];
    let values = values.map(|(field, value)| (field.to_owned(), value.into())).to_vec();
    let other = context.node.store.document_with("PrimaryStorage", values, &storage.uuid).await?;
    if let Some(other) = other {
        return Err(errors::invalid_argument(format!(
            "[url] is `{url}`, which the primary storage [uuid:{}] of the same zone uses; choose another folder.",
            other.uuid
        ))
        .into());
    }
    storage.set("type", "NFS");
    storage.set("mountPath", format!("/opt/zstack/nfsprimarystorage/prim-{}", storage.uuid));
    Ok(context.create(storage))
}

/// Describes the external storage that could be added, without adding it.
pub(super) fn discover<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.draft()?;
    for (field, value) in [("url", context.text("url")), ("identity", context.text("identity"))] {
        storage.set(field, value);
    }
    if let Some(text) = context.text("config") {
        let config = serde_json::from_str::<Map<String, Value>>(text).map_err(|error| {
            errors::invalid_argument(format!("[config] is not a JSON object: {error}; correct it."))
        })?;
        storage.set("config", config);
    }
    storage.set("type", "Addon");
    Ok(Done::with_document(storage, Vec::new()))
}

/// Adds a group of block devices.
pub(super) async fn add_shared_blocks<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let disks: Vec<_> = texts(context.parameters.get("diskUuids")).collect();
    let repeated = disks
        .iter()
        .enumerate()
        .find(|(index, disk)| disks.get(..*index).is_some_and(|former| former.contains(disk)));
    if disks.is_empty() || repeated.is_some() {
        return Err(errors::invalid_argument(
            "[diskUuids] is empty, or names a disk twice; name each disk of the group once.",
        )
        .into());
    }
    let mut storage = context.draft()?;
    let url = format!("sharedblock://{}", storage.uuid);
    for (field, value) in
        [("type", "SharedBlock"), ("mountPath", &url), ("sharedBlockGroupType", "LvmVolumeGroupBasic")]
    {
        storage.set(field, value);
    }
    storage.set("url", url);
    let mut parts = Vec::with_capacity(disks.len());
    for disk in disks {
        let fields = json!({
            "sharedBlockGroupUuid": storage.uuid, "type": "LvmLogicalVolumeBasic", "diskUuid": disk,
            "name": disk, "state": "Enabled", "status": "Connected",
        });
        parts.push(context.new_document("SharedBlock", object(fields))?.1);
    }
    let mut done = context.create(storage);
    done.edits.extend(parts);
    Ok(done)
}

/// The fields of a JSON object.
pub(in crate::service::written) fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

/// Makes a storage available to a cluster.
pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target("primaryStorageUuid")?;
    let cluster = context.target("clusterUuid")?;
    let mut clusters: Vec<_> = storage.texts("attachedClusterUuids").map(str::to_owned).collect();
    if clusters.contains(&cluster.uuid) {
        return Err(errors::operation_failed(format!(
            "The primary storage [uuid:{}] is already attached to the cluster [uuid:{}].",
            storage.uuid, cluster.uuid
        ))
        .into());
    }
    if storage.text("zoneUuid") != cluster.text("zoneUuid") {
        return Err(errors::invalid_argument(format!(
            "[clusterUuid] names the cluster [uuid:{}], which is in another zone than the primary storage [uuid:{}]; \
             choose one of the same zone.",
            cluster.uuid, storage.uuid
        ))
        .into());
    }
    let others = context.holders(&cluster.uuid, "attachedClusterUuids").await?;
    let has_same = |other: &&Document| {
        other.base == storage.base
            && other.text("type") == storage.text("type")
            && other.text("url") == storage.text("url")
            && storage.text("type") != Some("Ceph")
    };
    if let Some(other) = others.iter().find(has_same) {
        return Err(errors::invalid_argument(format!(
            "[primaryStorageUuid] names a storage with the same URL as the primary storage [uuid:{}], which is \
             attached to the cluster [uuid:{}].",
            other.uuid, cluster.uuid
        ))
        .into());
    }
    clusters.push(cluster.uuid);
    storage.set("attachedClusterUuids", clusters);
    Ok(context.finish_change(storage))
}

/// Takes a storage from a cluster, whose VM instances on it stop.
pub(super) async fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target("primaryStorageUuid")?;
    let cluster = context.target("clusterUuid")?;
    let mut clusters: Vec<_> = storage.texts("attachedClusterUuids").map(str::to_owned).collect();
    if !clusters.contains(&cluster.uuid) {
        return Err(errors::invalid_argument(format!(
            "[clusterUuid] names the cluster [uuid:{}], to which the primary storage [uuid:{}] is not attached.",
            cluster.uuid, storage.uuid
        ))
        .into());
    }
    let stopped = stop_vms(context, &storage, Some(&cluster.uuid)).await?;
    clusters.retain(|uuid| *uuid != cluster.uuid);
    storage.set("attachedClusterUuids", clusters);
    let mut done = context.finish_change(storage);
    done.edits.extend(stopped);
    Ok(done)
}

/// Stops the VM instances with a volume on a storage: those of a cluster, or all.
async fn stop_vms<S: Store>(
    context: &Context<'_, S>,
    storage: &Document,
    cluster: Option<&str>,
) -> Result<Vec<DocumentEdit>, Failure> {
    let holders = context.holders(&storage.uuid, "primaryStorageUuid").await?;
    let mut vms: Vec<_> =
        holders.iter().filter_map(|volume| volume.text("vmInstanceUuid")).map(str::to_owned).collect();
    vms.sort();
    vms.dedup();
    let vms = context.node.store.documents(&vms).await?;
    let is_stopped = |vm: &Document| {
        matches!(vm.text("state"), Some("Running" | "Paused" | "Unknown"))
            && cluster.is_none_or(|cluster| vm.text("clusterUuid") == Some(cluster))
    };
    let stop = |mut vm: Document| {
        let host = vm.text("hostUuid").map(str::to_owned);
        vm.set("state", "Stopped");
        if let Some(host) = host {
            vm.set("lastHostUuid", host);
        }
        vm.set("hostUuid", Value::Null);
        context.replace(vm)
    };
    Ok(vms.into_iter().filter(is_stopped).map(stop).collect())
}

/// Enables or disables a storage, or begins its maintenance, which stops the VM instances on it.
pub(super) async fn change_state<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target("uuid")?;
    let event = context.text("stateEvent").unwrap_or_default();
    let (state, stopped) = match event {
        "enable" => ("Enabled", Vec::new()),
        "disable" => ("Disabled", Vec::new()),
        "maintain" => ("Maintenance", stop_vms(context, &storage, None).await?),
        _ => {
            return Err(errors::invalid_argument(format!(
                "[stateEvent] is `{event}`, which is not an event; use one of: enable, disable, maintain."
            ))
            .into());
        }
    };
    storage.set("state", state);
    let mut done = context.finish_change(storage);
    done.edits.extend(stopped);
    Ok(done)
}

/// Deletes a storage and its contents, once no cluster uses it.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(storage) = context.target("uuid") else { return Ok(Done::default()) };
    if let Some(cluster) = storage.texts("attachedClusterUuids").next() {
        return Err(errors::operation_failed(format!(
            "The {LABEL} [uuid:{}] is attached to the cluster [uuid:{cluster}]; detach it first.",
            storage.uuid
        ))
        .into());
    }
    let edits = context.node.deletion(context.plans, context.plan, storage).await?;
    Ok(Done { edits, ..Done::default() })
}
