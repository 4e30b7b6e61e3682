//! ReimageVmInstance: resets the root volume to a copy of its image.

use serde_json::json;

use super::super::storages::take_snapshot;
use super::super::{Answer, Context, Done};
use super::isos::caches_of;
use super::{load_vm, new_part};
use crate::model::{Document, Guard};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// Takes a snapshot of the root volume of a stopped VM instance, and resets the volume.
pub(super) async fn reimage<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let instance = &vm.instance;
    if vm.state() != "Stopped" {
        return Err(errors::reimage_not_stopped(instance).into());
    }
    // The image of the root volume is known and cached.
    let missing = || errors::reimage_without_cache(instance);
    let root = vm.root_volume().ok_or_else(missing)?;
    let image_uuid = root.text("rootImageUuid").ok_or_else(missing)?;
    let caches = caches_of(context, image_uuid).await?;
    let any_cache = caches.first().ok_or_else(missing)?;
    let image = context.load(image_uuid).await?;
    // The cache has the media type of a deleted image.
    if image.as_ref().unwrap_or(any_cache).text("mediaType") == Some("ISO") {
        return Err(errors::reimage_from_iso(instance, image_uuid).into());
    }
    // The storage has a copy, or can get one.
    let image = image.filter(|image| image.text("status") != Some("Deleted"));
    let storage = root.text("primaryStorageUuid");
    let is_on_storage = |cache: &&Document| cache.text("primaryStorageUuid") == storage;
    let Some(source) = caches.iter().find(is_on_storage).or(image.as_ref()) else {
        return Err(errors::operation_failed(format!(
            "The image [uuid:{image_uuid}] no longer exists, and the primary storage [uuid:{}] has no cached copy of \
             it; the VM instance [uuid:{}] cannot be reimaged.",
            storage.unwrap_or_default(),
            instance.uuid
        ))
        .into());
    };
    let at = context.node.zone.to_datetime(context.now.instant()).strftime("%Y%m%d%H%M%S");
    let fields = json!({
        "name": format!("reimage-vm-point-{}-{at}", instance.uuid),
        "description":
            format!("The root volume of the VM instance [uuid:{}] before it was reimaged.", instance.uuid),
    });
    let mut snapshot = new_part(context, "VolumeSnapshot", fields)?;
    let mut root = root.clone();
    let mut edits = take_snapshot(context, &mut snapshot, &mut root).await?;
    for field in ["size", "actualSize"] {
        root.set(field, source.number(field));
    }
    edits.extend([context.insert(&snapshot), context.replace(root)]);
    let guards = vec![Guard::changing(instance)];
    Ok(Done { edits, guards, answer: Answer::Document(vm.instance), ..Done::default() })
}
