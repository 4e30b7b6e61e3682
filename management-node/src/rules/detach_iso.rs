//! DetachIsoFromVmInstance: detaches an ISO from its CD-ROM drive.

use super::access;
use super::attach_iso::ALLOWED;
use super::errors::{self, Verdict};
use crate::model::{Caller, Changes, Edit, Guard, Moment, Vm};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct DetachIsoFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The UUID of the requested ISO. It is compared with the attached ISOs, not
    /// looked up, so any text is allowed.
    pub iso_uuid: Option<String>,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    vm: &'a Vm,
    iso_uuid: Option<&'a str>,
}

/// Checks, as a dry run does, that the caller may use the VM instance, and that
/// the ISO is unambiguous.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &DetachIsoFacts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
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
    /// Detaches the ISO; one that is not attached is not an error.
    ///
    /// # Errors
    ///
    /// When the state does not allow detaching, even if no ISO is attached.
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
        // The platform does not reset this field.
        drive.protocol = None;
        drive.last_op_date = now;
        Ok(Changes { guards: vec![Guard::changing(vm)], edits: vec![Edit::update(drive)] })
    }
}
