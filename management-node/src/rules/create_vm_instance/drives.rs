//! The CD-ROM drives.

use zstack_runtime::tags;

use super::CreateVmFacts;
use super::place::Place;
use crate::model::{CdRom, MediaType, Moment, Uuid, Vm, VmInstance};
use crate::rules::attached_isos;
use crate::rules::errors::{self, Verdict};

/// The number of drives of a VM instance, unless tags say otherwise.
const DEFAULT_NUMBER: usize = 1;

/// The number of slots in the tag `cdroms`.
const SLOTS: usize = 3;

/// Creates the drives: for the image if it is an ISO, for the ISOs that the tag `cdroms` names, and
/// empty ones up to the usual number.
pub(super) fn create(
    facts: &CreateVmFacts,
    vm: &VmInstance,
    now: Moment,
    new_uuid: &mut impl FnMut() -> Uuid,
) -> Verdict<Vec<CdRom>> {
    let boot = facts.image.as_ref().filter(|image| image.info.media_type == MediaType::Iso);
    let mut isos: Vec<Option<Uuid>> = boot.map(|image| Some(image.info.uuid.clone())).into_iter().collect();
    let system = &facts.request.tags.system;
    if tags::value(system, "createWithoutCdRom") != Some("true") {
        match slots(system)? {
            Some(slots) => {
                for slot in slots {
                    let iso = if slot == "empty" { None } else { Some(existing_iso(facts, slot)?) };
                    // The image is in the first drive already.
                    if iso.is_none() || !isos.contains(&iso) {
                        isos.push(iso);
                    }
                }
            }
            None => isos.resize(isos.len().max(DEFAULT_NUMBER), None),
        }
    }
    if isos.len() > SLOTS {
        return Err(errors::operation_failed(format!(
            "The VM instance would have {} CD-ROM drives; the maximum is {SLOTS}.",
            isos.len()
        )));
    }
    let drive = |(device_id, iso_uuid)| CdRom {
        uuid: new_uuid(),
        vm_instance_uuid: vm.uuid.clone(),
        device_id,
        name: format!("vm-{}-cdRom", vm.uuid),
        description: None,
        iso_uuid,
        iso_install_path: None,
        protocol: None,
        create_date: now,
        last_op_date: now,
    };
    Ok((0..).zip(isos).map(drive).collect())
}

/// Returns the slots of the tag `cdroms::{first}::{second}::{third}` that are used.
fn slots(system: &[String]) -> Verdict<Option<Vec<&str>>> {
    let Some(tag) = system.iter().find_map(|tag| tag.strip_prefix("cdroms::")) else { return Ok(None) };
    let slots: Vec<_> = tag.split("::").collect();
    if slots.len() != SLOTS {
        return Err(errors::invalid_argument(format!(
            "[systemTags cdroms] has {} slots, not {SLOTS}; write the UUID of an ISO, `empty` or `none` for each.",
            slots.len()
        )));
    }
    let mut named: Vec<_> = slots.iter().filter(|slot| !matches!(**slot, "none" | "empty")).collect();
    named.sort_unstable();
    if let Some(twice) = named.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(errors::invalid_argument(format!(
            "[systemTags cdroms] names the ISO [uuid:{}] twice; name it once.",
            twice[0]
        )));
    }
    Ok(Some(slots.into_iter().filter(|slot| *slot != "none").collect()))
}

fn existing_iso(facts: &CreateVmFacts, uuid: &str) -> Verdict<Uuid> {
    let found = facts.isos.iter().find(|iso| iso.info.uuid == uuid && iso.info.media_type == MediaType::Iso);
    found.map(|iso| iso.info.uuid.clone()).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[systemTags cdroms] names [uuid:{uuid}], which is not an ISO image."
        ))
    })
}

/// The UUIDs of the ISO images that the tag `cdroms` names.
#[must_use]
pub fn named_isos(system: &[String]) -> Vec<Uuid> {
    let tag = system.iter().find_map(|tag| tag.strip_prefix("cdroms::")).unwrap_or_default();
    let slots = tag.split("::").filter(|slot| !matches!(*slot, "" | "none" | "empty"));
    slots.map(str::to_owned).collect()
}

/// Sets the paths of the files of the attached ISOs, as the VM instance starts.
pub(super) fn set_install_paths(facts: &CreateVmFacts, vm: &mut Vm, place: &Place<'_>) -> Verdict<()> {
    let boot = facts.image.iter().filter(|image| image.info.media_type == MediaType::Iso);
    let isos: Vec<_> = boot.chain(&facts.isos).cloned().collect();
    let now = vm.instance.create_date;
    let edits = attached_isos::set_install_paths(vm, place.storage, &isos, &facts.storages, now)?;
    for edit in edits {
        if let crate::model::Edit::Update(crate::model::Entity::CdRom(changed)) = edit
            && let Some(drive) = vm.cd_roms.iter_mut().find(|drive| drive.uuid == changed.uuid)
        {
            *drive = changed;
        }
    }
    Ok(())
}
