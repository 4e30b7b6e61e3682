//! Data volumes, from creation to removal.

use serde_json::{Value, json};

use super::primary::object;
use crate::cloud::snapshots::VOLUME_SIZE;
use crate::cloud::{images, storages, volumes};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The kind of the documents that attach a shareable volume.
pub(super) const SHARE: &str = "ShareableVolumeVmInstanceRef";

/// Begins the document of a new data volume.
fn draft<S: Store>(context: &Context<'_, S>) -> Result<Document, Failure> {
    let mut volume = context.draft()?;
    volume.set("type", "Data");
    let is_shareable = context.call.tags().system.iter().any(|tag| tag == "ephemeral::shareable");
    volume.set("isShareable", is_shareable);
    volume.set("actualSize", 0);
    volume.set("status", "NotInstantiated");
    volume.set("primaryStorageUuid", Value::Null);
    Ok(volume)
}

/// Creates a data volume. Without a primary storage, it takes no space until it is attached.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = draft(context)?;
    let size = match context.text("diskOfferingUuid").and_then(|uuid| context.documents.get(uuid)) {
        Some(offering) => {
            volumes::check_field("disk offering", offering, "state", &["Enabled"])?;
            storages::bytes(offering, "diskSize")
        }
        None => context.parameters.get("diskSize").and_then(Value::as_i64).unwrap_or(0),
    };
    if size <= 0 {
        return Err(errors::invalid_argument(format!(
            "[diskSize] is {size}; give a positive size in bytes, or [diskOfferingUuid]."
        ))
        .into());
    }
    volume.set("size", size);
    match context.targets("primaryStorageUuid").pop() {
        Some(storage) => {
            let tags = &context.call.tags().system;
            let host = tags.iter().find_map(|tag| tag.strip_prefix("localStorage::hostUuid::"));
            create_on(context, volume, storage, host).await
        }
        None => Ok(context.create(volume)),
    }
}

/// Creates a data volume on a storage. `host` is the one whose disks it is on, if the storage is local.
async fn create_on<S: Store>(
    context: &Context<'_, S>,
    mut volume: Document,
    storage: Document,
    host: Option<&str>,
) -> Result<Done, Failure> {
    let placed = place(context, &mut volume, storage, host).await?;
    let mut done = context.create(volume);
    done.edits.extend(placed);
    Ok(done)
}

/// Puts a volume on a storage, which must have room. Returns the edits that follow its own.
pub(super) async fn place<S: Store>(
    context: &Context<'_, S>,
    volume: &mut Document,
    mut storage: Document,
    host: Option<&str>,
) -> Result<Vec<DocumentEdit>, Failure> {
    storages::check_usable("primary storage", &storage)?;
    let is_local = storage.text("type") == Some("LocalStorage");
    if is_local && host.is_none() {
        return Err(errors::invalid_argument(format!(
            "[systemTags] names no host, but the primary storage [uuid:{}] is on the disks of hosts; give \
             `localStorage::hostUuid::UUID`.",
            storage.uuid
        ))
        .into());
    }
    context.node.set_capacities(std::slice::from_mut(&mut storage)).await?;
    storages::check_room("primary storage", &storage, storages::bytes(volume, "size"))?;
    volumes::instantiate(volume, &storage);
    let Some(host) = host.filter(|_| is_local) else { return Ok(Vec::new()) };
    let fields = json!({
        "resourceUuid": volume.uuid, "primaryStorageUuid": storage.uuid, "hostUuid": host,
        "size": storages::bytes(volume, "size"), "resourceType": "VolumeVO",
    });
    Ok(vec![context.new_document("LocalStorageResourceRef", object(fields))?.1])
}

/// The host whose disks a document is on, if it is on a local storage.
pub(super) async fn host_of<S: Store>(
    context: &Context<'_, S>,
    uuid: &str,
) -> Result<Option<String>, Failure> {
    let places = context.holders(uuid, "resourceUuid").await?;
    let place = places.iter().find(|place| place.kind == "LocalStorageResourceRef");
    Ok(place.and_then(|place| place.text("hostUuid")).map(str::to_owned))
}

/// Creates a data volume with the content of an image.
pub(super) async fn from_template<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let image = context.target("imageUuid")?;
    if image.text("mediaType") != Some("DataVolumeTemplate") {
        return Err(errors::invalid_argument(format!(
            "[imageUuid] names the image [uuid:{}], which is not a DataVolumeTemplate; choose one that is.",
            image.uuid
        ))
        .into());
    }
    images::check_usable(&image)?;
    let storage = context.target("primaryStorageUuid")?;
    let mut volume = draft(context)?;
    for field in ["size", "actualSize"] {
        volume.set(field, storages::bytes(&image, field));
    }
    volume.set("rootImageUuid", image.uuid);
    create_on(context, volume, storage, context.text("hostUuid")).await
}

/// Creates a data volume with the content of a snapshot.
pub(super) async fn from_snapshot<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let snapshot = context.target("volumeSnapshotUuid")?;
    volumes::check_field("volume snapshot", &snapshot, "status", &["Ready"])?;
    let source = snapshot.text("volumeUuid").unwrap_or_default().to_owned();
    let size = match (snapshot.number(VOLUME_SIZE), context.load(&source).await?) {
        (Some(size), _) => size,
        (None, Some(source)) => storages::bytes(&source, "size"),
        (None, None) => storages::bytes(&snapshot, "size"),
    };
    let storage = match context.targets("primaryStorageUuid").pop() {
        Some(storage) => Some(storage),
        None => context.load(snapshot.text("primaryStorageUuid").unwrap_or_default()).await?,
    };
    let Some(storage) = storage else {
        return Err(errors::operation_failed(format!(
            "The volume snapshot [uuid:{}] is on no primary storage; give [primaryStorageUuid].",
            snapshot.uuid
        ))
        .into());
    };
    let mut volume = draft(context)?;
    volume.set("size", size);
    volume.set("actualSize", storages::bytes(&snapshot, "size"));
    let host = host_of(context, &source).await?;
    create_on(context, volume, storage, host.as_deref()).await
}

/// Deletes a data volume, which can be recovered unless the deletion policy forbids it. It is detached first.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(mut volume) = context.target("uuid") else { return Ok(Done::default()) };
    if volume.text("type") != Some("Data") {
        return Err(errors::invalid_argument(format!(
            "[uuid] names the volume [uuid:{}], which is not a data volume; it is deleted with its VM instance.",
            volume.uuid
        ))
        .into());
    }
    volumes::check_unmounted(&volume)?;
    let status = volume.text("status").unwrap_or_default();
    if status == "Deleted" {
        return Err(errors::operation_failed(format!(
            "The volume [uuid:{}] is already deleted; expunge or recover it.",
            volume.uuid
        ))
        .into());
    }
    let mut edits = Vec::new();
    if let Some(vm) = volume.text("vmInstanceUuid")
        && let Some(vm) = context.load(vm).await?
    {
        edits.push(context.guard(&vm));
    }
    let shares = context.holders(&volume.uuid, "volumeUuid").await?;
    let shares = shares.into_iter().filter(|share| share.kind == SHARE);
    edits.extend(shares.map(|document| DocumentEdit::Delete { document }));
    if context.node.deletes_directly("volume").await? {
        let deletion = context.node.deletion(context.plans, context.plan, volume).await?;
        // What has been deleted already is not deleted again.
        edits.extend(deletion.into_iter().filter(|edit| edit.base() != Some(SHARE)));
        return Ok(Done { edits, ..Done::default() });
    }
    volumes::detach(&mut volume, context.now);
    volume.set("status", "Deleted");
    edits.push(context.replace(volume));
    Ok(Done { edits, ..Done::default() })
}

/// Recovers a deleted data volume.
pub(super) fn recover<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target("uuid")?;
    volumes::check_field("volume", &volume, "status", &["Deleted"])?;
    let status = if volume.text("installPath").is_some() { "Ready" } else { "NotInstantiated" };
    volume.set("status", status);
    Ok(context.finish_change(volume))
}

/// Removes a deleted data volume permanently, with its snapshots.
pub(super) async fn expunge<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target("uuid")?;
    volumes::check_field("volume", &volume, "status", &["Deleted"])?;
    let edits = context.node.deletion(context.plans, context.plan, volume).await?;
    Ok(Done { edits, ..Done::default() })
}

/// Enlarges a volume of a type, `Data` or `Root`.
pub(super) async fn resize<S: Store>(context: &Context<'_, S>, kind: &str) -> Result<Done, Failure> {
    let mut volume = context.target("uuid")?;
    volumes::check_field("volume", &volume, "type", &[kind])?;
    volumes::check_field("volume", &volume, "status", &["Ready"])?;
    let (present, size) = (
        storages::bytes(&volume, "size"),
        context.parameters.get("size").and_then(Value::as_i64).unwrap_or(0),
    );
    if size <= present {
        return Err(errors::invalid_argument(format!(
            "[size] is {size}, but the volume [uuid:{}] has {present} bytes; a volume can only grow.",
            volume.uuid
        ))
        .into());
    }
    let mut edits = Vec::new();
    if let Some(vm) = volume.text("vmInstanceUuid")
        && let Some(vm) = context.load(vm).await?
    {
        volumes::check_field("VM instance", &vm, "state", &["Running", "Stopped"])?;
        edits.push(context.guard(&vm));
    }
    if let Some(mut storage) = context.load(volume.text("primaryStorageUuid").unwrap_or_default()).await? {
        context.node.set_capacities(std::slice::from_mut(&mut storage)).await?;
        storages::check_room("primary storage", &storage, size - present)?;
    }
    volume.set("size", size);
    let mut done = context.finish_change(volume);
    done.edits.extend(edits);
    Ok(done)
}

/// Enables or disables a data volume.
pub(super) fn change_state<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target("uuid")?;
    volumes::check_data(&volume)?;
    volumes::check_unmounted(&volume)?;
    volumes::check_field("volume", &volume, "status", &["Ready", "NotInstantiated", "Creating"])?;
    let state = if context.text("stateEvent") == Some("enable") { "Enabled" } else { "Disabled" };
    volume.set("state", state);
    Ok(context.finish_change(volume))
}
