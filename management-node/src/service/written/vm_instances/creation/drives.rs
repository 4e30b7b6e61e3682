//! The CD-ROM drives.

use serde_json::json;
use zstack_runtime::tags;

use super::super::super::Context;
use super::super::new_part;
use super::{Facts, is_iso};
use crate::model::{Document, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::service::Failure;
use crate::store::Store;

/// The number of slots in the tag `cdroms`.
const SLOTS: usize = 3;

/// Creates the drives: for the image if it is an ISO, for the ISOs that the tag `cdroms` names, and
/// empty ones up to the usual number.
pub(super) fn create<S: Store>(
    context: &Context<'_, S>,
    facts: &Facts<'_>,
    vm_uuid: &str,
) -> Result<Vec<Document>, Failure> {
    let boot = facts.image.as_ref().filter(|image| is_iso(image));
    let mut isos: Vec<Option<Uuid>> = boot.map(|image| Some(image.uuid.clone())).into_iter().collect();
    let system = &context.call.tags().system;
    if tags::value(system, "createWithoutCdRom") != Some("true") {
        match slots(system)? {
            Some(slots) => {
                for slot in slots {
                    let is_empty = slot.eq_ignore_ascii_case("empty");
                    let iso = if is_empty { None } else { Some(existing_iso(facts, slot)?) };
                    // The image is in the first drive already.
                    if iso.is_none() || !isos.contains(&iso) {
                        isos.push(iso);
                    }
                }
            }
            None => isos.resize(isos.len().max(facts.settings.drives), None),
        }
    }
    let maximum = facts.settings.max_drives;
    if isos.len() > maximum {
        return Err(errors::operation_failed(format!(
            "The VM instance would have {} CD-ROM drives; the maximum is {maximum}.",
            isos.len()
        ))
        .into());
    }
    let drive = |(device_id, iso_uuid): (i64, Option<Uuid>)| {
        let name = format!("vm-{vm_uuid}-cdRom");
        let fields =
            json!({"vmInstanceUuid": vm_uuid, "deviceId": device_id, "name": name, "isoUuid": iso_uuid});
        new_part(context, "VmCdRom", fields)
    };
    (0..).zip(isos).map(drive).collect()
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
    let mut named: Vec<_> = slots.iter().filter(|slot| is_uuid(slot)).collect();
    named.sort_unstable();
    if let Some(twice) = named.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(errors::invalid_argument(format!(
            "[systemTags cdroms] names the ISO [uuid:{}] twice; name it once.",
            twice[0]
        )));
    }
    Ok(Some(slots.into_iter().filter(|slot| !slot.eq_ignore_ascii_case("none")).collect()))
}

fn existing_iso(facts: &Facts<'_>, uuid: &str) -> Verdict<Uuid> {
    let found = facts.isos.iter().find(|iso| iso.uuid == uuid);
    found.map(|iso| iso.uuid.clone()).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[systemTags cdroms] names [uuid:{uuid}], which is not an ISO image."
        ))
    })
}

/// The UUIDs of the ISO images that the tag `cdroms` names.
pub(super) fn named_isos(system: &[String]) -> Vec<Uuid> {
    let tag = system.iter().find_map(|tag| tag.strip_prefix("cdroms::")).unwrap_or_default();
    let slots = tag.split("::").filter(|slot| !slot.is_empty() && is_uuid(slot));
    slots.map(str::to_owned).collect()
}

/// True for a slot that names an ISO.
fn is_uuid(slot: &str) -> bool {
    ["none", "empty"].iter().all(|word| !slot.eq_ignore_ascii_case(word))
}
