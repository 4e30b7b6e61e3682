//! The model: a second, simple implementation of the operations, with numbers as
//! identities, without a store, and independent of the rules of the node.

/// The number of connected hosts, which come first.
pub(super) const CONNECTED: usize = 2;
pub(super) const HOSTS: usize = 3;
/// The number of ISOs: two that can be used, one that is not ready, and one on a
/// disconnected storage.
pub(super) const ISOS: usize = 4;
/// A template, which is not an ISO.
pub(super) const TEMPLATE: usize = ISOS;
pub(super) const IMAGES: usize = ISOS + 1;
/// The last numbers of the addresses in 10.0.0.0/28, without the gateway.
const ADDRESSES: std::ops::RangeInclusive<u8> = 2..=14;
const TEMPLATE_GIB: i64 = 20;

/// A call. The number after the last one means a resource that does not exist.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Attach { vm: usize, iso: usize, drive: Option<String> },
    Detach { vm: usize, iso: Option<usize> },
    Create { vm: usize, iso: Option<usize>, uuid: String },
    Delete { drive: String },
    Rename { drive: String, name: String },
    Default { vm: usize, drive: String },
    Start { vm: usize, host: Option<usize> },
    Stop { vm: usize },
    Reboot { vm: usize },
    Pause { vm: usize },
    Resume { vm: usize },
    Destroy { vm: usize },
    Recover { vm: usize },
    Expunge { vm: usize },
    Reimage { vm: usize },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Created,
    Running,
    Stopped,
    Paused,
    Crashed,
    Destroyed,
}

use State::{Crashed, Created, Destroyed, Paused, Running, Stopped};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drive {
    pub(super) uuid: String,
    pub(super) device_id: i32,
    pub(super) name: String,
    pub(super) iso: Option<usize>,
    /// True if the drive has an install path.
    pub(super) file: bool,
    pub(super) changed: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Root {
    pub(super) deleted: bool,
    pub(super) gib: i64,
    pub(super) changed: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vm {
    pub(super) state: State,
    pub(super) host: Option<usize>,
    pub(super) last_host: Option<usize>,
    /// True if it prefers its last host.
    pub(super) prefers_last_host: bool,
    pub(super) changed: i64,
    /// The last number of its address.
    pub(super) address: Option<u8>,
    pub(super) root: Option<Root>,
    /// True if it has a data volume.
    pub(super) data: bool,
    /// The drives, by device ID.
    pub(super) drives: Vec<Drive>,
}

/// The code of an error, and that of its cause.
pub(super) type Refusal = (&'static str, &'static str);

const NOT_FOUND: Refusal = ("SYS.1003", "");
const FAILED: Refusal = ("SYS.1006", "");
const INVALID: Refusal = ("SYS.1007", "");
const WRONG_STATE: Refusal = ("SYS.1006", "VM.1010");

/// The VM instances; `None` for an expunged one.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    pub(super) vms: Vec<Option<Vm>>,
}

impl Cloud {
    /// Executes a step. After an error, nothing has changed.
    pub(super) fn execute(&mut self, step: &Step, now: i64) -> Result<(), Refusal> {
        let before = self.clone();
        let result = self.attempt(step, now);
        if result.is_err() {
            *self = before;
        }
        result
    }

    fn attempt(&mut self, step: &Step, now: i64) -> Result<(), Refusal> {
        match step {
            Step::Attach { vm, iso, drive } => self.attach(*vm, *iso, drive.as_deref(), now),
            Step::Detach { vm, iso } => self.detach(*vm, *iso, now),
            Step::Create { vm, iso, uuid } => self.create(*vm, *iso, uuid, now),
            Step::Delete { drive } => match self.vm_of(drive) {
                None => Ok(()),
                Some(vm) if vm.state != Stopped => Err(WRONG_STATE),
                Some(vm) => {
                    vm.drives.retain(|other| other.uuid != *drive);
                    Ok(())
                }
            },
            Step::Rename { drive, name } => {
                let vm = self.vm_of(drive).ok_or(NOT_FOUND)?;
                let drive = vm.drives.iter_mut().find(|other| other.uuid == *drive).unwrap();
                if drive.name != *name {
                    drive.name.clone_from(name);
                    drive.changed = now;
                }
                Ok(())
            }
            Step::Default { vm, drive } => self.set_default(*vm, drive, now),
            Step::Start { vm, host } => self.start(*vm, *host, now),
            Step::Stop { vm } => {
                let vm = self.find(*vm)?;
                match vm.state {
                    Created | Destroyed => return Err(("VM.1002", "VM.1010")),
                    Stopped => {}
                    Running | Paused | Crashed => vm.leave_host(Stopped, now),
                }
                Ok(())
            }
            Step::Reboot { vm } => {
                let vm = self.find(*vm)?;
                if !matches!(vm.state, Running | Crashed) {
                    return Err(("VM.1003", "VM.1010"));
                }
                vm.set_iso_files(now).map_err(|()| ("VM.1003", "SYS.1006"))?;
                (vm.state, vm.changed) = (Running, now);
                Ok(())
            }
            Step::Pause { vm } => {
                self.find(*vm)?.change_state(Running, Paused, now).ok_or(("VM.1012", "VM.1010"))
            }
            Step::Resume { vm } => {
                self.find(*vm)?.change_state(Paused, Running, now).ok_or(("VM.1013", "VM.1010"))
            }
            Step::Destroy { vm } => {
                if let Some(vm) =
                    self.vms.get_mut(*vm).and_then(Option::as_mut).filter(|vm| vm.state != Destroyed)
                {
                    vm.leave_host(Destroyed, now);
                    vm.address = None;
                    vm.data = false;
                    vm.root = vm.root.take().map(|root| Root { deleted: true, changed: now, ..root });
                }
                Ok(())
            }
            Step::Recover { vm } => {
                let vm = self.find(*vm)?;
                vm.change_state(Destroyed, Stopped, now).ok_or(WRONG_STATE)?;
                vm.root = vm.root.take().map(|root| Root { deleted: false, changed: now, ..root });
                Ok(())
            }
            Step::Expunge { vm } => {
                if self.find(*vm)?.state != Destroyed {
                    return Err(WRONG_STATE);
                }
                self.vms[*vm] = None;
                Ok(())
            }
            Step::Reimage { vm } => {
                let vm = self.find(*vm)?;
                if vm.state != Stopped {
                    return Err(("VM.1014", ""));
                }
                let root = vm.root.as_mut().ok_or(("VM.1016", ""))?;
                (root.gib, root.changed) = (TEMPLATE_GIB, now);
                Ok(())
            }
        }
    }

    fn attach(&mut self, vm: usize, iso: usize, drive: Option<&str>, now: i64) -> Result<(), Refusal> {
        self.find(vm)?;
        if iso >= IMAGES {
            return Err(NOT_FOUND);
        }
        let is_foreign = drive.is_some_and(|drive| self.vms[vm].as_ref().unwrap().index_of(drive).is_none());
        let vm = self.find(vm)?;
        if vm.drives.iter().any(|drive| drive.iso == Some(iso)) {
            return Err(FAILED);
        }
        if iso == TEMPLATE {
            return Err(INVALID);
        }
        let tagged = drive.and_then(|drive| vm.index_of(drive));
        if is_foreign || tagged.is_some_and(|index| vm.drives[index].iso.is_some()) {
            return Err(FAILED);
        }
        if !matches!(vm.state, Running | Paused | Stopped) {
            return Err(WRONG_STATE);
        }
        let empty = vm.drives.iter().position(|drive| drive.iso.is_none());
        let is_on_host = vm.state != Stopped;
        match tagged.or(empty) {
            Some(index) if vm.root.is_some() && (!is_on_host || is_available(iso)) => {
                let drive = &mut vm.drives[index];
                (drive.iso, drive.file, drive.changed) = (Some(iso), is_on_host, now);
                Ok(())
            }
            _ => Err(FAILED),
        }
    }

    fn detach(&mut self, vm: usize, iso: Option<usize>, now: i64) -> Result<(), Refusal> {
        let vm = self.find(vm)?;
        let attached = vm.drives.iter().filter(|drive| drive.iso.is_some()).count();
        if attached > 1 && iso.is_none() {
            return Err(FAILED);
        }
        if !matches!(vm.state, Running | Paused | Stopped) {
            return Err(WRONG_STATE);
        }
        let matches = |drive: &&mut Drive| drive.iso.is_some() && (iso.is_none() || drive.iso == iso);
        if let Some(drive) = vm.drives.iter_mut().find(matches) {
            (drive.iso, drive.file, drive.changed) = (None, false, now);
        }
        Ok(())
    }

    fn create(&mut self, vm: usize, iso: Option<usize>, uuid: &str, now: i64) -> Result<(), Refusal> {
        let vm = self.find(vm)?;
        if iso.is_some_and(|iso| iso >= IMAGES) {
            return Err(NOT_FOUND);
        }
        if vm.state != Stopped {
            return Err(INVALID);
        }
        let device_id =
            (0..3).find(|id| vm.drives.iter().all(|drive| drive.device_id != *id)).ok_or(FAILED)?;
        if iso == Some(TEMPLATE) {
            return Err(INVALID);
        }
        if iso.is_some() && vm.drives.iter().any(|drive| drive.iso == iso) {
            return Err(FAILED);
        }
        let (uuid, name) = (uuid.to_owned(), "new".to_owned());
        vm.drives.push(Drive { uuid, device_id, name, iso, file: false, changed: now });
        vm.drives.sort_by_key(|drive| drive.device_id);
        Ok(())
    }

    fn set_default(&mut self, vm: usize, drive: &str, now: i64) -> Result<(), Refusal> {
        self.find(vm)?;
        self.vm_of(drive).ok_or(NOT_FOUND)?;
        let vm = self.find(vm)?;
        let index = vm.index_of(drive).ok_or(INVALID)?;
        let device_id = vm.drives[index].device_id;
        if device_id == 0 {
            return Err(INVALID);
        }
        for drive in &mut vm.drives {
            if drive.device_id == 0 || drive.device_id == device_id {
                (drive.device_id, drive.changed) = (device_id - drive.device_id, now);
            }
        }
        vm.drives.sort_by_key(|drive| drive.device_id);
        Ok(())
    }

    fn start(&mut self, vm: usize, requested: Option<usize>, now: i64) -> Result<(), Refusal> {
        let load = |host: usize| self.vms.iter().flatten().filter(|vm| vm.host == Some(host)).count();
        let loads: Vec<_> = (0..CONNECTED).map(load).collect();
        let used: Vec<_> = self.vms.iter().flatten().filter_map(|vm| vm.address).collect();
        let vm = self.find(vm)?;
        match (requested, vm.state) {
            (Some(host), _) if host >= HOSTS => return Err(NOT_FOUND),
            (_, Running) => return Ok(()),
            (_, Paused | Destroyed) => return Err(("VM.1001", "VM.1010")),
            (Some(host), _) if host >= CONNECTED => return Err(("VM.1001", "HOST_ALLOCATION.1000")),
            _ => {}
        }
        let last = vm.last_host.filter(|last_host| vm.prefers_last_host && *last_host < CONNECTED);
        let least_loaded = (0..CONNECTED).min_by_key(|host| loads[*host]);
        vm.host = requested.or(last).or(least_loaded);
        vm.last_host = vm.host;
        vm.root.get_or_insert(Root { deleted: false, gib: TEMPLATE_GIB, changed: now });
        vm.address = vm.address.or_else(|| ADDRESSES.into_iter().find(|address| !used.contains(address)));
        vm.set_iso_files(now).map_err(|()| ("VM.1001", "SYS.1006"))?;
        (vm.state, vm.changed) = (Running, now);
        Ok(())
    }

    fn find(&mut self, vm: usize) -> Result<&mut Vm, Refusal> {
        self.vms.get_mut(vm).and_then(Option::as_mut).ok_or(NOT_FOUND)
    }

    fn vm_of(&mut self, drive: &str) -> Option<&mut Vm> {
        self.vms.iter_mut().flatten().find(|vm| vm.index_of(drive).is_some())
    }
}

impl Vm {
    fn index_of(&self, drive: &str) -> Option<usize> {
        self.drives.iter().position(|other| other.uuid == drive)
    }

    fn change_state(&mut self, from: State, to: State, now: i64) -> Option<()> {
        (self.state == from).then(|| (self.state, self.changed) = (to, now))
    }

    /// Changes the state, and leaves the host.
    fn leave_host(&mut self, state: State, now: i64) {
        self.last_host = self.host.take().or(self.last_host);
        (self.state, self.changed) = (state, now);
    }

    fn set_iso_files(&mut self, now: i64) -> Result<(), ()> {
        for drive in &mut self.drives {
            let Some(iso) = drive.iso else { continue };
            if !is_available(iso) {
                return Err(());
            }
            if !drive.file {
                (drive.file, drive.changed) = (true, now);
            }
        }
        Ok(())
    }
}

fn is_available(iso: usize) -> bool {
    iso < 2
}
