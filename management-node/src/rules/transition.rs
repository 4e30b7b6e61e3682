//! The transitions between the states of a VM instance.

use zstack_runtime::ErrorCode;

use super::errors::{self, Verdict};
use crate::model::{Moment, Vm, VmInstance, VmState};

/// A change of state that a caller can request. Destroying is not included, as it
/// is possible in every state.
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
    /// Deletion of a Destroyed one.
    Expunge,
}

impl Transition {
    /// The states in which the transition is allowed.
    fn allowed_states(self) -> &'static [VmState] {
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

    /// Checks that the state allows the transition.
    pub(super) fn check(self, vm: &Vm) -> Verdict<()> {
        if self.allowed_states().contains(&vm.instance.state) {
            return Ok(());
        }
        Err(self.error(vm, *errors::state_forbids(vm, self.allowed_states())))
    }

    /// Creates the error of the transition.
    pub(super) fn error(self, vm: &Vm, cause: ErrorCode) -> Box<ErrorCode> {
        let (participle, code, description) = match self {
            Self::Start => ("started", "VM.1001", "The VM instance could not be started"),
            Self::Stop => ("stopped", "VM.1002", "The VM instance could not be stopped"),
            Self::Reboot => ("rebooted", "VM.1003", "The VM instance could not be rebooted"),
            Self::Pause => ("paused", "VM.1012", "The VM instance could not be paused"),
            Self::Resume => ("resumed", "VM.1013", "The VM instance could not be resumed"),
            Self::Recover => ("recovered", "SYS.1006", "An operation failed"),
            Self::Expunge => ("expunged", "SYS.1006", "An operation failed"),
        };
        errors::transition_failed(participle, vm, code, description, cause)
    }
}

/// Returns the VM instance with another state. When it leaves its host, that
/// becomes the last host.
pub(super) fn with_state(vm: &VmInstance, state: VmState, now: Moment) -> VmInstance {
    let mut changed = VmInstance { state, last_op_date: now, ..vm.clone() };
    if !state.is_on_host() {
        changed.last_host_uuid = changed.host_uuid.take().or(changed.last_host_uuid);
    }
    changed
}
