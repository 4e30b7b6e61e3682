//! DestroyVmInstance: what can be recovered, until it is expunged.

use zstack_runtime::constraints::is_uuid;

use super::errors::Verdict;
use super::lifecycle::detached;
use super::transition::in_state;
use super::{access, addresses};
use crate::model::{Caller, Changes, Edit, Guard, Moment, Vm, VmState, Volume, VolumeKind, VolumeStatus};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    /// What does not exist is destroyed already.
    vm: Option<&'a Vm>,
}

/// It exists or could have, and the caller may. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let vm = match access::target_vm(facts.vm.as_ref(), &facts.vm_uuid) {
        Err(_) if is_uuid(&facts.vm_uuid) => None,
        found => Some(found?),
    };
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    if let Some(vm) = vm {
        access::allow_vm(caller, vm)?;
    }
    Ok(Admitted { vm })
}

impl Admitted<'_> {
    /// What becomes of the VM instance, in whatever state it is. Drives keep
    /// their ISOs.
    #[must_use]
    pub fn decide(&self, now: Moment) -> Changes {
        let Some(vm) = self.vm.filter(|it| it.instance.state != VmState::Destroyed) else {
            return Changes::default();
        };
        let mut edits = addresses::take_back(vm, now);
        edits.extend(vm.volumes.iter().map(|volume| {
            Edit::update(match volume.kind {
                VolumeKind::Root => {
                    Volume { status: VolumeStatus::Deleted, last_op_date: now, ..volume.clone() }
                }
                _ => detached(volume, now),
            })
        }));
        edits.push(Edit::update(in_state(&vm.instance, VmState::Destroyed, now)));
        Changes { guards: vec![Guard::changing(vm)], edits }
    }
}
