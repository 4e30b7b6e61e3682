//! SetVmInstanceDefaultCdRom: makes a CD-ROM drive the default one.

use super::access;
use super::errors::{self, Verdict};
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Moment, Vm};

/// The device ID of the default drive.
const DEFAULT: i32 = 0;

/// An unused device ID, for the time between two edits: device IDs are always
/// unique.
const TEMPORARY: i32 = -1;

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct DefaultCdRomFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The UUID of the requested drive.
    pub drive_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The drive, if it exists, in any VM instance.
    pub drive: Option<CdRom>,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    vm: &'a Vm,
    drive: &'a CdRom,
}

/// Checks all rows, as a dry run does.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &DefaultCdRomFacts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    if facts.drive.is_none() {
        return Err(errors::not_found("uuid", "CD-ROM drive", &facts.drive_uuid));
    }
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    // The platform fails with an internal error.
    let drive = vm.drive(&facts.drive_uuid).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[uuid] names the CD-ROM drive [uuid:{}] of another VM instance; name a drive of the VM instance [uuid:{}].",
            facts.drive_uuid, vm.instance.uuid
        ))
    })?;
    if drive.device_id == DEFAULT {
        return Err(errors::invalid_argument(format!(
            "[uuid] names the CD-ROM drive [uuid:{}], which already is the default drive; name another drive.",
            drive.uuid
        )));
    }
    Ok(Admitted { vm, drive })
}

impl Admitted<'_> {
    /// Swaps the device IDs of the drive and the former default drive.
    #[must_use]
    pub fn decide(&self, now: Moment) -> (CdRom, Changes) {
        let with_device_id =
            |drive: &CdRom, device_id| CdRom { device_id, last_op_date: now, ..drive.clone() };
        let drive = with_device_id(self.drive, DEFAULT);
        let former = self.vm.cd_roms.iter().find(|cd_rom| cd_rom.device_id == DEFAULT);
        let mut edits = Vec::with_capacity(3);
        edits.extend(former.map(|former| Edit::update(with_device_id(former, TEMPORARY))));
        edits.push(Edit::update(drive.clone()));
        edits.extend(former.map(|former| Edit::update(with_device_id(former, self.drive.device_id))));
        (drive, Changes { guards: vec![Guard::changing(self.vm)], edits })
    }
}
