//! Groups of snapshots: of all volumes of a VM instance at one time.

use serde_json::{Value, json};

use super::capacity::answer;
use super::primary::object;
use super::snapshots::{remove, reset, take};
use crate::cloud::storages::check_usable;
use crate::cloud::{snapshots, volumes};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The volumes of a VM instance.
async fn volumes_of<S: Store>(context: &Context<'_, S>, vm: &str) -> Result<Vec<Document>, Failure> {
    let mut volumes = context.holders(vm, "vmInstanceUuid").await?;
    volumes.retain(|volume| volume.base == "Volume");
    volumes.sort_by_key(|volume| volume.number("deviceId"));
    Ok(volumes)
}

/// Takes a snapshot of each volume of a VM instance.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let root = context.target("rootVolumeUuid")?;
    let vm = context.load(root.text("vmInstanceUuid").unwrap_or_default()).await?;
    let (Some("Root"), Some(vm)) = (root.text("type"), vm) else {
        return Err(errors::invalid_argument(format!(
            "[rootVolumeUuid] names the volume [uuid:{}], which is not the root volume of a VM instance.",
            root.uuid
        ))
        .into());
    };
    if context.flag("withMemory") {
        volumes::check_field("VM instance", &vm, "state", &["Running", "Paused"])
            .map_err(|error| errors::invalid_argument(error.details.clone().unwrap_or_default()))?;
    }
    let name = context.text("name").unwrap_or_default();
    let mut group = context.draft()?;
    group.set("vmInstanceUuid", vm.uuid.clone());
    if context.flag("withMemory") {
        let nics = context.holders(&vm.uuid, "vmInstanceUuid").await?;
        let networks: Vec<_> = nics.iter().filter_map(|nic| nic.text("l3NetworkUuid")).collect();
        group.set(snapshots::HAS_MEMORY, true);
        group.set(snapshots::NETWORKS, networks);
    }
    let members = volumes_of(context, &vm.uuid).await?;
    let (mut edits, mut refs) = (Vec::new(), Vec::new());
    for volume in members {
        if let Some(storage) = context.load(volume.text("primaryStorageUuid").unwrap_or_default()).await? {
            check_usable("primary storage", &storage)?;
        }
        let fields = json!({
            "name": format!("{name}-{}", volume.text("name").unwrap_or_default()), "groupUuid": group.uuid,
        });
        let (mut snapshot, _) = context.new_document("VolumeSnapshot", object(fields))?;
        edits.extend(take(context, &mut snapshot, volume.clone()).await?);
        refs.push(reference(context, &group, &snapshot, &volume));
        edits.push(context.insert(&snapshot));
    }
    group.set("snapshotCount", refs.len());
    group.set("volumeSnapshotRefs", refs);
    let done = context.create(group);
    let mut all = done.edits;
    all.extend(edits);
    all.push(context.guard(&vm));
    Ok(Done { edits: all, ..done })
}

fn reference<S: Store>(
    context: &Context<'_, S>,
    group: &Document,
    snapshot: &Document,
    volume: &Document,
) -> Value {
    let now = context.now.millis();
    let mut part = json!({
        "volumeSnapshotGroupUuid": group.uuid, "volumeSnapshotUuid": snapshot.uuid, "snapshotDeleted": false,
        "createDate": now, "lastOpDate": now,
    });
    for (field, source, of) in [
        ("volumeUuid", volume, "uuid"),
        ("volumeName", volume, "name"),
        ("volumeType", volume, "type"),
        ("deviceId", volume, "deviceId"),
        ("volumeLastAttachDate", volume, "lastAttachDate"),
        ("volumeSnapshotName", snapshot, "name"),
        ("volumeSnapshotInstallPath", snapshot, "primaryStorageInstallPath"),
    ] {
        if let Some(value) = source.fields.get(of) {
            part[field] = value.clone();
        }
    }
    part
}

async fn members_of<S: Store>(context: &Context<'_, S>, group: &str) -> Result<Vec<Document>, Failure> {
    let mut members = context.holders(group, "groupUuid").await?;
    members.retain(|member| member.base == "VolumeSnapshot");
    Ok(members)
}

fn results(members: &[Document]) -> Value {
    let result = |member: &Document| {
        json!({
            "snapshotUuid": member.uuid, "volumeUuid": member.text("volumeUuid"), "success": true,
        })
    };
    members.iter().map(result).collect()
}

/// Deletes a group with its snapshots.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(group) = context.target("uuid") else { return Ok(Done::default()) };
    let members = members_of(context, &group.uuid).await?;
    let results = results(&members);
    let edits = remove(context, members, vec![group]).await?;
    Ok(Done { edits, ..answer(json!({"results": results})) })
}

/// Deletes a group, whose snapshots remain.
pub(super) async fn ungroup<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(group) = context.target("uuid") else { return Ok(Done::default()) };
    let edits = context.node.deletion(context.plans, context.plan, group).await?;
    Ok(Done { edits, ..Done::default() })
}

/// Resets all volumes of a VM instance to the snapshots of a group.
pub(super) async fn revert<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("uuid")?;
    if let Some(obstacle) = obstacle(context, &group).await? {
        return Err(errors::operation_failed(format!(
            "The volume snapshot group [uuid:{}] cannot be restored: {obstacle}.",
            group.uuid
        ))
        .into());
    }
    let members = members_of(context, &group.uuid).await?;
    let results = results(&members);
    let mut edits: Vec<DocumentEdit> = Vec::new();
    let mut vm = None;
    for member in members {
        let (reset, of_volume) = reset(context, member).await?;
        edits.extend(reset);
        vm = of_volume.or(vm);
    }
    edits.extend(vm.map(|vm| context.guard(&vm)));
    Ok(Done { edits, ..answer(json!({"results": results})) })
}

async fn obstacle<S: Store>(context: &Context<'_, S>, group: &Document) -> Result<Option<String>, Failure> {
    let vm = group.text("vmInstanceUuid").unwrap_or_default();
    Ok(snapshots::obstacle(group, &volumes_of(context, vm).await?))
}

/// Shows which groups can be restored.
pub(super) async fn availability<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut results = Vec::new();
    for group in context.targets("uuids") {
        let obstacle = obstacle(context, &group).await?;
        let mut result = json!({"uuid": group.uuid, "available": obstacle.is_none()});
        if let Some(reason) = obstacle {
            result["reason"] = reason.into();
        }
        results.push(result);
    }
    Ok(answer(json!({"results": results})))
}

/// Lists the groups with memory that need an L3 network.
pub(super) async fn with_memory<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let uuid = context.text("resourceUuid").unwrap_or_default();
    let mut groups = context.node.store.documents_of("VolumeSnapshotGroup").await?;
    groups.retain(|group| {
        group.texts(snapshots::NETWORKS).any(|network| network == uuid)
            && group.may_be_used_by(&context.caller)
    });
    let groups = context.node.inventories_of(context.plans, groups, &[]).await?;
    Ok(answer(json!({"inventories": groups, "resourceUuid": uuid})))
}
