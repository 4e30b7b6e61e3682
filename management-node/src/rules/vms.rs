//! VM instances with their parts, and the states that operations require.

use zstack_runtime::ErrorCode;

use super::errors::{self, Verdict};
use crate::model::{Document, Uuid};

/// A VM instance with its parts, which change together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vm {
    /// The VM instance itself.
    pub(crate) instance: Document,
    /// Its NICs, by device ID.
    pub(crate) nics: Vec<Document>,
    /// The addresses of its NICs.
    pub(crate) ips: Vec<Document>,
    /// Its volumes, by device ID.
    pub(crate) volumes: Vec<Document>,
    /// Its CD-ROM drives, by device ID.
    pub(crate) cd_roms: Vec<Document>,
}

/// The states of a VM instance that is not on a host.
const OFF_HOST: [&str; 6] =
    ["Created", "Stopped", "Destroyed", "Expunging", "VolumeMigrating", "VolumeRecovering"];

impl Vm {
    /// Sorts the parts of a VM instance; other documents are left out.
    pub(crate) fn new(instance: Document, parts: Vec<Document>) -> Self {
        let mut vm =
            Self { instance, nics: Vec::new(), ips: Vec::new(), volumes: Vec::new(), cd_roms: Vec::new() };
        for part in parts {
            match part.base.as_str() {
                "VmNic" => vm.nics.push(part),
                "UsedIp" => vm.ips.push(part),
                "Volume" => vm.volumes.push(part),
                "VmCdRom" => vm.cd_roms.push(part),
                _ => {}
            }
        }
        for parts in [&mut vm.nics, &mut vm.volumes, &mut vm.cd_roms] {
            parts.sort_by_key(|part| part.number("deviceId"));
        }
        vm
    }

    /// The UUID.
    pub(crate) fn uuid(&self) -> &Uuid {
        &self.instance.uuid
    }

    /// The state.
    pub(crate) fn state(&self) -> &str {
        state(&self.instance)
    }

    /// Sets the state.
    pub(crate) fn set_state(&mut self, state: &str) {
        set_state(&mut self.instance, state);
    }

    /// The root volume.
    pub(crate) fn root_volume(&self) -> Option<&Document> {
        self.volumes.iter().find(|volume| volume.text("type") == Some("Root"))
    }

    /// The drive with this UUID.
    pub(crate) fn drive(&self, uuid: &str) -> Option<&Document> {
        self.cd_roms.iter().find(|drive| drive.uuid == uuid)
    }

    /// The drive with this UUID, to change it.
    pub(crate) fn drive_mut(&mut self, uuid: &str) -> Option<&mut Document> {
        self.cd_roms.iter_mut().find(|drive| drive.uuid == uuid)
    }

    /// The drive to which this ISO is attached.
    pub(crate) fn drive_with(&self, iso_uuid: &str) -> Option<&Document> {
        self.cd_roms.iter().find(|drive| drive.text("isoUuid") == Some(iso_uuid))
    }

    /// The parts, each after those to which it refers.
    pub(crate) fn parts(&self) -> impl DoubleEndedIterator<Item = &Document> {
        self.nics.iter().chain(&self.ips).chain(&self.volumes).chain(&self.cd_roms)
    }
}

/// The state of a VM instance.
pub(crate) fn state(vm: &Document) -> &str {
    vm.text("state").unwrap_or_default()
}

/// Sets the state of a VM instance. When it leaves its host, that becomes the last host.
pub(crate) fn set_state(vm: &mut Document, state: &str) {
    vm.set("state", state);
    if OFF_HOST.contains(&state)
        && let Some(host) = vm.text("hostUuid").map(str::to_owned)
    {
        vm.set("lastHostUuid", host);
        vm.set("hostUuid", serde_json::Value::Null);
    }
}

/// Requires a state for an operation, such as `attach an ISO to`.
pub(crate) fn check_state(vm: &Document, operation: &str, allowed: &[&str]) -> Verdict<()> {
    if allowed.contains(&state(vm)) { Ok(()) } else { Err(errors::wrong_state(vm, operation, allowed)) }
}

/// A change of state that a caller can request. Destroying is not included, as it is possible in every
/// state.
pub(crate) struct Transition {
    /// The states in which it is allowed.
    allowed: &'static [&'static str],
    participle: &'static str,
    code: &'static str,
    description: &'static str,
}

const fn transition(
    allowed: &'static [&'static str],
    participle: &'static str,
    code: &'static str,
    description: &'static str,
) -> Transition {
    Transition { allowed, participle, code, description }
}

/// To Running, on a host.
pub(crate) const START: Transition = transition(
    &["Created", "Running", "Stopped", "Crashed"],
    "started",
    "VM.1001",
    "The VM instance could not be started",
);

/// To Stopped.
pub(crate) const STOP: Transition = transition(
    &["NoState", "Running", "Stopped", "Unknown", "Crashed", "Paused"],
    "stopped",
    "VM.1002",
    "The VM instance could not be stopped",
);

/// To Running, on the same host.
pub(crate) const REBOOT: Transition = transition(
    &["NoState", "Running", "Crashed"],
    "rebooted",
    "VM.1003",
    "The VM instance could not be rebooted",
);

/// From Running to Paused.
pub(crate) const PAUSE: Transition =
    transition(&["Running"], "paused", "VM.1012", "The VM instance could not be paused");

/// From Paused to Running.
pub(crate) const RESUME: Transition =
    transition(&["Paused"], "resumed", "VM.1013", "The VM instance could not be resumed");

/// From Destroyed to Stopped.
pub(crate) const RECOVER: Transition =
    transition(&["Destroyed"], "recovered", "SYS.1006", "An operation failed");

/// Deletion of a Destroyed one.
pub(crate) const EXPUNGE: Transition =
    transition(&["Destroyed"], "expunged", "SYS.1006", "An operation failed");

impl Transition {
    /// Checks that the state allows the transition.
    pub(crate) fn check(&self, vm: &Document) -> Verdict<()> {
        if self.allowed.contains(&state(vm)) {
            return Ok(());
        }
        Err(self.error(vm, *errors::state_forbids(vm, self.allowed)))
    }

    /// Creates the error of the transition.
    pub(crate) fn error(&self, vm: &Document, cause: ErrorCode) -> Box<ErrorCode> {
        errors::transition_failed(self.participle, vm, self.code, self.description, cause)
    }
}

/// Creates a MAC address: `fa`, four bytes that depend on the UUID, and the device ID.
pub(crate) fn mac(uuid: &str, device_id: i32) -> String {
    let bytes: Vec<_> = uuid.as_bytes().chunks(2).take(4).map(String::from_utf8_lossy).collect();
    format!("fa:{}:{device_id:02x}", bytes.join(":"))
}
