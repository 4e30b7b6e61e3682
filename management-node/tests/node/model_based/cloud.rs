//! What should become of VM instances, drives and ISOs, said a second time and
//! as plainly as possible: numbers for identities, no store, no rules shared
//! with the node.

/// The hosts that are connected, and one that is not.
pub(super) const CONNECTED: usize = 2;
pub(super) const HOSTS: usize = 3;
/// Two ISOs that are fine, one that is not ready, one on a storage that is not
/// connected; and a template, which is none.
pub(super) const ISOS: usize = 4;
pub(super) const TEMPLATE: usize = ISOS;
pub(super) const IMAGES: usize = ISOS + 1;
/// The addresses that machines can have: those of 10.0.0.0/28 but the gateway.
const ADDRESSES: std::ops::RangeInclusive<u8> = 2..=14;
const TEMPLATE_GIB: i64 = 20;

/// What a caller asks for. What does not exist has a number beyond the last.
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
    pub(super) place: i32,
    pub(super) name: String,
    pub(super) iso: Option<usize>,
    /// Whether the guest has the file before its eyes.
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
    /// Whether it goes back to the last host.
    pub(super) faithful: bool,
    pub(super) changed: i64,
    /// The last number of its address.
    pub(super) address: Option<u8>,
    pub(super) root: Option<Root>,
    /// Whether it has a data volume.
    pub(super) data: bool,
    /// By place.
    pub(super) drives: Vec<Drive>,
}

/// A code, and that of the cause.
pub(super) type Refusal = (&'static str, &'static str);

const NOT_FOUND: Refusal = ("SYS.1003", "");
const FAILED: Refusal = ("SYS.1006", "");
const INVALID: Refusal = ("SYS.1007", "");
const WRONG_STATE: Refusal = ("SYS.1006", "VM.1010");

/// The VM instances; those that were expunged are gone.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    pub(super) vms: Vec<Option<Vm>>,
}

impl Cloud {
    /// Does it, or says why not. Who is refused has changed nothing.
    pub(super) fn take(&mut self, step: &Step, now: i64) -> Result<(), Refusal> {
        let before = self.clone();
        let done = self.attempt(step, now);
        if done.is_err() {
            *self = before;
        }
        done
    }

    fn attempt(&mut self, step: &Step, now: i64) -> Result<(), Refusal> {
        match step {
            Step::Attach { vm, iso, drive } => self.attach(*vm, *iso, drive.as_deref(), now),
            Step::Detach { vm, iso } => self.detach(*vm, *iso, now),
            Step::Create { vm, iso, uuid } => self.create(*vm, *iso, uuid, now),
            Step::Delete { drive } => match self.home_of(drive) {
                None => Ok(()),
                Some(vm) if vm.state != Stopped => Err(WRONG_STATE),
                Some(vm) => {
                    vm.drives.retain(|it| it.uuid != *drive);
                    Ok(())
                }
            },
            Step::Rename { drive, name } => {
                let vm = self.home_of(drive).ok_or(NOT_FOUND)?;
                let drive = vm.drives.iter_mut().find(|it| it.uuid == *drive).unwrap();
                if drive.name != *name {
                    drive.name.clone_from(name);
                    drive.changed = now;
                }
                Ok(())
            }
            Step::Default { vm, drive } => self.default(*vm, drive, now),
            Step::Start { vm, host } => self.start(*vm, *host, now),
            Step::Stop { vm } => {
                let vm = self.find(*vm)?;
                match vm.state {
                    Created | Destroyed => return Err(("VM.1002", "VM.1010")),
                    Stopped => {}
                    Running | Paused | Crashed => vm.leave(Stopped, now),
                }
                Ok(())
            }
            Step::Reboot { vm } => {
                let vm = self.find(*vm)?;
                if !matches!(vm.state, Running | Crashed) {
                    return Err(("VM.1003", "VM.1010"));
                }
                vm.bring_isos(now).map_err(|()| ("VM.1003", "SYS.1006"))?;
                (vm.state, vm.changed) = (Running, now);
                Ok(())
            }
            Step::Pause { vm } => self.find(*vm)?.turn(Running, Paused, now).ok_or(("VM.1012", "VM.1010")),
            Step::Resume { vm } => self.find(*vm)?.turn(Paused, Running, now).ok_or(("VM.1013", "VM.1010")),
            Step::Destroy { vm } => {
                if let Some(vm) =
                    self.vms.get_mut(*vm).and_then(Option::as_mut).filter(|it| it.state != Destroyed)
                {
                    vm.leave(Destroyed, now);
                    vm.address = None;
                    vm.data = false;
                    vm.root = vm.root.take().map(|root| Root { deleted: true, changed: now, ..root });
                }
                Ok(())
            }
            Step::Recover { vm } => {
                let vm = self.find(*vm)?;
                vm.turn(Destroyed, Stopped, now).ok_or(WRONG_STATE)?;
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
        let elsewhere = drive.is_some_and(|drive| self.vms[vm].as_ref().unwrap().place_of(drive).is_none());
        let vm = self.find(vm)?;
        if vm.drives.iter().any(|drive| drive.iso == Some(iso)) {
            return Err(FAILED);
        }
        if iso == TEMPLATE {
            return Err(INVALID);
        }
        let tagged = drive.and_then(|drive| vm.place_of(drive));
        if elsewhere || tagged.is_some_and(|it| vm.drives[it].iso.is_some()) {
            return Err(FAILED);
        }
        if !matches!(vm.state, Running | Paused | Stopped) {
            return Err(WRONG_STATE);
        }
        let empty = vm.drives.iter().position(|drive| drive.iso.is_none());
        let awake = vm.state != Stopped;
        match tagged.or(empty) {
            Some(place) if vm.root.is_some() && (!awake || is_supplied(iso)) => {
                let drive = &mut vm.drives[place];
                (drive.iso, drive.file, drive.changed) = (Some(iso), awake, now);
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
        let meant = |it: &&mut Drive| it.iso.is_some() && (iso.is_none() || it.iso == iso);
        if let Some(drive) = vm.drives.iter_mut().find(meant) {
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
        let place = (0..3).find(|place| vm.drives.iter().all(|drive| drive.place != *place)).ok_or(FAILED)?;
        if iso == Some(TEMPLATE) {
            return Err(INVALID);
        }
        if iso.is_some() && vm.drives.iter().any(|drive| drive.iso == iso) {
            return Err(FAILED);
        }
        let (uuid, name) = (uuid.to_owned(), "new".to_owned());
        vm.drives.push(Drive { uuid, place, name, iso, file: false, changed: now });
        vm.drives.sort_by_key(|drive| drive.place);
        Ok(())
    }

    fn default(&mut self, vm: usize, drive: &str, now: i64) -> Result<(), Refusal> {
        self.find(vm)?;
        self.home_of(drive).ok_or(NOT_FOUND)?;
        let vm = self.find(vm)?;
        let at = vm.place_of(drive).ok_or(INVALID)?;
        let place = vm.drives[at].place;
        if place == 0 {
            return Err(INVALID);
        }
        for it in &mut vm.drives {
            if it.place == 0 || it.place == place {
                (it.place, it.changed) = (place - it.place, now);
            }
        }
        vm.drives.sort_by_key(|drive| drive.place);
        Ok(())
    }

    fn start(&mut self, vm: usize, wished: Option<usize>, now: i64) -> Result<(), Refusal> {
        let load = |host: usize| self.vms.iter().flatten().filter(|it| it.host == Some(host)).count();
        let loads: Vec<_> = (0..CONNECTED).map(load).collect();
        let taken: Vec<_> = self.vms.iter().flatten().filter_map(|it| it.address).collect();
        let vm = self.find(vm)?;
        match (wished, vm.state) {
            (Some(host), _) if host >= HOSTS => return Err(NOT_FOUND),
            (_, Running) => return Ok(()),
            (_, Paused | Destroyed) => return Err(("VM.1001", "VM.1010")),
            (Some(host), _) if host >= CONNECTED => return Err(("VM.1001", "HOST_ALLOCATION.1000")),
            _ => {}
        }
        let last = vm.last_host.filter(|last_host| vm.faithful && *last_host < CONNECTED);
        let fewest = (0..CONNECTED).min_by_key(|host| loads[*host]);
        vm.host = wished.or(last).or(fewest);
        vm.last_host = vm.host;
        vm.root.get_or_insert(Root { deleted: false, gib: TEMPLATE_GIB, changed: now });
        vm.address = vm.address.or_else(|| ADDRESSES.into_iter().find(|address| !taken.contains(address)));
        vm.bring_isos(now).map_err(|()| ("VM.1001", "SYS.1006"))?;
        (vm.state, vm.changed) = (Running, now);
        Ok(())
    }

    fn find(&mut self, vm: usize) -> Result<&mut Vm, Refusal> {
        self.vms.get_mut(vm).and_then(Option::as_mut).ok_or(NOT_FOUND)
    }

    fn home_of(&mut self, drive: &str) -> Option<&mut Vm> {
        self.vms.iter_mut().flatten().find(|it| it.place_of(drive).is_some())
    }
}

impl Vm {
    fn place_of(&self, drive: &str) -> Option<usize> {
        self.drives.iter().position(|it| it.uuid == drive)
    }

    fn turn(&mut self, from: State, to: State, now: i64) -> Option<()> {
        (self.state == from).then(|| (self.state, self.changed) = (to, now))
    }

    /// From its host, if it is on one.
    fn leave(&mut self, state: State, now: i64) {
        self.last_host = self.host.take().or(self.last_host);
        (self.state, self.changed) = (state, now);
    }

    fn bring_isos(&mut self, now: i64) -> Result<(), ()> {
        for drive in &mut self.drives {
            let Some(iso) = drive.iso else { continue };
            if !is_supplied(iso) {
                return Err(());
            }
            if !drive.file {
                (drive.file, drive.changed) = (true, now);
            }
        }
        Ok(())
    }
}

fn is_supplied(iso: usize) -> bool {
    iso < 2
}
