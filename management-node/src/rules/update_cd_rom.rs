//! UpdateVmCdRom: changes the name or description of a CD-ROM drive.

use super::access;
use super::errors::Verdict;
use super::texts;
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Moment, Vm};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct UpdateCdRomFacts {
    /// The UUID of the requested drive.
    pub drive_uuid: String,
    /// The new name, if it changes.
    pub name: Option<String>,
    /// The new description, if it changes.
    pub description: Option<String>,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance that has the drive, if the drive exists.
    pub vm: Option<Vm>,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a UpdateCdRomFacts,
    vm: &'a Vm,
    drive: &'a CdRom,
}

/// Checks all rows, as a dry run does.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &UpdateCdRomFacts) -> Verdict<Admitted<'_>> {
    texts::check_line("name", facts.name.as_deref())?;
    texts::check_paragraph("description", facts.description.as_deref())?;
    let (vm, drive) = access::target_drive(facts.vm.as_ref(), &facts.drive_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    Ok(Admitted { facts, vm, drive })
}

impl Admitted<'_> {
    /// Changes the drive in any state of the VM instance.
    #[must_use]
    pub fn decide(&self, now: Moment) -> (CdRom, Changes) {
        let mut drive = self.drive.clone();
        if let Some(name) = &self.facts.name {
            drive.name.clone_from(name);
        }
        if self.facts.description.is_some() {
            drive.description.clone_from(&self.facts.description);
        }
        if drive == *self.drive {
            return (drive, Changes::default());
        }
        drive.last_op_date = now;
        let changes =
            Changes { guards: vec![Guard::changing(self.vm)], edits: vec![Edit::update(drive.clone())] };
        (drive, changes)
    }
}
