//! ISOs in the drives of VM instances.

use zstack_runtime::tags;

use super::super::{Answer, Context, Done};
use super::{change_vm, load_vm};
use crate::model::{Document, Guard, Uuid};
use crate::query::Selection;
use crate::rules::errors::{self, Verdict};
use crate::rules::storages::{check_availability, is_compatible, iso_path, storages_of};
use crate::rules::vms::{Vm, check_state, state};
use crate::service::Failure;
use crate::store::Store;

/// The states in which ISOs can be attached and detached.
const ALLOWED: &[&str] = &["Running", "Paused", "Stopped"];

/// The states of candidates; Paused is missing, although it allows attaching.
const CANDIDATES: [&str; 2] = ["Running", "Stopped"];

fn is_iso(image: &Document) -> bool {
    image.text("mediaType") == Some("ISO")
}

/// Loads the backup storages that have a copy of an image.
pub(super) async fn backups_of<S: Store>(
    context: &Context<'_, S>,
    images: &[Document],
) -> Result<Vec<Document>, Failure> {
    let mut uuids: Vec<Uuid> = images.iter().flat_map(storages_of).map(str::to_owned).collect();
    uuids.sort_unstable();
    uuids.dedup();
    Ok(context.node.store.documents(&uuids).await?)
}

/// AttachIsoToVmInstance: attaches an ISO to the drive in a tag, or to the first empty one.
pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    let iso = context.target_of("isoUuid", "image")?;
    check_not_attached(&vm, &iso)?;
    if !is_iso(&iso) {
        return Err(errors::invalid_argument(format!(
            "[isoUuid] names the image [uuid:{}], which is a {}; only an ISO can be attached.",
            iso.uuid,
            iso.text("mediaType").unwrap_or_default()
        ))
        .into());
    }
    let tagged = match tags::value(&context.call.tags().system, "cdromUuid") {
        Some(uuid) => Some(tagged_drive(context.load(uuid).await?.as_ref(), &vm, uuid)?),
        None => None,
    };
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    check_state(&vm.instance, "attach an ISO to", ALLOWED)?;
    let backups = backups_of(context, std::slice::from_ref(&iso)).await?;
    let storage = reachable_storage(context, &vm, &iso, &backups).await?;
    let empty = vm.cd_roms.iter().find(|drive| drive.text("isoUuid").is_none());
    let Some(empty) = empty else {
        return Err(errors::operation_failed(format!(
            "The VM instance [uuid:{}] has no empty CD-ROM drive; detach an ISO, or stop the VM instance and create a \
             drive.",
            vm.uuid()
        ))
        .into());
    };
    let drive = tagged.unwrap_or_else(|| empty.uuid.clone());
    let mut after = vm.clone();
    if let Some(drive) = after.drive_mut(&drive) {
        // A VM instance on a host needs the file at once.
        if vm.state() != "Stopped" {
            check_availability(&vm.instance, &iso, &backups)?;
            drive.set("isoInstallPath", iso_path(&storage, &iso.uuid));
        }
        drive.set("isoUuid", iso.uuid.clone());
    }
    let mut done = change_vm(context, &vm, after);
    done.guards.push(Guard::reading(&iso));
    Ok(done)
}

/// Checks that the drive in a tag exists in the VM instance, and is empty.
fn tagged_drive(drive: Option<&Document>, vm: &Vm, uuid: &str) -> Verdict<Uuid> {
    let Some(drive) = drive.filter(|drive| drive.base == "VmCdRom") else {
        return Err(errors::operation_failed(format!(
            "The tag [cdromUuid::{uuid}] names a CD-ROM drive that does not exist; omit the tag, or name a drive of \
             the VM instance [uuid:{}].",
            vm.uuid()
        )));
    };
    // The platform does not check this, and uses the drive of another VM instance.
    if drive.text("vmInstanceUuid") != Some(vm.uuid()) {
        return Err(errors::operation_failed(format!(
            "The tag [cdromUuid::{uuid}] names a CD-ROM drive of another VM instance; name a drive of the VM instance \
             [uuid:{}].",
            vm.uuid()
        )));
    }
    if let Some(attached) = drive.text("isoUuid") {
        return Err(errors::operation_failed(format!(
            "The CD-ROM drive [uuid:{uuid}] already has the ISO [uuid:{attached}]; detach it first, or name another \
             drive."
        )));
    }
    Ok(drive.uuid.clone())
}

fn check_not_attached(vm: &Vm, iso: &Document) -> Verdict<()> {
    match vm.drive_with(&iso.uuid) {
        None => Ok(()),
        Some(drive) => Err(errors::operation_failed(format!(
            "The ISO [uuid:{}] is already attached to the VM instance [uuid:{}], in the CD-ROM drive [uuid:{}].",
            iso.uuid,
            vm.uuid(),
            drive.uuid
        ))),
    }
}

/// Loads the primary storage of the root volume, which is compatible with a backup storage that has the
/// ISO, or has a cached copy of it.
async fn reachable_storage<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    iso: &Document,
    backups: &[Document],
) -> Result<Document, Failure> {
    let storage = root_storage(context, vm).await?;
    if let Some(storage) = storage
        && (backups.iter().any(|backup| is_compatible(backup, &storage))
            || caches_of(context, &iso.uuid).await?.iter().any(|cache| is_on(cache, &storage)))
    {
        return Ok(storage);
    }
    Err(errors::operation_failed(format!(
        "The ISO [uuid:{}] is neither cached on the primary storage of the VM instance [uuid:{}] nor on a backup \
         storage that is compatible with it; add the ISO to such a backup storage.",
        iso.uuid,
        vm.uuid()
    ))
    .into())
}

/// Loads the primary storage of the root volume.
pub(super) async fn root_storage<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
) -> Result<Option<Document>, Failure> {
    match vm.root_volume().and_then(|root| root.text("primaryStorageUuid")) {
        Some(uuid) => context.load(uuid).await,
        None => Ok(None),
    }
}

/// Loads the cached copies of an image, which may have been deleted.
pub(super) async fn caches_of<S: Store>(
    context: &Context<'_, S>,
    image: &str,
) -> Result<Vec<Document>, Failure> {
    Ok(context.node.store.documents_with("ImageCache", "imageUuid", image).await?)
}

/// True if a cached copy or a volume is on a primary storage.
pub(super) fn is_on(part: &Document, storage: &Document) -> bool {
    part.text("primaryStorageUuid") == Some(&storage.uuid)
}

/// DetachIsoFromVmInstance: detaches an ISO; one that is not attached is not an error.
pub(super) async fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    let mut attached = vm.cd_roms.iter().filter(|drive| drive.text("isoUuid").is_some());
    let iso = context.text("isoUuid");
    let count = attached.clone().count();
    if count > 1 && iso.is_none() {
        return Err(errors::operation_failed(format!(
            "The VM instance [uuid:{}] has {count} ISOs attached; [isoUuid] must name one of them.",
            vm.uuid()
        ))
        .into());
    }
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    check_state(&vm.instance, "detach an ISO from", ALLOWED)?;
    let drive = match iso {
        Some(iso) => vm.drive_with(iso),
        None => attached.next(),
    };
    let mut after = vm.clone();
    if let Some(drive) = drive.and_then(|drive| after.drive_mut(&drive.uuid)) {
        // The platform does not reset the protocol.
        for field in ["isoUuid", "isoInstallPath", "protocol"] {
            drive.set(field, serde_json::Value::Null);
        }
    }
    Ok(change_vm(context, &vm, after))
}

/// GetCandidateVmForAttachingIso: lists the VM instances to which an image of any media type can be
/// attached, oldest first.
pub(super) async fn vm_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let iso = context.target_of("isoUuid", "image")?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let store = &context.node.store;
    let backups = backups_of(context, std::slice::from_ref(&iso)).await?;
    let mut storages = store.documents_of("PrimaryStorage").await?;
    storages.retain(|storage| backups.iter().any(|backup| is_compatible(backup, storage)));
    let mut uuids: Vec<Uuid> = Vec::new();
    for storage in storages {
        let volumes = store.documents_with("Volume", "primaryStorageUuid", &storage.uuid).await?;
        let roots = volumes.iter().filter(|volume| volume.text("type") == Some("Root"));
        uuids.extend(roots.filter_map(|root| root.text("vmInstanceUuid")).map(str::to_owned));
    }
    let mut vms = store.documents(&uuids).await?;
    vms.retain(|vm| CANDIDATES.contains(&state(vm)) && vm.may_be_used_by(&context.caller));
    vms.sort_by(|a, b| (a.number("createDate"), &a.uuid).cmp(&(b.number("createDate"), &b.uuid)));
    Ok(Done { answer: Answer::Documents(vms), ..Done::default() })
}

/// The architecture of the hosts of a cluster; one without it gets that of its first host.
pub(super) fn architecture_of(cluster: &Document) -> &str {
    cluster.text("architecture").unwrap_or("x86_64")
}

/// GetCandidateIsoForAttachingVm: lists the ISOs that can be attached to a VM instance, and are not yet.
pub(super) async fn iso_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let storage = root_storage(context, &vm).await?.filter(|_| CANDIDATES.contains(&vm.state()));
    let image = context.plans.registry.get("Image");
    let (Some(storage), Some(image)) = (storage, image) else {
        return Ok(Done { answer: Answer::Documents(Vec::new()), ..Done::default() });
    };
    let isos = Selection::all(image, &context.caller).equal("mediaType", "ISO");
    let mut isos = context.node.store.select_documents(isos).await?.rows.unwrap_or_default();
    let backups = backups_of(context, &isos).await?;
    let cluster = context.load(vm.instance.text("clusterUuid").unwrap_or_default()).await?;
    let architecture = cluster.as_ref().map(architecture_of);
    let zone = vm.instance.text("zoneUuid");
    isos.retain(|iso| {
        let is_source = |backup: &Document| {
            storages_of(iso).any(|storage| storage == backup.uuid)
                && backup.texts("attachedZoneUuids").any(|attached| Some(attached) == zone)
                && is_compatible(backup, &storage)
        };
        iso.text("state") == Some("Enabled")
            && iso.text("status") == Some("Ready")
            && iso.fields.get("system") != Some(&true.into())
            && architecture.is_none_or(|architecture| iso.text("architecture") == Some(architecture))
            && vm.drive_with(&iso.uuid).is_none()
            && backups.iter().any(is_source)
    });
    Ok(Done { answer: Answer::Documents(isos), ..Done::default() })
}
