//! DestroyVmInstance: destroys a VM instance, which can then be recovered or
//! expunged.

use zstack_runtime::constraints::is_uuid;

use super::errors::Verdict;
use super::lifecycle::{detach_volume, expunge};
use super::transition::with_state;
use super::{access, addresses};
use crate::model::{Caller, Changes, Edit, Guard, Moment, Vm, VmState, Volume, VolumeKind, VolumeStatus};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct DestroyFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    /// `None` if the VM instance does not exist, which is a success.
    vm: Option<&'a Vm>,
}

/// Checks, as a dry run does, that the VM instance exists or has a valid UUID, and
/// that the caller may use it.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &DestroyFacts) -> Verdict<Admitted<'_>> {
    let vm = match access::target_vm(facts.vm.as_ref(), &facts.vm_uuid) {
        Err(_) if is_uuid(&facts.vm_uuid) => None,
        found => Some(found?),
    };
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    if let Some(vm) = vm {
        access::check_vm_access(caller, vm)?;
    }
    Ok(Admitted { vm })
}

impl Admitted<'_> {
    /// Destroys the VM instance in any state. Drives keep their ISOs. If it is direct, the VM instance is
    /// expunged as well.
    #[must_use]
    pub fn decide(&self, now: Moment, is_direct: bool) -> Changes {
        if let Some(vm) = self.vm.filter(|_| is_direct) {
            return Changes { guards: vec![Guard::changing(vm)], edits: expunge(vm, now) };
        }
        let Some(vm) = self.vm.filter(|vm| vm.instance.state != VmState::Destroyed) else {
            return Changes::default();
        };
        let mut edits = addresses::release(vm, now);
        edits.extend(vm.volumes.iter().map(|volume| {
            Edit::update(match volume.kind {
                VolumeKind::Root => {
                    Volume { status: VolumeStatus::Deleted, last_op_date: now, ..volume.clone() }
                }
                _ => detach_volume(volume, now),
            })
        }));
        edits.push(Edit::update(with_state(&vm.instance, VmState::Destroyed, now)));
        Changes { guards: vec![Guard::changing(vm)], edits }
    }
}
