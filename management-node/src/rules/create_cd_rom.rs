//! CreateVmCdRom: adds a CD-ROM drive to a stopped VM instance.

use super::access;
use super::errors::{self, Verdict};
use super::{tags, texts};
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Image, MediaType, Moment, Uuid, Vm, VmState};
use crate::uuids;

/// The maximum number of CD-ROM drives of a VM instance.
pub const MAX_DRIVES: i32 = 3;

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct CreateCdRomFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The UUID of the ISO to attach to the new drive.
    pub iso_uuid: Option<String>,
    /// The name of the drive.
    pub name: String,
    /// The description of the drive.
    pub description: Option<String>,
    /// The requested UUID of the drive.
    pub resource_uuid: Option<String>,
    /// The UUIDs of tag patterns for the drive.
    pub tag_uuids: Vec<String>,
    /// The system tags of the request.
    pub system_tags: Vec<String>,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The image of `iso_uuid`, if it exists.
    pub iso: Option<Image>,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a CreateCdRomFacts,
    vm: &'a Vm,
    iso: Option<&'a Image>,
    device_id: i32,
}

/// Checks all rows, as a dry run does.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &CreateCdRomFacts) -> Verdict<Admitted<'_>> {
    if let Some(uuid) = facts.resource_uuid.as_deref().filter(|uuid| !uuids::is_valid(uuid)) {
        return Err(errors::invalid_resource_uuid(uuid));
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
    access::check_vm_access(caller, vm)?;
    if let Some(iso) = iso {
        access::check_image_access(caller, iso)?;
    }
    tags::check(&facts.system_tags, caller)?;
    if vm.instance.state != VmState::Stopped {
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{}], which is {}; a CD-ROM drive can only be created while \
             it is Stopped.",
            vm.instance.uuid, vm.instance.state
        )));
    }
    let device_id = free_device_id(vm)?;
    if let Some(iso) = iso {
        check_iso(vm, iso)?;
    }
    Ok(Admitted { facts, vm, iso, device_id })
}

/// Finds the lowest free device ID.
fn free_device_id(vm: &Vm) -> Verdict<i32> {
    let has_room = i32::try_from(vm.cd_roms.len()).is_ok_and(|count| count < MAX_DRIVES);
    let free = (0..MAX_DRIVES).find(|id| vm.cd_roms.iter().all(|cd_rom| cd_rom.device_id != *id));
    free.filter(|_| has_room).ok_or_else(|| {
        errors::operation_failed(format!(
            "The VM instance [uuid:{}] already has {} CD-ROM drives, and the maximum is {MAX_DRIVES}; delete one first.",
            vm.instance.uuid,
            vm.cd_roms.len()
        ))
    })
}

fn check_iso(vm: &Vm, iso: &Image) -> Verdict<()> {
    let uuid = &iso.info.uuid;
    if let Some(drive) = vm.drive_with(uuid) {
        return Err(errors::operation_failed(format!(
            "The CD-ROM drive [uuid:{}] of the VM instance [uuid:{}] already has the ISO [uuid:{uuid}]; choose another \
             ISO, or none.",
            drive.uuid, vm.instance.uuid
        )));
    }
    // The platform does not check this, and creates an unreadable drive.
    if iso.info.media_type != MediaType::Iso {
        return Err(errors::invalid_argument(format!(
            "[isoUuid] names the image [uuid:{uuid}], which is a {}; only an ISO can be attached.",
            iso.info.media_type
        )));
    }
    Ok(())
}

impl Admitted<'_> {
    /// Creates the drive. The commit fails if its UUID is already in use.
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
            // Set when the VM instance starts.
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
