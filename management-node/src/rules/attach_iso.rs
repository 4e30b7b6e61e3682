//! AttachIsoToVmInstance: attaches an ISO to a CD-ROM drive.

use super::errors::{self, Verdict};
use super::storages::{Storages, is_compatible};
use super::{access, attached_isos};
use crate::model::{
    Caller, CdRom, Changes, Edit, Guard, Image, ImageCache, MediaType, Moment, PrimaryStorage, Vm, VmState,
};

/// The states in which ISOs can be attached and detached.
pub(super) const ALLOWED: &[VmState] = &[VmState::Running, VmState::Paused, VmState::Stopped];

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct AttachIsoFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The UUID of the requested image.
    pub iso_uuid: String,
    /// The UUID of the drive in a tag `cdromUuid::`.
    pub drive_uuid: Option<String>,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The image, if it exists.
    pub iso: Option<Image>,
    /// The drive of `drive_uuid`, if it exists, in any VM instance.
    pub drive: Option<CdRom>,
    /// The cached copies of the image.
    pub caches: Vec<ImageCache>,
    /// The storages.
    pub storages: Storages,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a AttachIsoFacts,
    vm: &'a Vm,
    iso: &'a Image,
    /// The drive in the tag.
    tagged: Option<&'a CdRom>,
}

/// Checks rows 1 to 6, as a dry run does.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &AttachIsoFacts) -> Verdict<Admitted<'_>> {
    // 1: VM instance and image exist.
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let iso = access::existing_image(facts.iso.as_ref(), &facts.iso_uuid)?;
    // 2: the caller may use both.
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    access::check_image_access(caller, iso)?;
    // 3: the ISO is not attached yet.
    check_not_attached(vm, iso)?;
    // 4: the image is an ISO.
    if iso.info.media_type != MediaType::Iso {
        return Err(errors::invalid_argument(format!(
            "[isoUuid] names the image [uuid:{}], which is a {}; only an ISO can be attached.",
            iso.info.uuid, iso.info.media_type
        )));
    }
    let tagged = facts.drive_uuid.as_deref().map(|uuid| tagged_drive(facts, vm, uuid)).transpose()?;
    Ok(Admitted { facts, vm, iso, tagged })
}

/// Checks rows 5 and 6: the drive in the tag exists in this VM instance, and is
/// empty.
fn tagged_drive<'a>(facts: &'a AttachIsoFacts, vm: &Vm, uuid: &str) -> Verdict<&'a CdRom> {
    let Some(drive) = &facts.drive else {
        return Err(errors::operation_failed(format!(
            "The tag [cdromUuid::{uuid}] names a CD-ROM drive that does not exist; omit the tag, or name a drive of \
             the VM instance [uuid:{}].",
            vm.instance.uuid
        )));
    };
    // The platform does not check this, and uses the drive of another VM instance.
    if drive.vm_instance_uuid != vm.instance.uuid {
        return Err(errors::operation_failed(format!(
            "The tag [cdromUuid::{uuid}] names a CD-ROM drive of another VM instance; name a drive of the VM instance \
             [uuid:{}].",
            vm.instance.uuid
        )));
    }
    if let Some(attached) = &drive.iso_uuid {
        return Err(errors::operation_failed(format!(
            "The CD-ROM drive [uuid:{uuid}] already has the ISO [uuid:{attached}]; detach it first, or name another \
             drive."
        )));
    }
    Ok(drive)
}

/// Checks row 3, and again row 9: the ISO is not attached yet.
fn check_not_attached(vm: &Vm, iso: &Image) -> Verdict<()> {
    match vm.drive_with(&iso.info.uuid) {
        None => Ok(()),
        Some(drive) => Err(errors::operation_failed(format!(
            "The ISO [uuid:{}] is already attached to the VM instance [uuid:{}], in the CD-ROM drive [uuid:{}].",
            iso.info.uuid, vm.instance.uuid, drive.uuid
        ))),
    }
}

impl Admitted<'_> {
    /// Checks rows 7 to 11, and attaches the ISO.
    ///
    /// # Errors
    ///
    /// The error of the first violated row.
    pub fn decide(&self, now: Moment) -> Verdict<Changes> {
        let vm = self.vm;
        // 7: the state allows it.
        if !ALLOWED.contains(&vm.instance.state) {
            return Err(errors::wrong_state(vm, "attach an ISO to", ALLOWED));
        }
        // 8: the storage of the VM instance can get the ISO.
        let storage = self.reachable_storage()?;
        // 9: a drive is empty.
        check_not_attached(vm, self.iso)?;
        let empty =
            vm.cd_roms.iter().filter(|cd_rom| cd_rom.is_empty()).min_by_key(|cd_rom| cd_rom.device_id);
        let Some(empty) = empty else {
            return Err(errors::operation_failed(format!(
                "The VM instance [uuid:{}] has no empty CD-ROM drive; detach an ISO, or stop the VM instance and \
                 create a drive.",
                vm.instance.uuid
            )));
        };
        // 10: the drive in the tag, or the first empty one.
        let mut drive = self.tagged.unwrap_or(empty).clone();
        // 11: a VM instance on a host needs the file at once.
        let iso_uuid = &self.iso.info.uuid;
        if vm.instance.state != VmState::Stopped {
            attached_isos::check_availability(&vm.instance, self.iso, &self.facts.storages)?;
            drive.iso_install_path = Some(storage.iso_path(iso_uuid));
        }
        drive.iso_uuid = Some(iso_uuid.clone());
        drive.last_op_date = now;
        Ok(Changes {
            guards: vec![Guard::changing(vm), Guard::reading(self.iso)],
            edits: vec![Edit::update(drive)],
        })
    }

    /// Checks row 8: the primary storage of the root volume has a cached copy of
    /// the ISO, or is compatible with a backup storage that has it.
    fn reachable_storage(&self) -> Verdict<&PrimaryStorage> {
        let (vm, facts) = (self.vm, self.facts);
        let storage = vm
            .root_volume()
            .and_then(|root_volume| facts.storages.primary(&root_volume.primary_storage_uuid));
        let reachable = storage.filter(|storage| {
            facts.caches.iter().any(|cache| cache.primary_storage_uuid == storage.uuid)
                || facts.storages.with_image(self.iso).any(|backup| is_compatible(&backup.storage, storage))
        });
        reachable.ok_or_else(|| {
            errors::operation_failed(format!(
                "The ISO [uuid:{}] is neither cached on the primary storage of the VM instance [uuid:{}] nor on a \
                 backup storage that is compatible with it; add the ISO to such a backup storage.",
                self.iso.info.uuid, vm.instance.uuid
            ))
        })
    }
}
