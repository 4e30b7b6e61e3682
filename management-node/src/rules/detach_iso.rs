//! DetachIsoFromVmInstance: a drive gets empty again.

use super::access;
use super::attach_iso::ALLOWED;
use super::errors::{self, Verdict};
use crate::model::{Caller, Changes, Edit, Guard, Moment, Vm};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// The ISO asked for. It is compared, not looked up: any text will do.
    pub iso_uuid: Option<String>,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    vm: &'a Vm,
    iso_uuid: Option<&'a str>,
}

/// What is asked for makes sense. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    let attached = vm.cd_roms.iter().filter(|cd_rom| !cd_rom.is_empty()).count();
    if attached > 1 && facts.iso_uuid.is_none() {
        return Err(errors::operation_failed(format!(
            "The VM instance [uuid:{}] has {attached} ISOs attached; [isoUuid] must name one of them.",
            vm.instance.uuid
        )));
    }
    Ok(Admitted { vm, iso_uuid: facts.iso_uuid.as_deref() })
}

impl Admitted<'_> {
    /// The state, and what becomes of the drive; nothing, when the ISO is not
    /// attached.
    ///
    /// # Errors
    ///
    /// When the state does not allow it, even if nothing is attached.
    pub fn decide(&self, now: Moment) -> Verdict<Changes> {
        let vm = self.vm;
        if !ALLOWED.contains(&vm.instance.state) {
            return Err(errors::wrong_state(vm, "detach an ISO from", ALLOWED));
        }
        let drive = match self.iso_uuid {
            Some(iso_uuid) => vm.drive_with(iso_uuid),
            None => vm.cd_roms.iter().find(|cd_rom| !cd_rom.is_empty()),
        };
        let Some(drive) = drive else {
            return Ok(Changes::default());
        };
        let mut drive = drive.clone();
        drive.iso_uuid = None;
        drive.iso_install_path = None;
        // The platform forgets this one.
        drive.protocol = None;
        drive.last_op_date = now;
        Ok(Changes { guards: vec![Guard::changing(vm)], edits: vec![Edit::update(drive)] })
    }
}
