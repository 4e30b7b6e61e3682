//! The first rows of every operation: what is named exists, the session
//! holds, and the caller may use what is named.
//!
//! In this order: a resource that does not exist is reported before a session
//! that does not hold.

use super::errors::{self, Verdict};
use crate::model::{Caller, CdRom, Image, Vm};

/// The VM instance, if it exists.
pub(super) fn existing_vm<'a>(vm: Option<&'a Vm>, uuid: &str) -> Verdict<&'a Vm> {
    vm.ok_or_else(|| errors::not_found("vmInstanceUuid", "VM instance", uuid))
}

/// The VM instance that `[uuid]` names, if it exists.
pub(super) fn target_vm<'a>(vm: Option<&'a Vm>, uuid: &str) -> Verdict<&'a Vm> {
    vm.ok_or_else(|| errors::not_found("uuid", "VM instance", uuid))
}

/// The drive that `[uuid]` names, with the VM instance that has it.
pub(super) fn target_drive<'a>(vm: Option<&'a Vm>, uuid: &str) -> Verdict<(&'a Vm, &'a CdRom)> {
    let drive = vm.and_then(|vm| Some((vm, vm.drive(uuid)?)));
    drive.ok_or_else(|| errors::not_found("uuid", "CD-ROM drive", uuid))
}

/// The image, if it exists.
pub(super) fn existing_image<'a>(image: Option<&'a Image>, uuid: &str) -> Verdict<&'a Image> {
    image.ok_or_else(|| errors::not_found("isoUuid", "image", uuid))
}

/// The caller may use the VM instance.
pub(super) fn allow_vm(caller: &Caller, vm: &Vm) -> Verdict<()> {
    let it = &vm.instance;
    if caller.may_use(&it.account_uuid, it.shared) {
        Ok(())
    } else {
        Err(errors::permission_denied("VM instance", &it.uuid))
    }
}

/// The caller may use the image.
pub(super) fn allow_image(caller: &Caller, image: &Image) -> Verdict<()> {
    let it = &image.info;
    if caller.may_use(&it.account_uuid, it.shared) {
        Ok(())
    } else {
        Err(errors::permission_denied("image", &it.uuid))
    }
}
