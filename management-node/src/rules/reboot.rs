//! RebootVmInstance: off and on again, on the same host.

use super::errors::Verdict;
use super::transition::{Transition, in_state};
use super::{Storages, access, inserted};
use crate::model::{Caller, Changes, Edit, Guard, Image, Moment, Vm, VmState};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The ISOs in its drives, as far as they still exist.
    pub isos: Vec<Image>,
    /// The storages.
    pub storages: Storages,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a Facts,
    vm: &'a Vm,
}

/// It exists, and the caller may. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let vm = access::target_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    Ok(Admitted { facts, vm })
}

impl Admitted<'_> {
    /// The state, and whether the ISOs are at hand.
    ///
    /// # Errors
    ///
    /// The first row that does not hold.
    pub fn decide(&self, now: Moment) -> Verdict<Changes> {
        Transition::Reboot.check(self.vm)?;
        self.reboot(now).map_err(|cause| Transition::Reboot.failed(self.vm, *cause))
    }

    fn reboot(&self, now: Moment) -> Verdict<Changes> {
        let Facts { isos, storages, .. } = self.facts;
        let vm = self.vm;
        let mut edits = inserted::present(vm, inserted::storage_of(vm, storages)?, isos, storages, now)?;
        edits.push(Edit::update(in_state(&vm.instance, VmState::Running, now)));
        let mut guards = vec![Guard::changing(vm)];
        guards.extend(isos.iter().map(Guard::reading));
        Ok(Changes { guards, edits })
    }
}
