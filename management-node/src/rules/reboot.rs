//! RebootVmInstance: reboots a VM instance on its host.

use super::errors::Verdict;
use super::transition::{Transition, with_state};
use super::{Storages, access, attached_isos};
use crate::model::{Caller, Changes, Edit, Guard, Image, Moment, Vm, VmState};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct RebootFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The ISOs in its drives that still exist.
    pub isos: Vec<Image>,
    /// The storages.
    pub storages: Storages,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a RebootFacts,
    vm: &'a Vm,
}

/// Checks, as a dry run does, that the VM instance exists and the caller may use
/// it.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &RebootFacts) -> Verdict<Admitted<'_>> {
    let vm = access::target_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    Ok(Admitted { facts, vm })
}

impl Admitted<'_> {
    /// Checks the state and the availability of the ISOs, and reboots.
    ///
    /// # Errors
    ///
    /// The error of the first violated row.
    pub fn decide(&self, now: Moment) -> Verdict<Changes> {
        Transition::Reboot.check(self.vm)?;
        self.reboot(now).map_err(|cause| Transition::Reboot.error(self.vm, *cause))
    }

    fn reboot(&self, now: Moment) -> Verdict<Changes> {
        let RebootFacts { isos, storages, .. } = self.facts;
        let vm = self.vm;
        let storage = attached_isos::root_storage(vm, storages)?;
        let mut edits = attached_isos::set_install_paths(vm, storage, isos, storages, now)?;
        edits.push(Edit::update(with_state(&vm.instance, VmState::Running, now)));
        let mut guards = vec![Guard::changing(vm)];
        guards.extend(isos.iter().map(Guard::reading));
        Ok(Changes { guards, edits })
    }
}
