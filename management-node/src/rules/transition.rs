//! From one state to another: which changes of state there are, and where they
//! begin.

use zstack_runtime::ErrorCode;

use super::errors::{self, Verdict};
use crate::model::{Moment, Vm, VmInstance, VmState};

/// A change of state that a caller asks for. Destroying is none of them: it is
/// possible in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transition {
    /// To Running, on a host.
    Start,
    /// To Stopped.
    Stop,
    /// To Running, on the same host.
    Reboot,
    /// From Running to Paused.
    Pause,
    /// From Paused to Running.
    Resume,
    /// From Destroyed to Stopped.
    Recover,
    /// From Destroyed to nothing.
    Expunge,
}

impl Transition {
    /// The states in which it can be asked for.
    fn allowed(self) -> &'static [VmState] {
        use VmState::{Crashed, Created, Destroyed, NoState, Paused, Running, Stopped, Unknown};
        match self {
            Self::Start => &[Created, Running, Stopped, Crashed],
            Self::Stop => &[NoState, Running, Stopped, Unknown, Crashed, Paused],
            Self::Reboot => &[NoState, Running, Crashed],
            Self::Pause => &[Running],
            Self::Resume => &[Paused],
            Self::Recover | Self::Expunge => &[Destroyed],
        }
    }

    /// The state allows it.
    pub(super) fn check(self, vm: &Vm) -> Verdict<()> {
        if self.allowed().contains(&vm.instance.state) {
            return Ok(());
        }
        Err(self.failed(vm, *errors::state_forbids(vm, self.allowed())))
    }

    /// It came to nothing.
    pub(super) fn failed(self, vm: &Vm, cause: ErrorCode) -> Box<ErrorCode> {
        let (done, code, description) = match self {
            Self::Start => ("started", "VM.1001", "The VM instance could not be started"),
            Self::Stop => ("stopped", "VM.1002", "The VM instance could not be stopped"),
            Self::Reboot => ("rebooted", "VM.1003", "The VM instance could not be rebooted"),
            Self::Pause => ("paused", "VM.1012", "The VM instance could not be paused"),
            Self::Resume => ("resumed", "VM.1013", "The VM instance could not be resumed"),
            Self::Recover => ("recovered", "SYS.1006", "An operation failed"),
            Self::Expunge => ("expunged", "SYS.1006", "An operation failed"),
        };
        errors::cannot(done, vm, code, description, cause)
    }
}

/// The VM instance in another state. One that is on no host any more remembers
/// the last one.
pub(super) fn in_state(vm: &VmInstance, state: VmState, now: Moment) -> VmInstance {
    let mut it = VmInstance { state, last_op_date: now, ..vm.clone() };
    if !state.is_on_host() {
        it.last_host_uuid = it.host_uuid.take().or(it.last_host_uuid);
    }
    it
}
