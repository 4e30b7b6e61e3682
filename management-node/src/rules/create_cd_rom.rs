//! CreateVmCdRom: a stopped VM instance gets one more drive.

use super::access;
use super::errors::{self, Verdict};
use super::{tags, texts};
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Image, MediaType, Moment, Uuid, Vm, VmState};
use crate::uuids;

/// How many drives a VM instance has at most: the hypervisor has three letters
/// for them.
pub const MAX_DRIVES: i32 = 3;

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// The ISO that the drive holds from the beginning.
    pub iso_uuid: Option<String>,
    /// The name of the drive.
    pub name: String,
    /// What the drive is.
    pub description: Option<String>,
    /// The identity that the drive is to have.
    pub resource_uuid: Option<String>,
    /// Tag patterns that the drive is to get.
    pub tag_uuids: Vec<String>,
    /// The system tags of the request.
    pub system_tags: Vec<String>,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The image of `iso_uuid`, if it exists.
    pub iso: Option<Image>,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a Facts,
    vm: &'a Vm,
    iso: Option<&'a Image>,
    device_id: i32,
}

/// All rows. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    if let Some(uuid) = facts.resource_uuid.as_deref().filter(|resource_uuid| !uuids::is_valid(resource_uuid))
    {
        return Err(errors::invalid_argument(format!(
            "[resourceUuid] is `{uuid}`, which is not a UUID: 32 lower-case hexadecimal digits, the 13th a version from \
             1 to 5, the 17th one of 8, 9, a and b."
        )));
    }
    texts::check_line("name", Some(&facts.name))?;
    texts::check_paragraph("description", facts.description.as_deref())?;
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let iso = match &facts.iso_uuid {
        Some(uuid) => Some(access::existing_image(facts.iso.as_ref(), uuid)?),
        None => None,
    };
    // No operation of this node creates tag patterns.
    if let Some(uuid) = facts.tag_uuids.first() {
        return Err(errors::not_found("tagUuids", "tag pattern", uuid));
    }
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    if let Some(iso) = iso {
        access::allow_image(caller, iso)?;
    }
    tags::check(&facts.system_tags, caller)?;
    if vm.instance.state != VmState::Stopped {
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{}], which is {}; it must be Stopped to get a CD-ROM drive.",
            vm.instance.uuid, vm.instance.state
        )));
    }
    let device_id = free_device_id(vm)?;
    if let Some(iso) = iso {
        check_iso(vm, iso)?;
    }
    Ok(Admitted { facts, vm, iso, device_id })
}

/// The lowest free device ID.
fn free_device_id(vm: &Vm) -> Verdict<i32> {
    let full = i32::try_from(vm.cd_roms.len()).is_ok_and(|it| it < MAX_DRIVES);
    let free = (0..MAX_DRIVES).find(|id| vm.cd_roms.iter().all(|cd_rom| cd_rom.device_id != *id));
    free.filter(|_| full).ok_or_else(|| {
        errors::operation_failed(format!(
            "The VM instance [uuid:{}] already has {} CD-ROM drives, and can have {MAX_DRIVES}; delete one first.",
            vm.instance.uuid,
            vm.cd_roms.len()
        ))
    })
}

fn check_iso(vm: &Vm, iso: &Image) -> Verdict<()> {
    let uuid = &iso.info.uuid;
    if let Some(drive) = vm.drive_with(uuid) {
        return Err(errors::operation_failed(format!(
            "The CD-ROM drive [uuid:{}] of the VM instance [uuid:{}] already holds the ISO [uuid:{uuid}].",
            drive.uuid, vm.instance.uuid
        )));
    }
    // The platform does not look, and makes a drive that cannot be read.
    if iso.info.media_type != MediaType::Iso {
        return Err(errors::invalid_argument(format!(
            "[isoUuid] names the image [uuid:{uuid}], a {}; a CD-ROM drive takes only an ISO.",
            iso.info.media_type
        )));
    }
    Ok(())
}

impl Admitted<'_> {
    /// The new drive. Its identity may turn out to be taken.
    #[must_use]
    pub fn decide(&self, now: Moment, new_uuid: Uuid) -> (CdRom, Changes) {
        let (facts, vm) = (self.facts, self.vm);
        let drive = CdRom {
            uuid: facts.resource_uuid.clone().unwrap_or(new_uuid),
            vm_instance_uuid: vm.instance.uuid.clone(),
            device_id: self.device_id,
            name: facts.name.clone(),
            description: facts.description.clone(),
            iso_uuid: facts.iso_uuid.clone(),
            // It is filled in when the VM instance starts.
            iso_install_path: None,
            protocol: None,
            create_date: now,
            last_op_date: now,
        };
        let mut guards = vec![Guard::changing(vm)];
        guards.extend(self.iso.map(Guard::reading));
        let claim = facts.resource_uuid.clone().map(Edit::ClaimUuid);
        let edits = claim.into_iter().chain([Edit::create(drive.clone())]).collect();
        (drive, Changes { guards, edits })
    }
}
