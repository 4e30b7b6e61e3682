//! The ISOs of a VM instance that runs or is about to.

use super::Storages;
use super::errors::{self, Verdict};
use crate::model::{CdRom, Edit, Image, ImageStatus, Moment, PrimaryStorage, Vm, VmInstance};

/// Checks that the ISO is ready, and that a connected backup storage has it.
pub(super) fn check_availability(vm: &VmInstance, iso: &Image, storages: &Storages) -> Verdict<()> {
    // The platform notices this later, and fails with the same code.
    if iso.info.status != ImageStatus::Ready {
        return Err(errors::operation_failed(format!(
            "The ISO [uuid:{}] is {}; it must be Ready for a running VM instance.",
            iso.info.uuid, iso.info.status
        )));
    }
    if storages.connected_with_image(iso, &vm.zone_uuid).next().is_some() {
        return Ok(());
    }
    Err(errors::operation_failed(format!(
        "No connected backup storage in the zone [uuid:{}] has the ISO [uuid:{}], which the VM instance [uuid:{}] \
         needs to run; connect such a backup storage, or detach the ISO.",
        vm.zone_uuid, iso.info.uuid, vm.uuid
    )))
}

/// Sets the install paths of the ISOs in all drives of a VM instance that starts.
/// `isos` are those that still exist.
pub(super) fn set_install_paths(
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
                "The ISO [uuid:{iso_uuid}] in the CD-ROM drive [uuid:{}] no longer exists; detach it first.",
                drive.uuid
            ))
        })?;
        check_availability(&vm.instance, iso, storages)?;
        let path = Some(storage.iso_path(iso_uuid));
        if drive.iso_install_path != path {
            edits.push(Edit::update(CdRom { iso_install_path: path, last_op_date: now, ..drive.clone() }));
        }
    }
    Ok(edits)
}

/// Finds the storage of the root volume.
pub(super) fn root_storage<'a>(vm: &Vm, storages: &'a Storages) -> Verdict<&'a PrimaryStorage> {
    let storage =
        vm.root_volume().and_then(|root_volume| storages.primary(&root_volume.primary_storage_uuid));
    storage.ok_or_else(|| {
        errors::operation_failed(format!("The VM instance [uuid:{}] has no root volume.", vm.instance.uuid))
    })
}
