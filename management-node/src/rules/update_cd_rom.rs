//! UpdateVmCdRom: a drive gets another name or description.

use super::access;
use super::errors::Verdict;
use super::texts;
use crate::model::{Caller, CdRom, Changes, Edit, Guard, Moment, Vm};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The drive asked for.
    pub drive_uuid: String,
    /// Its new name; the old one stays without.
    pub name: Option<String>,
    /// What it is from now on; that stays without.
    pub description: Option<String>,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance that has the drive, if the drive exists.
    pub vm: Option<Vm>,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a Facts,
    vm: &'a Vm,
    drive: &'a CdRom,
}

/// All rows. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    texts::check_line("name", facts.name.as_deref())?;
    texts::check_paragraph("description", facts.description.as_deref())?;
    let (vm, drive) = access::target_drive(facts.vm.as_ref(), &facts.drive_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    Ok(Admitted { facts, vm, drive })
}

impl Admitted<'_> {
    /// The drive as it is from now on; in whatever state the VM instance is.
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
