//! DeleteVmCdRom: deletes a CD-ROM drive, also one with an ISO.

use zstack_runtime::constraints::is_uuid;

use super::access;
use super::errors::{self, Verdict};
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Vm, VmState};

/// The states in which a drive can be deleted.
const ALLOWED: &[VmState] = &[VmState::Stopped];

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct DeleteCdRomFacts {
    /// The UUID of the requested drive.
    pub drive_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance that has the drive, if the drive exists.
    pub vm: Option<Vm>,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    /// `None` if the drive does not exist, which is a success.
    drive: Option<(&'a Vm, &'a CdRom)>,
}

/// Checks, as a dry run does, that the drive exists or has a valid UUID, and that
/// the caller may delete it.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &DeleteCdRomFacts) -> Verdict<Admitted<'_>> {
    let drive = match access::target_drive(facts.vm.as_ref(), &facts.drive_uuid) {
        Err(_) if is_uuid(&facts.drive_uuid) => None,
        found => Some(found?),
    };
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    if let Some((vm, _)) = drive {
        access::check_vm_access(caller, vm)?;
    }
    Ok(Admitted { drive })
}

impl Admitted<'_> {
    /// Deletes the drive. Other drives keep their device IDs.
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
