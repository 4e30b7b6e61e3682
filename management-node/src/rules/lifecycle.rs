//! StopVmInstance, PauseVmInstance, ResumeVmInstance, RecoverVmInstance and
//! ExpungeVmInstance: changes of state that depend on the VM instance alone.

use super::access;
use super::errors::Verdict;
use super::transition::{Transition, with_state};
use crate::model::{Caller, Changes, Edit, Guard, Moment, Vm, VmState, Volume, VolumeKind, VolumeStatus};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct LifecycleFacts {
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
    vm: &'a Vm,
}

/// Checks, as a dry run does, that the VM instance exists and the caller may use
/// it.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &LifecycleFacts) -> Verdict<Admitted<'_>> {
    let vm = access::target_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    Ok(Admitted { vm })
}

/// The changes of state. Each fails if the state of the VM instance does not
/// allow it.
#[expect(clippy::missing_errors_doc, reason = "documented above for all")]
impl Admitted<'_> {
    /// Stops the VM instance; a stopped one is not changed.
    pub fn stop(&self, now: Moment) -> Verdict<Changes> {
        Transition::Stop.check(self.vm)?;
        if self.vm.instance.state == VmState::Stopped {
            return Ok(Changes::default());
        }
        Ok(self.change(vec![Edit::update(with_state(&self.vm.instance, VmState::Stopped, now))]))
    }

    /// Pauses the VM instance on its host.
    pub fn pause(&self, now: Moment) -> Verdict<Changes> {
        Transition::Pause.check(self.vm)?;
        Ok(self.change(vec![Edit::update(with_state(&self.vm.instance, VmState::Paused, now))]))
    }

    /// Resumes the paused VM instance.
    pub fn resume(&self, now: Moment) -> Verdict<Changes> {
        Transition::Resume.check(self.vm)?;
        Ok(self.change(vec![Edit::update(with_state(&self.vm.instance, VmState::Running, now))]))
    }

    /// Recovers the destroyed VM instance with its root volume. It gets addresses
    /// when it starts; its data volumes stay detached.
    pub fn recover(&self, now: Moment) -> Verdict<Changes> {
        Transition::Recover.check(self.vm)?;
        let ready = |root: &Volume| Volume { status: VolumeStatus::Ready, last_op_date: now, ..root.clone() };
        let mut edits = vec![Edit::update(with_state(&self.vm.instance, VmState::Stopped, now))];
        edits.extend(self.vm.root_volume().map(ready).map(Edit::update));
        Ok(self.change(edits))
    }

    /// Deletes the destroyed VM instance.
    pub fn expunge(&self, now: Moment) -> Verdict<Changes> {
        Transition::Expunge.check(self.vm)?;
        Ok(self.change(expunge(self.vm, now)))
    }

    fn change(&self, edits: Vec<Edit>) -> Changes {
        Changes { guards: vec![Guard::changing(self.vm)], edits }
    }
}

/// Deletes a VM instance with its parts and the snapshots of its root volume.
/// Records are deleted before those to which they refer.
pub(super) fn expunge(vm: &Vm, now: Moment) -> Vec<Edit> {
    let mut edits: Vec<_> = vm.ips.iter().cloned().map(Edit::delete).collect();
    edits.extend(vm.nics.iter().cloned().map(Edit::delete));
    edits.extend(vm.cd_roms.iter().cloned().map(Edit::delete));
    for volume in &vm.volumes {
        if volume.kind == VolumeKind::Root {
            edits.push(Edit::DeleteSnapshots { volume_uuid: volume.uuid.clone() });
            edits.push(Edit::delete(volume.clone()));
        } else {
            edits.push(Edit::update(detach_volume(volume, now)));
        }
    }
    edits.push(Edit::delete(vm.instance.clone()));
    edits
}

/// Detaches a volume from its VM instance.
pub(super) fn detach_volume(volume: &Volume, now: Moment) -> Volume {
    Volume {
        vm_instance_uuid: None,
        device_id: None,
        last_vm_instance_uuid: volume.vm_instance_uuid.clone(),
        last_detach_date: Some(now),
        last_op_date: now,
        ..volume.clone()
    }
}
