//! DeleteVmCdRom: a drive goes, with the ISO in it.

use zstack_runtime::constraints::is_uuid;

use super::access;
use super::errors::{self, Verdict};
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Vm, VmState};

/// The states in which a drive can be taken out.
const ALLOWED: &[VmState] = &[VmState::Stopped];

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The drive asked for.
    pub drive_uuid: String,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance that has the drive, if the drive exists.
    pub vm: Option<Vm>,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    /// What does not exist is deleted already.
    drive: Option<(&'a Vm, &'a CdRom)>,
}

/// It exists or could have, and the caller may. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let drive = match access::target_drive(facts.vm.as_ref(), &facts.drive_uuid) {
        Err(_) if is_uuid(&facts.drive_uuid) => None,
        found => Some(found?),
    };
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    if let Some((vm, _)) = drive {
        access::allow_vm(caller, vm)?;
    }
    Ok(Admitted { drive })
}

impl Admitted<'_> {
    /// The state, and the end of the drive. The others keep their places.
    ///
    /// # Errors
    ///
    /// When the state does not allow it.
    pub fn decide(&self) -> Verdict<Changes> {
        let Some((vm, drive)) = self.drive else {
            return Ok(Changes::default());
        };
        if !ALLOWED.contains(&vm.instance.state) {
            return Err(errors::wrong_state(vm, "delete a CD-ROM drive of", ALLOWED));
        }
        Ok(Changes { guards: vec![Guard::changing(vm)], edits: vec![Edit::delete(drive.clone())] })
    }
}
