//! VM instances whose root volume is a copy: of a volume, of a snapshot, or of that of another VM instance.

use serde_json::{Map, Value, json};
use zstack_server::Outcome;

use super::super::{Answer, Context, Done};
use super::creation::new_vm;
use crate::cloud::snapshots::VOLUME_SIZE;
use crate::cloud::storages::bytes;
use crate::cloud::volumes::{ATTACHABLE, check_field};
use crate::model::{Changes, Document, Edit};
use crate::rules::errors;
use crate::service::{Failure, retry_on_conflict};
use crate::store::Store;

/// The fields that describe the guest in a volume.
const GUEST: [&str; 3] = ["platform", "guestOsType", "architecture"];

/// CreateVmInstanceFromVolume.
pub(super) async fn from_volume<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target_of("volumeUuid", "volume")?;
    check_field("volume", &volume, "state", &["Enabled"])?;
    check_field("volume", &volume, "status", &["Ready"])?;
    let mut fields = context.parameters.clone();
    rename(&mut fields, "primaryStorageUuid", "primaryStorageUuidForRootVolume");
    fields.insert("rootDiskSize".to_owned(), bytes(&volume, "size").into());
    describe_guest(context, &mut fields, Some(&volume)).await?;
    new_vm(context, &fields).await
}

/// CreateVmInstanceFromVolumeSnapshot.
pub(super) async fn from_snapshot<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let snapshot = context.target_of("volumeSnapshotUuid", "volume snapshot")?;
    check_snapshot(&snapshot)?;
    let mut fields = context.parameters.clone();
    rename(&mut fields, "primaryStorageUuid", "primaryStorageUuidForRootVolume");
    let volume = context.load(snapshot.text("volumeUuid").unwrap_or_default()).await?;
    fields.insert("rootDiskSize".to_owned(), size_of(&snapshot, volume.as_ref()).into());
    describe_guest(context, &mut fields, volume.as_ref()).await?;
    new_vm(context, &fields).await
}

/// CreateVmInstanceFromVolumeSnapshotGroup: with a data volume for each snapshot of one.
pub(super) async fn from_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target_of("volumeSnapshotGroupUuid", "volume snapshot group")?;
    let mut members = context.holders(&group.uuid, "groupUuid").await?;
    members.retain(|member| member.base == "VolumeSnapshot");
    let mut fields = context.parameters.clone();
    // They are by volume here, and by index in CreateVmInstance.
    let tags = fields.remove("dataVolumeSystemTags").unwrap_or_default();
    let mut tags_on_index = Map::new();
    let mut sizes = Vec::new();
    for snapshot in &members {
        check_snapshot(snapshot)?;
        let volume = context.load(snapshot.text("volumeUuid").unwrap_or_default()).await?;
        let size = size_of(snapshot, volume.as_ref());
        if snapshot.text("volumeType") == Some("Root") {
            fields.insert("rootDiskSize".to_owned(), size.into());
            describe_guest(context, &mut fields, volume.as_ref()).await?;
        } else {
            let index = sizes.len().to_string();
            let of_volume = snapshot.text("volumeUuid").and_then(|volume| tags.get(volume));
            if let Some(tags) = of_volume.or_else(|| tags.get(&index)) {
                tags_on_index.insert(index, tags.clone());
            }
            sizes.push(size);
        }
    }
    fields.insert("dataVolumeSystemTagsOnIndex".to_owned(), tags_on_index.into());
    if !fields.contains_key("rootDiskSize") {
        return Err(errors::operation_failed(format!(
            "The volume snapshot group [uuid:{}] has no snapshot of a root volume; choose another group.",
            group.uuid
        ))
        .into());
    }
    fields.insert("dataDiskSizes".to_owned(), sizes.into());
    new_vm(context, &fields).await
}

fn check_snapshot(snapshot: &Document) -> Result<(), Failure> {
    Ok(check_field("volume snapshot", snapshot, "status", &["Ready"])?)
}

/// The size of the volume when a snapshot was taken.
fn size_of(snapshot: &Document, volume: Option<&Document>) -> i64 {
    let recorded = snapshot.number(VOLUME_SIZE);
    recorded.or(volume.map(|volume| bytes(volume, "size"))).unwrap_or_else(|| bytes(snapshot, "size"))
}

fn rename(fields: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = fields.remove(from) {
        fields.insert(to.to_owned(), value);
    }
}

/// Fills the description of the guest in a volume: that of its VM instance, of its image, or a common one.
async fn describe_guest<S: Store>(
    context: &Context<'_, S>,
    fields: &mut Map<String, Value>,
    volume: Option<&Document>,
) -> Result<(), Failure> {
    let mut source = None;
    for field in ["vmInstanceUuid", "lastVmInstanceUuid", "rootImageUuid"] {
        if let (None, Some(uuid)) = (&source, volume.and_then(|volume| volume.text(field))) {
            source = context.load(uuid).await?;
        }
    }
    for (field, common) in GUEST.into_iter().zip(["Linux", "Linux", "x86_64"]) {
        let known = source.as_ref().and_then(|source| source.text(field)).unwrap_or(common);
        fields.entry(field).or_insert_with(|| known.into());
    }
    Ok(())
}

/// CloneVmInstance: creates each copy on its own, so that one may fail.
pub(super) async fn clone<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = context.target_of("vmInstanceUuid", "VM instance")?;
    check_field("VM instance", &vm, "state", &ATTACHABLE)?;
    let names = context.parameters.get("names").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(name) = names.iter().find(|name| !name.is_string()) {
        return Err(errors::invalid_argument(format!(
            "[names] contains {name}, which is not a text; give the name of each copy."
        ))
        .into());
    }
    let holders = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    let volumes = holders.iter().filter(|holder| holder.base == "Volume");
    let is_copied =
        |volume: &&Document| volume.text("type") == Some("Root") || (is_data(volume) && context.flag("full"));
    let volumes: Vec<_> = volumes.filter(is_copied).collect();
    let mut fields = clone_fields(context, &vm, &holders, &volumes).await?;
    let all = names.iter().flat_map(|_| volumes.iter().copied().chain([&vm]));
    context.node.check_quotas(&context.caller, &all.collect::<Vec<_>>()).await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let (mut results, mut count) = (Vec::new(), 0);
    for name in names {
        fields.insert("name".to_owned(), name);
        results.push(match create_at_once(context, &fields).await {
            Ok(inventory) => {
                count += 1;
                json!({"inventory": inventory})
            }
            Err(error) => json!({"error": error}),
        });
    }
    let result = json!({"numberOfClonedVm": count, "inventories": results});
    Ok(Done::with_fields([("result", result)]))
}

fn is_data(volume: &Document) -> bool {
    volume.text("type") == Some("Data")
}

/// The parameters that create a copy of a VM instance with these volumes.
async fn clone_fields<S: Store>(
    context: &Context<'_, S>,
    vm: &Document,
    holders: &[Document],
    volumes: &[&Document],
) -> Result<Map<String, Value>, Failure> {
    let mut fields = context.parameters.clone();
    // They have another form than in CreateVmInstance.
    fields.remove("vmNicParams");
    for field in ["zoneUuid", "defaultL3NetworkUuid", "cpuNum", "memorySize"] {
        fields.extend(vm.fields.get(field).map(|value| (field.to_owned(), value.clone())));
    }
    let mut networks = Vec::new();
    for network in holders.iter().filter_map(|holder| holder.text("l3NetworkUuid")) {
        if !networks.contains(&network) {
            networks.push(network);
        }
    }
    let sizes: Vec<_> =
        volumes.iter().filter(|volume| is_data(volume)).map(|volume| bytes(volume, "size")).collect();
    let root = volumes.iter().find(|volume| !is_data(volume)).copied();
    for (field, value) in [
        ("l3NetworkUuids", json!(networks)),
        ("dataDiskSizes", json!(sizes)),
        ("rootDiskSize", root.map_or(0, |root| bytes(root, "size")).into()),
    ] {
        fields.insert(field.to_owned(), value);
    }
    if let Some(storage) = root.and_then(|root| root.text("primaryStorageUuid")) {
        fields.entry("primaryStorageUuidForRootVolume").or_insert_with(|| storage.into());
    }
    fields.extend(usable(context, vm, "instanceOfferingUuid").await?);
    fields.extend(usable(context, vm, "imageUuid").await?);
    describe_guest(context, &mut fields, root).await?;
    Ok(fields)
}

/// Creates a VM instance that is stored at once, and returns its inventory.
async fn create_at_once<S: Store>(context: &Context<'_, S>, fields: &Map<String, Value>) -> Outcome<Value> {
    retry_on_conflict(|| async {
        let Done { edits, guards, answer, locks: _locks, .. } = new_vm(context, fields).await?;
        let Answer::Document(vm) = answer else { return Ok(Value::Null) };
        let mut inventories = context.node.inventories_of(context.plans, vec![vm], &edits).await?;
        let edits = edits.into_iter().map(Edit::from).collect();
        context.node.store.commit(Changes { guards, edits }).await?;
        Ok(inventories.pop().unwrap_or_default())
    })
    .await
}

/// A reference of a VM instance that a copy can have too: to an enabled instance offering, or to the
/// template of its root volume.
async fn usable<S: Store>(
    context: &Context<'_, S>,
    vm: &Document,
    field: &str,
) -> Result<Option<(String, Value)>, Failure> {
    let Some(uuid) = vm.text(field) else { return Ok(None) };
    let target = context.load(uuid).await?;
    let is_usable = |target: &Document| {
        target.text("state") == Some("Enabled")
            && target.text("status").is_none_or(|status| status == "Ready")
            && target.text("mediaType").is_none_or(|media| media == "RootVolumeTemplate")
    };
    Ok(target.filter(is_usable).map(|target| (field.to_owned(), target.uuid.into())))
}
