//! AttachIsoToVmInstance: an ISO goes into a drive.

use super::errors::{self, Verdict};
use super::storages::{Storages, works_with};
use super::{access, inserted};
use crate::model::{
    Caller, CdRom, Changes, Edit, Guard, Image, ImageCache, MediaType, Moment, PrimaryStorage, Vm, VmState,
};

/// The states in which drives can be filled and emptied.
pub(super) const ALLOWED: &[VmState] = &[VmState::Running, VmState::Paused, VmState::Stopped];

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// The image asked for.
    pub iso_uuid: String,
    /// The drive that a tag `cdromUuid::` names.
    pub drive_uuid: Option<String>,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The image, if it exists.
    pub iso: Option<Image>,
    /// The drive of `drive_uuid`, if it exists; of whatever VM instance.
    pub drive: Option<CdRom>,
    /// Where the image is cached.
    pub caches: Vec<ImageCache>,
    /// The storages.
    pub storages: Storages,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a Facts,
    vm: &'a Vm,
    iso: &'a Image,
    /// The drive that a tag names.
    tagged: Option<&'a CdRom>,
}

/// Rows 1 to 6: what is asked for makes sense. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    // 1: they exist.
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let iso = access::existing_image(facts.iso.as_ref(), &facts.iso_uuid)?;
    // 2: the caller may.
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    access::allow_image(caller, iso)?;
    // 3: not attached already.
    refuse_second(vm, iso)?;
    // 4: an ISO.
    if iso.info.media_type != MediaType::Iso {
        return Err(errors::invalid_argument(format!(
            "[isoUuid] names the image [uuid:{}], a {}; only an ISO can be attached.",
            iso.info.uuid, iso.info.media_type
        )));
    }
    let tagged = facts.drive_uuid.as_deref().map(|uuid| tagged_drive(facts, vm, uuid)).transpose()?;
    Ok(Admitted { facts, vm, iso, tagged })
}

/// Rows 5 and 6: the tagged drive is there, of this VM instance, and empty.
fn tagged_drive<'a>(facts: &'a Facts, vm: &Vm, uuid: &str) -> Verdict<&'a CdRom> {
    let Some(drive) = &facts.drive else {
        return Err(errors::operation_failed(format!(
            "The tag [cdromUuid::{uuid}] names a CD-ROM drive that does not exist; leave it out, or name a drive of \
             the VM instance [uuid:{}].",
            vm.instance.uuid
        )));
    };
    // The platform forgets to look, and fills the drive of another.
    if drive.vm_instance_uuid != vm.instance.uuid {
        return Err(errors::operation_failed(format!(
            "The tag [cdromUuid::{uuid}] names a CD-ROM drive of another VM instance; name one of the VM instance \
             [uuid:{}].",
            vm.instance.uuid
        )));
    }
    if let Some(held) = &drive.iso_uuid {
        return Err(errors::operation_failed(format!(
            "The CD-ROM drive [uuid:{uuid}] already holds the ISO [uuid:{held}]; detach that first, or name another \
             drive."
        )));
    }
    Ok(drive)
}

/// Row 3, and again row 9.
fn refuse_second(vm: &Vm, iso: &Image) -> Verdict<()> {
    match vm.drive_with(&iso.info.uuid) {
        None => Ok(()),
        Some(drive) => Err(errors::operation_failed(format!(
            "The ISO [uuid:{}] is already attached to the VM instance [uuid:{}], in the CD-ROM drive [uuid:{}].",
            iso.info.uuid, vm.instance.uuid, drive.uuid
        ))),
    }
}

impl Admitted<'_> {
    /// Rows 7 to 11, and what becomes of the drive.
    ///
    /// # Errors
    ///
    /// The first row that does not hold.
    pub fn decide(&self, now: Moment) -> Verdict<Changes> {
        let vm = self.vm;
        // 7: the state allows it.
        if !ALLOWED.contains(&vm.instance.state) {
            return Err(errors::wrong_state(vm, "attach an ISO to", ALLOWED));
        }
        // 8: the ISO can get to where the VM instance is.
        let storage = self.reachable_storage()?;
        // 9: there is room.
        refuse_second(vm, self.iso)?;
        let empty =
            vm.cd_roms.iter().filter(|cd_rom| cd_rom.is_empty()).min_by_key(|cd_rom| cd_rom.device_id);
        let Some(empty) = empty else {
            return Err(errors::operation_failed(format!(
                "The VM instance [uuid:{}] has no empty CD-ROM drive; detach an ISO, or stop it and create a drive.",
                vm.instance.uuid
            )));
        };
        // 10: which drive.
        let mut drive = self.tagged.unwrap_or(empty).clone();
        // 11: a guest that is there needs the file at once.
        let iso_uuid = &self.iso.info.uuid;
        if vm.instance.state != VmState::Stopped {
            inserted::check_supply(&vm.instance, self.iso, &self.facts.storages)?;
            drive.iso_install_path = Some(storage.iso_path(iso_uuid));
        }
        drive.iso_uuid = Some(iso_uuid.clone());
        drive.last_op_date = now;
        Ok(Changes {
            guards: vec![Guard::changing(vm), Guard::reading(self.iso)],
            edits: vec![Edit::update(drive)],
        })
    }

    /// Row 8: the primary storage of the root volume, if the ISO is cached
    /// there or lies on a backup storage that works with it.
    fn reachable_storage(&self) -> Verdict<&PrimaryStorage> {
        let (vm, facts) = (self.vm, self.facts);
        let storage = vm
            .root_volume()
            .and_then(|root_volume| facts.storages.primary(&root_volume.primary_storage_uuid));
        let reachable = storage.filter(|storage| {
            facts.caches.iter().any(|cache| cache.primary_storage_uuid == storage.uuid)
                || facts.storages.holding(self.iso).any(|it| works_with(&it.storage, storage))
        });
        reachable.ok_or_else(|| {
            errors::operation_failed(format!(
                "The ISO [uuid:{}] is neither cached on the primary storage of the VM instance [uuid:{}] nor on a \
                 backup storage that works with it; add the ISO to such a backup storage.",
                self.iso.info.uuid, vm.instance.uuid
            ))
        })
    }
}
