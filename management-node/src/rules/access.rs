//! The first rows of every operation: the named resources exist, the session is
//! valid, and the caller may use the resources.
//!
//! The order matters: a missing resource is reported before an invalid session.

use super::errors::{self, Verdict};
use crate::model::{Caller, CdRom, Image, Vm};

/// Requires that the VM instance in `[vmInstanceUuid]` exists.
pub(super) fn existing_vm<'a>(vm: Option<&'a Vm>, uuid: &str) -> Verdict<&'a Vm> {
    vm.ok_or_else(|| errors::not_found("vmInstanceUuid", "VM instance", uuid))
}

/// Requires that the VM instance in `[uuid]` exists.
pub(super) fn target_vm<'a>(vm: Option<&'a Vm>, uuid: &str) -> Verdict<&'a Vm> {
    vm.ok_or_else(|| errors::not_found("uuid", "VM instance", uuid))
}

/// Requires that the drive in `[uuid]` exists, and returns it with its VM
/// instance.
pub(super) fn target_drive<'a>(vm: Option<&'a Vm>, uuid: &str) -> Verdict<(&'a Vm, &'a CdRom)> {
    let drive = vm.and_then(|vm| Some((vm, vm.drive(uuid)?)));
    drive.ok_or_else(|| errors::not_found("uuid", "CD-ROM drive", uuid))
}

/// Requires that the image in `[isoUuid]` exists.
pub(super) fn existing_image<'a>(image: Option<&'a Image>, uuid: &str) -> Verdict<&'a Image> {
    image.ok_or_else(|| errors::not_found("isoUuid", "image", uuid))
}

/// Requires that the caller may use the VM instance.
pub(super) fn check_vm_access(caller: &Caller, vm: &Vm) -> Verdict<()> {
    let instance = &vm.instance;
    if caller.may_use(&instance.account_uuid, instance.shared) {
        Ok(())
    } else {
        Err(errors::permission_denied("VM instance", &instance.uuid))
    }
}

/// Requires that the caller may use the image.
pub(super) fn check_image_access(caller: &Caller, image: &Image) -> Verdict<()> {
    let info = &image.info;
    if caller.may_use(&info.account_uuid, info.shared) {
        Ok(())
    } else {
        Err(errors::permission_denied("image", &info.uuid))
    }
}
