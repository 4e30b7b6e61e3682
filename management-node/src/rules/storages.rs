//! Primary and backup storages, and the images on them.

use serde_json::{Value, json};

use super::errors::{self, Verdict};
use super::vms::Vm;
use crate::model::{Document, Moment};
use crate::uuids;

/// The types of primary storages that rules know. Callers may add storages of any type.
pub(crate) const PRIMARY_TYPES: [&str; 10] = [
    "LocalStorage",
    "NFS",
    "SharedMountPoint",
    "Ceph",
    "SharedBlock",
    OTHER,
    "AliyunEBS",
    "MiniStorage",
    "VCenter",
    "SimulatorPrimaryStorage",
];

/// The types of backup storages that rules know.
pub(crate) const BACKUP_TYPES: [&str; 7] = [
    "SftpBackupStorage",
    "ImageStoreBackupStorage",
    "Ceph",
    "AliyunEBS",
    "VCenter",
    OTHER,
    "SimulatorBackupStorage",
];

/// The type of a storage that a driver connects; storages of unknown types are like it.
const OTHER: &str = "Addon";

fn type_of<'a>(storage: &'a Document, known: &[&str]) -> &'a str {
    storage.text("type").filter(|kind| known.contains(kind)).unwrap_or(OTHER)
}

/// Returns true if images on `backup` can be copied to `primary`.
pub(crate) fn is_compatible(backup: &Document, primary: &Document) -> bool {
    let (kind, primary_kind) = (type_of(backup, &BACKUP_TYPES), type_of(primary, &PRIMARY_TYPES));
    match kind {
        "SftpBackupStorage" => matches!(primary_kind, "NFS" | "SharedMountPoint" | "LocalStorage"),
        "ImageStoreBackupStorage" => {
            matches!(primary_kind, "NFS" | "SharedMountPoint" | "LocalStorage" | "Ceph" | "SharedBlock")
        }
        // Ceph copies images internally, so both must be in the same Ceph cluster.
        "Ceph" => {
            primary_kind == kind
                && backup.text("fsid").is_some()
                && backup.text("fsid") == primary.text("fsid")
        }
        "SimulatorBackupStorage" => primary_kind == "SimulatorPrimaryStorage",
        _ => primary_kind == kind,
    }
}

/// The copies of an image: backup storages, and the status of each copy.
fn copies(image: &Document) -> impl Iterator<Item = (&str, Option<&str>)> {
    let copies = image.fields.get("backupStorageRefs").and_then(Value::as_array).into_iter().flatten();
    copies.filter_map(|copy| Some((copy.get("backupStorageUuid")?.as_str()?, copy.get("status")?.as_str())))
}

/// The UUIDs of the backup storages that have a copy of an image.
pub(crate) fn storages_of(image: &Document) -> impl Iterator<Item = &str> {
    copies(image).map(|(storage, _)| storage)
}

/// The connected backup storages in a zone from which an image can be read.
pub(crate) fn sources<'a>(
    image: &'a Document,
    zone: &'a str,
    backups: &'a [Document],
) -> impl Iterator<Item = &'a Document> {
    backups.iter().filter(move |backup| {
        backup.text("status") == Some("Connected")
            && backup.texts("attachedZoneUuids").any(|attached| attached == zone)
            && copies(image).any(|(storage, status)| storage == backup.uuid && status != Some("Deleted"))
    })
}

/// The beginning of the paths on a primary storage.
fn folder(storage: &Document) -> &str {
    storage.text("url").unwrap_or_default().trim_end_matches('/')
}

/// The path of the file of an ISO that is attached to a VM instance on a host.
pub(crate) fn iso_path(storage: &Document, iso_uuid: &str) -> String {
    format!("{}/imagecache/iso/{iso_uuid}/{iso_uuid}.iso", folder(storage))
}

/// The path of the file of a volume.
pub(crate) fn volume_path(storage: &Document, kind: &str, account: &str, uuid: &str) -> String {
    let base = folder(storage);
    format!("{base}/{kind}Volumes/acct-{account}/vol-{uuid}/{uuid}.qcow2")
}

/// The fields of the cached copy of an image on a primary storage. The copy outlives the image, so it
/// repeats some of its fields.
pub(crate) fn image_cache(image: &Document, storage: &Document, now: Moment) -> Value {
    let (base, uuid) = (folder(storage), &image.uuid);
    let media_type = image.text("mediaType");
    let (kind, extension) = match media_type {
        Some("ISO") => ("iso", "iso"),
        _ => ("template", image.text("format").unwrap_or_default()),
    };
    json!({
        "uuid": uuids::from_name(&format!("{uuid}/{}", storage.uuid)),
        "imageUuid": uuid, "primaryStorageUuid": storage.uuid, "mediaType": media_type,
        "size": image.number("size"), "actualSize": image.number("actualSize"),
        "installPath": format!("{base}/imagecache/{kind}/{uuid}/{uuid}.{extension}"),
        "createDate": now.millis(),
    })
}

/// Checks that an ISO is ready, and that a connected backup storage has it. `backups` are the storages
/// that have a copy.
pub(crate) fn check_availability(vm: &Document, iso: &Document, backups: &[Document]) -> Verdict<()> {
    // The platform notices this later, and fails with the same code.
    let status = iso.text("status").unwrap_or_default();
    if status != "Ready" {
        return Err(errors::operation_failed(format!(
            "The ISO [uuid:{}] is {status}; it must be Ready for a running VM instance.",
            iso.uuid
        )));
    }
    let zone = vm.text("zoneUuid").unwrap_or_default();
    if sources(iso, zone, backups).next().is_some() {
        return Ok(());
    }
    Err(errors::operation_failed(format!(
        "No connected backup storage in the zone [uuid:{zone}] has the ISO [uuid:{}], which the VM instance [uuid:{}] \
         needs to run; connect such a backup storage, or detach the ISO.",
        iso.uuid, vm.uuid
    )))
}

/// Sets the install paths of the ISOs in all drives of a VM instance that starts. `isos` are those that
/// still exist, `backups` the storages that have them.
pub(crate) fn set_install_paths(
    vm: &mut Vm,
    storage: &Document,
    isos: &[Document],
    backups: &[Document],
) -> Verdict<()> {
    for drive in &mut vm.cd_roms {
        let Some(iso_uuid) = drive.text("isoUuid").map(str::to_owned) else { continue };
        let iso = isos.iter().find(|iso| iso.uuid == iso_uuid).ok_or_else(|| {
            errors::operation_failed(format!(
                "The ISO [uuid:{iso_uuid}] in the CD-ROM drive [uuid:{}] no longer exists; detach it first.",
                drive.uuid
            ))
        })?;
        check_availability(&vm.instance, iso, backups)?;
        drive.set("isoInstallPath", iso_path(storage, &iso_uuid));
    }
    Ok(())
}
