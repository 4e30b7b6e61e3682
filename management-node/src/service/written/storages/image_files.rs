//! The files of images on backup storages, and their cached copies on primary storages.

use serde_json::{Value, json};

use super::capacity::answer;
use super::images::store_copies;
use crate::cloud::images;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;
use crate::uuids;

/// The image in one parameter, which must have a copy on the backup storage in the other one.
fn image_on<S: Store>(
    context: &Context<'_, S>,
    parameter: &str,
    storage_parameter: &str,
) -> Result<(Document, Document), Failure> {
    let image = context.target_of(parameter, "image")?;
    let storage = context.target_of(storage_parameter, "backup storage")?;
    if images::has_copy(&image, &storage.uuid) {
        return Ok((image, storage));
    }
    Err(errors::invalid_argument(format!(
        "[{storage_parameter}] names the backup storage [uuid:{}], which has no copy of the image [uuid:{}]; choose \
         another one.",
        storage.uuid, image.uuid
    ))
    .into())
}

/// The hash of the file of an image, of which only the name is known.
fn hash(image: &Document, algorithm: &str) -> String {
    uuids::from_name(&format!("{algorithm}/{}", image.uuid))
}

/// ExportImageFromBackupStorage.
pub(super) fn export<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut image, storage) = image_on(context, "imageUuid", "backupStorageUuid")?;
    let format = context.text("exportFormat").or_else(|| image.text("format")).unwrap_or("qcow2");
    let host = storage.text("hostname").unwrap_or("127.0.0.1");
    let url = format!("http://{host}:8001/imagestore/export/{}.{format}", image.uuid);
    let hash = hash(&image, format);
    let fields = [("exportUrl", json!(url)), ("exportMd5Sum", json!(hash))];
    images::change_copy(&mut image, &storage.uuid, fields, context.now);
    let edits = vec![context.replace(image)];
    Ok(Done { edits, ..answer(json!({"imageUrl": url, "exportMd5Sum": hash})) })
}

/// DeleteExportedImageFromBackupStorage.
pub(super) fn delete_export<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut image, storage) = image_on(context, "imageUuid", "backupStorageUuid")?;
    let fields = [("exportUrl", Value::Null), ("exportMd5Sum", Value::Null)];
    images::change_copy(&mut image, &storage.uuid, fields, context.now);
    Ok(Done { edits: vec![context.replace(image)], ..Done::default() })
}

/// CalculateImageHash.
pub(super) fn calculate_hash<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut image, _) = image_on(context, "uuid", "backupStorageUuid")?;
    let hash = hash(&image, context.text("algorithm").unwrap_or("MD5"));
    image.set("md5Sum", hash);
    Ok(context.finish_change(image))
}

/// SyncImageFromImageStoreBackupStorage and RecoveryImageFromImageStoreBackupStorage: copies an image from
/// one backup storage to another, as a new image.
pub(super) async fn copy<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (source, from) = image_on(context, "uuid", "srcBackupStorageUuid")?;
    let to = context.target_of("dstBackupStorageUuid", "backup storage")?;
    if to.uuid == from.uuid {
        return Err(errors::invalid_argument(
            "[dstBackupStorageUuid] names the backup storage that has the image already; choose another one.",
        )
        .into());
    }
    for (parameter, storage) in [("srcBackupStorageUuid", &from), ("dstBackupStorageUuid", &to)] {
        if storage.text("type") != Some("ImageStoreBackupStorage") {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] names the backup storage [uuid:{}], which is not an ImageStore backup storage; choose \
                 one that is.",
                storage.uuid
            ))
            .into());
        }
    }
    let mut image = context.draft()?;
    let new = image.fields.clone();
    image.fields.to_mut().extend((*source.fields).clone());
    for field in ["uuid", "createDate", "lastOpDate", "_account"] {
        image.set(field, new.get(field).cloned().unwrap_or_default());
    }
    for field in ["name", "description"] {
        image.set(field, context.text(field));
    }
    image.set("backupStorageRefs", json!([]));
    store_copies(context, &mut image, vec![to]).await?;
    Ok(context.create(image))
}

/// CleanUpImageCacheOnPrimaryStorage: deletes the cached copies of images that nothing uses, of expunged
/// images only unless it is forced.
pub(super) async fn clean_up_caches<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let storage = context.target("uuid")?;
    let contents = context.holders(&storage.uuid, "primaryStorageUuid").await?;
    let caches = contents.iter().filter(|content| content.kind == "ImageCache");
    let mut edits = Vec::new();
    for cache in caches {
        let image = cache.text("imageUuid").unwrap_or_default();
        let is_used = contents.iter().any(|volume| volume.text("rootImageUuid") == Some(image))
            || !context.node.store.documents_with("VmCdRom", "isoUuid", image).await?.is_empty();
        let is_outdated = context.flag("force") || context.load(image).await?.is_none();
        if is_outdated && !is_used {
            edits.push(DocumentEdit::Delete { document: cache.clone() });
        }
    }
    Ok(Done { edits, ..Done::default() })
}
