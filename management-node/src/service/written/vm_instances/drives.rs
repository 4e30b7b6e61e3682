//! CD-ROM drives of VM instances.

use serde_json::json;

use super::super::{Context, Done};
use super::{load_vm, new_part, vm_of_part};
use crate::model::{Document, Guard};
use crate::rules::errors::{self, Verdict};
use crate::rules::tags;
use crate::rules::vms::{Vm, check_state};
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The device ID of the default drive.
const DEFAULT: i64 = 0;

/// An unused device ID, for the time between two edits: device IDs are always
/// unique.
const TEMPORARY: i64 = -1;

/// CreateVmCdRom: adds a drive to a stopped VM instance.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    let iso = context.targets("isoUuid").pop();
    tags::check(&context.call.tags().system, &context.caller)?;
    if vm.state() != "Stopped" {
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{}], which is {}; a CD-ROM drive can only be created while it \
             is Stopped.",
            vm.uuid(),
            vm.state()
        ))
        .into());
    }
    let [maximum] = context.node.settings([("vm", "maximumCdRomNum")]).await?;
    let device_id = free_device_id(&vm, maximum.parse().unwrap_or_default())?;
    if let Some(iso) = &iso {
        check_iso(&vm, iso)?;
    }
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let fields = json!({
        "uuid": context.text("resourceUuid").map_or_else(uuids::random, str::to_owned),
        "vmInstanceUuid": vm.uuid(), "deviceId": device_id, "name": context.text("name"),
        "description": context.text("description"), "isoUuid": context.text("isoUuid"),
    });
    let drive = new_part(context, "VmCdRom", fields)?;
    let guards = std::iter::once(Guard::changing(&vm.instance)).chain(iso.as_ref().map(Guard::reading));
    let edits = vec![context.insert(&drive)];
    Ok(Done { guards: guards.collect(), ..Done::with_document(drive, edits) })
}

/// Finds the lowest free device ID; `maximum` is the number of drives that a VM instance may have.
fn free_device_id(vm: &Vm, maximum: i64) -> Verdict<i64> {
    let has_room = i64::try_from(vm.cd_roms.len()).is_ok_and(|count| count < maximum);
    let free = (0..maximum).find(|id| vm.cd_roms.iter().all(|drive| drive.number("deviceId") != Some(*id)));
    free.filter(|_| has_room).ok_or_else(|| {
        errors::operation_failed(format!(
            "The VM instance [uuid:{}] already has {} CD-ROM drives, and the maximum is {maximum}; delete one first.",
            vm.uuid(),
            vm.cd_roms.len()
        ))
    })
}

fn check_iso(vm: &Vm, iso: &Document) -> Verdict<()> {
    let uuid = &iso.uuid;
    if let Some(drive) = vm.drive_with(uuid) {
        return Err(errors::operation_failed(format!(
            "The CD-ROM drive [uuid:{}] of the VM instance [uuid:{}] already has the ISO [uuid:{uuid}]; choose another \
             ISO, or none.",
            drive.uuid,
            vm.uuid()
        )));
    }
    // The platform does not check this, and creates an unreadable drive.
    match iso.text("mediaType").unwrap_or_default() {
        "ISO" => Ok(()),
        other => Err(errors::invalid_argument(format!(
            "[isoUuid] names the image [uuid:{uuid}], which is a {other}; only an ISO can be attached."
        ))),
    }
}

/// DeleteVmCdRom: deletes a drive, also one with an ISO. Other drives keep their device IDs.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    // A missing one is a success.
    let Ok(drive) = context.target("uuid") else { return Ok(Done::default()) };
    let vm = vm_of_part(context, &drive).await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    check_state(&vm.instance, "delete a CD-ROM drive of", &["Stopped"])?;
    let edits = context.node.deletion(context.plans, context.plan, drive).await?;
    Ok(Done { edits, guards: vec![Guard::changing(&vm.instance)], ..Done::default() })
}

/// UpdateVmCdRom: changes the name or description of a drive, in any state of the VM instance.
pub(super) async fn update<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let drive = context.target_of("uuid", "CD-ROM drive")?;
    let vm = vm_of_part(context, &drive).await?;
    let mut changed = drive.clone();
    for field in ["name", "description"] {
        if let Some(value) = context.text(field) {
            changed.set(field, value);
        }
    }
    if changed == drive {
        return Ok(Done::with_document(drive, Vec::new()));
    }
    let mut done = context.finish_change(changed);
    done.guards.push(Guard::changing(&vm.instance));
    Ok(done)
}

/// SetVmInstanceDefaultCdRom: swaps the device IDs of a drive and the default drive.
pub(super) async fn set_default<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    let uuid = context.text("uuid").unwrap_or_default();
    // The platform fails with an internal error.
    let drive = vm.drive(uuid).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[uuid] names the CD-ROM drive [uuid:{uuid}] of another VM instance; name a drive of the VM instance \
             [uuid:{}].",
            vm.uuid()
        ))
    })?;
    let device_id = drive.number("deviceId");
    if device_id == Some(DEFAULT) {
        return Err(errors::invalid_argument(format!(
            "[uuid] names the CD-ROM drive [uuid:{uuid}], which already is the default drive; name another drive."
        ))
        .into());
    }
    let with_device_id = |drive: &Document, device_id: Option<i64>| {
        let mut drive = drive.clone();
        drive.set("deviceId", device_id);
        drive
    };
    let mut done = context.finish_change(with_device_id(drive, Some(DEFAULT)));
    if let Some(former) = vm.cd_roms.iter().find(|drive| drive.number("deviceId") == Some(DEFAULT)) {
        done.edits.insert(0, context.replace(with_device_id(former, Some(TEMPORARY))));
        let mut former = with_device_id(former, device_id);
        // The first edit gave it a new revision.
        former.revision += 1;
        done.edits.push(context.replace(former));
    }
    done.guards.push(Guard::changing(&vm.instance));
    Ok(done)
}
