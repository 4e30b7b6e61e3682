//! The calls of the callers.

use std::sync::Arc;

use bytes::Bytes;

use super::by_hand::{Call, Operation};
use super::cloud::{ISO, vm_uuid};
use super::zones::{Zone, ZoneChange};
use crate::raw_http::{self, SESSION};

/// Steps that a caller repeats. Each step leaves the data as it was, so that a turn can end after
/// any step.
#[derive(Clone, Debug)]
pub(super) struct Script {
    steps: Arc<[Step]>,
    next: usize,
}

/// Calls that belong together, for the hand-written transactions and as HTTP requests.
pub(super) type Step = Vec<(Call, Bytes)>;

impl Script {
    fn new(steps: Vec<Step>) -> Self {
        Self { steps: steps.into(), next: 0 }
    }

    /// Reports whether any call changes data.
    pub(super) fn has_writes(&self) -> bool {
        self.steps.iter().flatten().any(|(call, _)| call.operation.is_write())
    }

    /// Returns the calls of the next step.
    pub(super) fn next_step(&mut self) -> impl Iterator<Item = &(Call, Bytes)> {
        let step = self.next;
        self.next = (step + 1) % self.steps.len();
        self.steps[step].iter()
    }
}

/// For each caller, a script that attaches the ISO to one of its VM instances, detaches it again,
/// and proceeds to the next VM instance.
pub(super) fn changes(callers: usize, vms: usize) -> Vec<Script> {
    let step = |number| {
        let vm = vm_uuid(number);
        vec![call(Operation::Attach { vm: vm.clone(), iso: ISO.to_owned() }), call(Operation::Detach { vm })]
    };
    (0..callers).map(|caller| Script::new((caller..vms).step_by(callers).map(step).collect())).collect()
}

/// For each caller, a script that creates a zone, renames it, and deletes it.
pub(super) fn zones(callers: usize) -> Vec<Script> {
    let step = |caller| {
        let uuid = format!("2d0000000000400080000000{caller:08x}");
        let zone = |name: &str| Zone { uuid: uuid.clone(), name: name.to_owned() };
        let change = |change| call(Operation::Zone(change));
        vec![
            change(ZoneChange::Create(zone("created"))),
            change(ZoneChange::Rename(zone("renamed"))),
            change(ZoneChange::Delete { uuid: uuid.clone() }),
        ]
    };
    (0..callers).map(|caller| Script::new(vec![step(caller)])).collect()
}

/// For each caller, a script that lists the candidates for the ISO.
pub(super) fn candidates(callers: usize) -> Vec<Script> {
    let step = vec![call(Operation::Candidates { iso: ISO.to_owned() })];
    vec![Script::new(vec![step]); callers]
}

fn call(operation: Operation) -> (Call, Bytes) {
    let (line, body) = match &operation {
        Operation::Attach { vm, iso } => {
            (format!("POST /zstack/v1/vm-instances/{vm}/iso/{iso}"), String::new())
        }
        Operation::Detach { vm } => (format!("DELETE /zstack/v1/vm-instances/{vm}/iso"), String::new()),
        Operation::Candidates { iso } => {
            (format!("GET /zstack/v1/images/iso/{iso}/vm-candidates"), String::new())
        }
        Operation::Zone(change) => change.request(),
    };
    let request = raw_http::request(&line, &body);
    (Call { session: SESSION.to_owned(), operation }, request)
}
