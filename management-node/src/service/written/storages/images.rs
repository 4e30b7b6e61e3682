//! Images.

use serde_json::Value;

use crate::cloud::{images, storages, texts};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// Adds an image, which is on its backup storages at once.
pub(super) async fn add<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut image = context.draft()?;
    images::complete(&mut image, context.text("mediaType").is_some())?;
    store_copies(context, &mut image, context.targets("backupStorageUuids")).await?;
    Ok(context.create(image))
}

/// Adds the copies on backup storages, of which at least one must have room.
pub(super) async fn store_copies<S: Store>(
    context: &Context<'_, S>,
    image: &mut Document,
    mut targets: Vec<Document>,
) -> Result<(), Failure> {
    for storage in &targets {
        storages::check_usable("backup storage", storage)?;
    }
    context.node.set_capacities(&mut targets).await?;
    let size = storages::bytes(image, "actualSize");
    let mut refusal = None;
    let mut is_stored = false;
    for storage in &targets {
        match storages::check_room("backup storage", storage, size) {
            Ok(()) => {
                images::add_copy(image, storage, context.now);
                is_stored = true;
            }
            Err(error) => refusal = Some(error),
        }
    }
    match refusal {
        Some(error) if !is_stored => Err(error.into()),
        _ => Ok(()),
    }
}

/// Deletes an image, which can be recovered unless the deletion policy forbids it. An ISO is first taken out of all drives.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(mut image) = context.target("uuid") else { return Ok(Done::default()) };
    let named: Vec<_> = texts(context.parameters.get("backupStorageUuids")).collect();
    images::delete(&mut image, &named, context.now);
    let mut edits = eject(context, &image.uuid).await?;
    if context.node.deletes_directly("image").await? {
        // The drives have been changed already.
        let removal = remove(context, image, &named).await?;
        edits.extend(removal.into_iter().filter(|edit| edit.base() != Some("VmCdRom")));
    } else {
        edits.push(context.replace(image));
    }
    Ok(Done { edits, ..Done::default() })
}

/// Takes an ISO out of all drives.
async fn eject<S: Store>(context: &Context<'_, S>, iso: &str) -> Result<Vec<DocumentEdit>, Failure> {
    let drives = context.node.store.documents_with("VmCdRom", "isoUuid", iso).await?;
    let mut vms: Vec<_> =
        drives.iter().filter_map(|drive| drive.text("vmInstanceUuid")).map(str::to_owned).collect();
    vms.sort();
    vms.dedup();
    let vms = context.node.store.documents(&vms).await?;
    // The operations on a VM instance notice the change.
    let mut edits: Vec<_> = vms.iter().map(|vm| context.guard(vm)).collect();
    for mut drive in drives {
        for field in ["isoUuid", "isoInstallPath", "protocol"] {
            drive.set(field, Value::Null);
        }
        edits.push(context.replace(drive));
    }
    Ok(edits)
}

/// Recovers a deleted image.
pub(super) fn recover<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut image = context.target("imageUuid")?;
    let named: Vec<_> = texts(context.parameters.get("backupStorageUuids")).collect();
    images::recover(&mut image, &named, context.now)?;
    Ok(context.finish_change(image))
}

/// Removes a deleted image permanently.
pub(super) async fn expunge<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let named: Vec<_> = texts(context.parameters.get("backupStorageUuids")).collect();
    let edits = remove(context, context.target("imageUuid")?, &named).await?;
    Ok(Done { edits, ..Done::default() })
}

/// Removes deleted copies of an image, and the image with the last one.
async fn remove<S: Store>(
    context: &Context<'_, S>,
    mut image: Document,
    storages: &[&str],
) -> Result<Vec<DocumentEdit>, Failure> {
    if images::expunge(&mut image, storages)? {
        return context.node.deletion(context.plans, context.plan, image).await;
    }
    Ok(vec![context.replace(image)])
}

/// Sets the firmware with which VM instances of an image boot.
pub(super) async fn set_boot_mode<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let image = context.target("uuid")?;
    let mode = context.text("bootMode").unwrap_or_default();
    if mode == "Legacy" && image.text("architecture") == Some("aarch64") {
        return Err(errors::invalid_argument(
            "[bootMode] is Legacy, which the architecture aarch64 does not have; use UEFI.",
        )
        .into());
    }
    let edits = context.set_tag(&image, "bootMode", Some(mode)).await?;
    Ok(Done { edits, ..Done::default() })
}
