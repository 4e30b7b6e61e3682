//! Images that are made of volumes and snapshots, and the backup storages for them.

use super::images::store_copies;
use crate::cloud::storages::{bytes, check_room, check_usable};
use crate::cloud::volumes::check_field;
use crate::cloud::{images, texts};
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// The parameters that describe the guest in a template.
const GUEST: [&str; 3] = ["guestOsType", "platform", "architecture"];

/// CreateRootVolumeTemplateFromRootVolume.
pub(super) async fn from_root_volume<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target_of("rootVolumeUuid", "volume")?;
    check_field("volume", &volume, "type", &["Root"])?;
    check_field("volume", &volume, "status", &["Ready"])?;
    let vm = context.load(volume.text("vmInstanceUuid").unwrap_or_default()).await?;
    let is_active = vm.is_some_and(|vm| matches!(vm.text("state"), Some("Running" | "Paused")));
    let mut storages = context.targets("backupStorageUuids").into_iter();
    let sftp = storages.find(|storage| storage.text("type") == Some("SftpBackupStorage"));
    if let (true, Some(sftp)) = (is_active, sftp) {
        return Err(errors::invalid_argument(format!(
            "[backupStorageUuids] names the SFTP backup storage [uuid:{}], which cannot store the volume of a running \
             or paused VM instance; stop it, or choose another backup storage.",
            sftp.uuid
        ))
        .into());
    }
    create(context, "RootVolumeTemplate", &volume, None).await
}

/// CreateDataVolumeTemplateFromVolume.
pub(super) async fn from_volume<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target_of("volumeUuid", "volume")?;
    check_field("volume", &volume, "status", &["Ready"])?;
    check_field("volume", &volume, "state", &["Enabled"])?;
    create(context, "DataVolumeTemplate", &volume, None).await
}

/// CreateRootVolumeTemplateFromVolumeSnapshot and CreateDataVolumeTemplateFromVolumeSnapshot.
pub(super) async fn from_snapshot<S: Store>(context: &Context<'_, S>, media: &str) -> Result<Done, Failure> {
    let snapshot = context.target_of("snapshotUuid", "volume snapshot")?;
    check_field("volume snapshot", &snapshot, "status", &["Ready"])?;
    let volume = context.load(snapshot.text("volumeUuid").unwrap_or_default()).await?;
    create(context, media, volume.as_ref().unwrap_or(&snapshot), Some(&snapshot)).await
}

async fn create<S: Store>(
    context: &Context<'_, S>,
    media: &str,
    volume: &Document,
    snapshot: Option<&Document>,
) -> Result<Done, Failure> {
    let mut image = context.draft()?;
    image.set("mediaType", media);
    for field in ["system", "virtio"].iter().chain(&GUEST) {
        if let Some(value) = context.parameters.get(*field) {
            image.set(field, value.clone());
        }
    }
    let machine = ["vmInstanceUuid", "rootImageUuid"].into_iter().find_map(|field| volume.text(field));
    let machine = context.load(machine.unwrap_or_default()).await?;
    for field in GUEST.into_iter().filter(|field| context.text(field).is_none()) {
        if let Some(value) = machine.as_ref().and_then(|machine| machine.text(field)) {
            image.set(field, value);
        }
    }
    images::complete_template(&mut image, volume, snapshot);
    let mut storages = context.targets("backupStorageUuids");
    if storages.is_empty() {
        let size = bytes(&image, "actualSize");
        storages = candidates(context, snapshot.unwrap_or(volume)).await?;
        storages.retain(|storage| check_room("backup storage", storage, size).is_ok());
        storages.truncate(1);
    }
    if storages.is_empty() {
        return Err(errors::operation_failed(format!(
            "No backup storage of the zone of the volume [uuid:{}] is Enabled and Connected and has room for its \
             content; add one, or name one with [backupStorageUuids].",
            volume.uuid
        ))
        .into());
    }
    store_copies(context, &mut image, storages).await?;
    Ok(context.create(image))
}

/// The usable backup storages for the content of a volume or snapshot.
async fn candidates<S: Store>(context: &Context<'_, S>, source: &Document) -> Result<Vec<Document>, Failure> {
    let primary = context.load(source.text("primaryStorageUuid").unwrap_or_default()).await?;
    let Some(primary) = primary else { return Ok(Vec::new()) };
    let zone = primary.text("zoneUuid").unwrap_or_default();
    let mut storages = context.holders(zone, "attachedZoneUuids").await?;
    storages.retain(|storage| {
        storage.base == "BackupStorage"
            && check_usable("backup storage", storage).is_ok()
            && images::is_compatible(storage, &primary)
    });
    context.node.set_capacities(&mut storages).await?;
    Ok(storages)
}

/// Lists the backup storages that can store the content of a volume, or of a snapshot.
pub(super) async fn backup_storages<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let named = ["volumeSnapshotUuid", "volumeUuid"].into_iter().flat_map(|parameter| {
        texts(context.parameters.get(parameter)).filter_map(|uuid| context.documents.get(uuid))
    });
    let Some(source) = named.into_iter().next() else {
        return Err(errors::invalid_argument(
            "[volumeUuid] and [volumeSnapshotUuid] are missing; give one of them.",
        )
        .into());
    };
    Ok(Done { answer: Answer::Documents(candidates(context, source).await?), ..Done::default() })
}
