//! SetVmInstanceDefaultCdRom: a drive comes first.

use super::access;
use super::errors::{self, Verdict};
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Moment, Vm};

/// The place of the default drive.
const DEFAULT: i32 = 0;

/// Where no drive is. Between two edits, too, no two drives have one place.
const ASIDE: i32 = -1;

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// The drive asked for.
    pub drive_uuid: String,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The drive, if it exists; of whatever VM instance.
    pub drive: Option<CdRom>,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    vm: &'a Vm,
    drive: &'a CdRom,
}

/// All rows. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    if facts.drive.is_none() {
        return Err(errors::not_found("uuid", "CD-ROM drive", &facts.drive_uuid));
    }
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    // The platform fails on it with an internal error.
    let drive = vm.drive(&facts.drive_uuid).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[uuid] names the CD-ROM drive [uuid:{}] of another VM instance; name one of the VM instance [uuid:{}].",
            facts.drive_uuid, vm.instance.uuid
        ))
    })?;
    if drive.device_id == DEFAULT {
        return Err(errors::invalid_argument(format!(
            "[uuid] names the CD-ROM drive [uuid:{}], which is the default one already; name another one.",
            drive.uuid
        )));
    }
    Ok(Admitted { vm, drive })
}

impl Admitted<'_> {
    /// The drive in its new place; the one that was there gets the old place.
    #[must_use]
    pub fn decide(&self, now: Moment) -> (CdRom, Changes) {
        let place = |drive: &CdRom, device_id| CdRom { device_id, last_op_date: now, ..drive.clone() };
        let drive = place(self.drive, DEFAULT);
        let former = self.vm.cd_roms.iter().find(|cd_rom| cd_rom.device_id == DEFAULT);
        let mut edits = Vec::with_capacity(3);
        edits.extend(former.map(|it| Edit::update(place(it, ASIDE))));
        edits.push(Edit::update(drive.clone()));
        edits.extend(former.map(|it| Edit::update(place(it, self.drive.device_id))));
        (drive, Changes { guards: vec![Guard::changing(self.vm)], edits })
    }
}
