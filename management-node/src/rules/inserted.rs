//! ISOs that a guest needs at once: it runs, or is about to.

use super::Storages;
use super::errors::{self, Verdict};
use crate::model::{CdRom, Edit, Image, ImageStatus, Moment, PrimaryStorage, Vm, VmInstance};

/// A backup storage can hand out the ISO now.
pub(super) fn check_supply(vm: &VmInstance, iso: &Image, storages: &Storages) -> Verdict<()> {
    // The platform finds out later, and fails with the same code.
    if iso.info.status != ImageStatus::Ready {
        return Err(errors::operation_failed(format!(
            "The ISO [uuid:{}] is {}; it must be Ready for a VM instance that runs.",
            iso.info.uuid, iso.info.status
        )));
    }
    if storages.supplying(iso, &vm.zone_uuid).next().is_some() {
        return Ok(());
    }
    Err(errors::operation_failed(format!(
        "No connected backup storage of the zone [uuid:{}] holds the ISO [uuid:{}], which the VM instance [uuid:{}] \
         needs at once; connect one, or do without the ISO.",
        vm.zone_uuid, iso.info.uuid, vm.uuid
    )))
}

/// Puts the file of each ISO before the eyes of a guest that begins to run.
/// `isos` are those that still exist.
pub(super) fn present(
    vm: &Vm,
    storage: &PrimaryStorage,
    isos: &[Image],
    storages: &Storages,
    now: Moment,
) -> Verdict<Vec<Edit>> {
    let mut edits = Vec::new();
    for drive in &vm.cd_roms {
        let Some(iso_uuid) = &drive.iso_uuid else { continue };
        let iso = isos.iter().find(|iso| iso.info.uuid == *iso_uuid).ok_or_else(|| {
            errors::operation_failed(format!(
                "The ISO [uuid:{iso_uuid}] in the CD-ROM drive [uuid:{}] does not exist any more; detach it first.",
                drive.uuid
            ))
        })?;
        check_supply(&vm.instance, iso, storages)?;
        let path = Some(storage.iso_path(iso_uuid));
        if drive.iso_install_path != path {
            edits.push(Edit::update(CdRom { iso_install_path: path, last_op_date: now, ..drive.clone() }));
        }
    }
    Ok(edits)
}

/// The storage of the root volume.
pub(super) fn storage_of<'a>(vm: &Vm, storages: &'a Storages) -> Verdict<&'a PrimaryStorage> {
    let storage =
        vm.root_volume().and_then(|root_volume| storages.primary(&root_volume.primary_storage_uuid));
    storage.ok_or_else(|| {
        errors::operation_failed(format!("The VM instance [uuid:{}] has no root volume.", vm.instance.uuid))
    })
}
