//! VM instances whose root volume is a copy: of a volume, of a snapshot, or of that of another VM instance.

use serde_json::{Map, Value, json};

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
    let mut sizes = Vec::new();
    for snapshot in &members {
        check_snapshot(snapshot)?;
        let volume = context.load(snapshot.text("volumeUuid").unwrap_or_default()).await?;
        let size = size_of(snapshot, volume.as_ref());
        if snapshot.text("volumeType") == Some("Root") {
            fields.insert("rootDiskSize".to_owned(), size.into());
            describe_guest(context, &mut fields, volume.as_ref()).await?;
        } else {
            sizes.push(size);
        }
    }
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
    let holders = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    let (mut volumes, mut networks) = (Vec::new(), Vec::new());
    for holder in &holders {
        match (&*holder.base, holder.text("l3NetworkUuid")) {
            ("Volume", _) => volumes.push(holder),
            ("VmNic", Some(network)) if !networks.contains(&network) => networks.push(network),
            _ => {}
        }
    }
    let root = volumes.iter().find(|volume| volume.text("type") == Some("Root")).copied();
    volumes.retain(|volume| volume.text("type") == Some("Data") && context.flag("full"));
    let names = context.parameters.get("names").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut fields = context.parameters.clone();
    // They have another form than in CreateVmInstance.
    fields.remove("vmNicParams");
    for field in ["zoneUuid", "defaultL3NetworkUuid", "cpuNum", "memorySize"] {
        fields.extend(vm.fields.get(field).map(|value| (field.to_owned(), value.clone())));
    }
    if !fields.contains_key("primaryStorageUuidForRootVolume") {
        let storage = root.and_then(|root| root.text("primaryStorageUuid"));
        fields.extend(storage.map(|storage| ("primaryStorageUuidForRootVolume".to_owned(), storage.into())));
    }
    let sizes: Vec<_> = volumes.iter().map(|volume| bytes(volume, "size")).collect();
    let root_size = root.map_or(0, |root| bytes(root, "size"));
    for (field, value) in [
        ("l3NetworkUuids", json!(networks)),
        ("dataDiskSizes", json!(sizes)),
        ("rootDiskSize", root_size.into()),
    ] {
        fields.insert(field.to_owned(), value);
    }
    fields.extend(usable(context, &vm, "instanceOfferingUuid").await?);
    fields.extend(usable(context, &vm, "imageUuid").await?);
    describe_guest(context, &mut fields, root).await?;
    let copies = names.iter().flat_map(|_| volumes.iter().copied().chain(root).chain([&vm]));
    context.node.check_quotas(&context.caller, &copies.collect::<Vec<_>>()).await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let (mut results, mut count) = (Vec::new(), 0);
    for name in names {
        fields.insert("name".to_owned(), name);
        let created = retry_on_conflict(|| async {
            let Done { edits, guards, answer, locks: _locks, .. } = new_vm(context, &fields).await?;
            let Answer::Document(vm) = answer else { return Ok(Value::Null) };
            let mut inventories = context.node.inventories_of(context.plans, vec![vm], &edits).await?;
            let edits = edits.into_iter().map(|edit| Edit::Document(Box::new(edit))).collect();
            context.node.store.commit(Changes { guards, edits }).await?;
            Ok(json!({"inventory": inventories.pop()}))
        });
        match created.await {
            Ok(inventory) => {
                count += 1;
                results.push(inventory);
            }
            Err(error) => results.push(json!({"error": error})),
        }
    }
    let result = json!({"numberOfClonedVm": count, "inventories": results});
    Ok(Done::with_fields([("result", result)]))
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
