//! StopVmInstance, PauseVmInstance, ResumeVmInstance, RecoverVmInstance and
//! ExpungeVmInstance: changes of state that need nothing but the VM instance.

use super::access;
use super::errors::Verdict;
use super::transition::{Transition, in_state};
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
    Ok(Admitted { vm })
}

/// Each answers what becomes of the VM instance, or an error when its state
/// does not allow that.
#[expect(clippy::missing_errors_doc, reason = "the line above says it for all")]
impl Admitted<'_> {
    /// It is Stopped; nothing changes if it is already.
    pub fn stop(&self, now: Moment) -> Verdict<Changes> {
        Transition::Stop.check(self.vm)?;
        if self.vm.instance.state == VmState::Stopped {
            return Ok(Changes::default());
        }
        Ok(self.change(vec![Edit::update(in_state(&self.vm.instance, VmState::Stopped, now))]))
    }

    /// It is Paused, on its host.
    pub fn pause(&self, now: Moment) -> Verdict<Changes> {
        Transition::Pause.check(self.vm)?;
        Ok(self.change(vec![Edit::update(in_state(&self.vm.instance, VmState::Paused, now))]))
    }

    /// It is Running again.
    pub fn resume(&self, now: Moment) -> Verdict<Changes> {
        Transition::Resume.check(self.vm)?;
        Ok(self.change(vec![Edit::update(in_state(&self.vm.instance, VmState::Running, now))]))
    }

    /// It is Stopped again, with its root volume. It has no addresses until it
    /// is started, and its data volumes stay where they are.
    pub fn recover(&self, now: Moment) -> Verdict<Changes> {
        Transition::Recover.check(self.vm)?;
        let ready = |it: &Volume| Volume { status: VolumeStatus::Ready, last_op_date: now, ..it.clone() };
        let mut edits = vec![Edit::update(in_state(&self.vm.instance, VmState::Stopped, now))];
        edits.extend(self.vm.root_volume().map(ready).map(Edit::update));
        Ok(self.change(edits))
    }

    /// It is gone.
    pub fn expunge(&self, now: Moment) -> Verdict<Changes> {
        Transition::Expunge.check(self.vm)?;
        Ok(self.change(expunge(self.vm, now)))
    }

    fn change(&self, edits: Vec<Edit>) -> Changes {
        Changes { guards: vec![Guard::changing(self.vm)], edits }
    }
}

/// Everything in it goes, with the snapshots of its root volume; what refers
/// to something else goes first.
fn expunge(vm: &Vm, now: Moment) -> Vec<Edit> {
    let mut edits: Vec<_> = vm.ips.iter().cloned().map(Edit::delete).collect();
    edits.extend(vm.nics.iter().cloned().map(Edit::delete));
    edits.extend(vm.cd_roms.iter().cloned().map(Edit::delete));
    for volume in &vm.volumes {
        if volume.kind == VolumeKind::Root {
            edits.push(Edit::DeleteSnapshots { volume_uuid: volume.uuid.clone() });
            edits.push(Edit::delete(volume.clone()));
        } else {
            edits.push(Edit::update(detached(volume, now)));
        }
    }
    edits.push(Edit::delete(vm.instance.clone()));
    edits
}

/// A volume that outlives its VM instance.
pub(super) fn detached(volume: &Volume, now: Moment) -> Volume {
    Volume {
        vm_instance_uuid: None,
        device_id: None,
        last_vm_instance_uuid: volume.vm_instance_uuid.clone(),
        last_detach_date: Some(now),
        last_op_date: now,
        ..volume.clone()
    }
}
