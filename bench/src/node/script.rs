//! What callers call, in which order.

use std::sync::Arc;

use bytes::Bytes;

use super::by_hand::{Call, Operation};
use super::cloud::{ISO, SESSION, vm};

/// What a caller calls over and over. After each step everything is as it was
/// before, so that a turn can end after any of them.
#[derive(Clone, Debug)]
pub(super) struct Script {
    steps: Arc<[Step]>,
    at: usize,
}

/// Calls that belong together, for those who call by hand and on the wire.
pub(super) type Step = Vec<(Call, Bytes)>;

impl Script {
    fn new(steps: Vec<Step>) -> Self {
        Self { steps: steps.into(), at: 0 }
    }

    /// Whether any of it changes something.
    pub(super) fn writes(&self) -> bool {
        self.steps.iter().flatten().any(|(call, _)| call.operation.writes())
    }

    /// The next step.
    pub(super) fn step(&mut self) -> impl Iterator<Item = &(Call, Bytes)> {
        let at = self.at;
        self.at = (at + 1) % self.steps.len();
        self.steps[at].iter()
    }
}

/// For each caller: attaches the ISO to one of its VM instances and detaches
/// it again, and then goes on with the next one.
pub(super) fn changes(callers: usize, vms: usize) -> Vec<Script> {
    let step = |number| {
        let vm = vm(number);
        vec![call(Operation::Attach { vm: vm.clone(), iso: ISO.to_owned() }), call(Operation::Detach { vm })]
    };
    (0..callers).map(|caller| Script::new((caller..vms).step_by(callers).map(step).collect())).collect()
}

/// For each caller: asks for candidates.
pub(super) fn candidates(callers: usize) -> Vec<Script> {
    let step = vec![call(Operation::Candidates { iso: ISO.to_owned() })];
    vec![Script::new(vec![step]); callers]
}

fn call(operation: Operation) -> (Call, Bytes) {
    let line = match &operation {
        Operation::Attach { vm, iso } => format!("POST /zstack/v1/vm-instances/{vm}/iso/{iso}"),
        Operation::Detach { vm } => format!("DELETE /zstack/v1/vm-instances/{vm}/iso"),
        Operation::Candidates { iso } => format!("GET /zstack/v1/images/iso/{iso}/vm-candidates"),
    };
    let request = format!("{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: OAuth {SESSION}\r\n\r\n");
    (Call { session: SESSION.to_owned(), operation }, request.into())
}
