//! What a test wants to happen to calls: to wait, or to fail.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use zstack_runtime::ErrorCode;
use zstack_runtime::server::{BoxFuture, Intercept};
use zstack_server::{Call, Outcome};

/// What is asked of the next calls of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Fault {
    /// The operation.
    pub(super) operation: String,
    /// The first call that it happens to: 1 is the next one.
    #[serde(default = "one")]
    pub(super) from: u64,
    /// To how many calls it happens.
    #[serde(default = "one")]
    pub(super) calls: u64,
    /// It waits so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delay: Option<u64>,
    /// It waits until the fault is removed.
    #[serde(default)]
    pub(super) hold: bool,
    /// It fails with this; else it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Refusal>,
}

fn one() -> u64 {
    1
}

/// The error that a call fails with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Refusal {
    /// `SYS.1006`.
    code: String,
    /// What the code means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    details: Option<String>,
}

/// The faults that there are, and how often each operation was called.
#[derive(Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Default)]
struct State {
    next: u64,
    faults: BTreeMap<u64, Entry>,
    calls: BTreeMap<&'static str, u64>,
}

struct Entry {
    fault: Fault,
    /// How many calls it has seen.
    seen: u64,
    /// How many wait for it.
    waiting: u64,
    removed: Arc<Notify>,
}

/// A fault, as it is told.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    id: u64,
    #[serde(flatten)]
    fault: Fault,
    /// How many calls of the operation there have been since.
    seen: u64,
    /// How many calls are being held.
    waiting: u64,
}

impl Faults {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault, and returns the number that removes it; `None` if there
    /// are `most` already.
    pub(super) fn add(&self, fault: Fault, most: usize) -> Option<u64> {
        let mut state = self.state();
        if state.faults.len() >= most {
            return None;
        }
        state.next += 1;
        let id = state.next;
        state.faults.insert(id, Entry { fault, seen: 0, waiting: 0, removed: Arc::default() });
        Some(id)
    }

    /// Removes a fault; who waits for it goes on. `false` if there is none.
    pub(super) fn remove(&self, id: u64) -> bool {
        self.state().faults.remove(&id).inspect(|remove| remove.removed.notify_waiters()).is_some()
    }

    /// Removes all of them, and begins to count anew.
    pub(super) fn clear(&self) {
        let mut state = self.state();
        for entry in std::mem::take(&mut state.faults).into_values() {
            entry.removed.notify_waiters();
        }
        state.calls.clear();
    }

    /// What there is, and the calls of each operation.
    pub(super) fn told(&self) -> (Vec<Told>, BTreeMap<&'static str, u64>) {
        let state = self.state();
        let tell = |(id, it): (&u64, &Entry)| Told {
            id: *id,
            fault: it.fault.clone(),
            seen: it.seen,
            waiting: it.waiting,
        };
        (state.faults.iter().map(tell).collect(), state.calls.clone())
    }

    /// What happens to this call, one after the other.
    fn meet(&self, operation: &'static str) -> Vec<Step<'_>> {
        let mut state = self.state();
        *state.calls.entry(operation).or_default() += 1;
        let mut steps = Vec::new();
        for (id, entry) in state.faults.iter_mut().filter(|(_, it)| it.fault.operation == operation) {
            entry.seen += 1;
            let Fault { from, calls, delay, hold, error, .. } = &entry.fault;
            if entry.seen.checked_sub(*from).is_none_or(|before| before >= *calls) {
                continue;
            }
            steps.extend(delay.map(|delay| Step::Wait(Duration::from_millis(delay))));
            if *hold {
                entry.waiting += 1;
                // It counts from now on, also before it is awaited.
                let removed = Arc::clone(&entry.removed).notified_owned();
                steps.push(Step::Hold(Held(self, *id), Box::pin(removed)));
            }
            steps.extend(error.clone().map(Step::Fail));
        }
        steps
    }

    fn goes_on(&self, id: u64) {
        if let Some(entry) = self.state().faults.get_mut(&id) {
            entry.waiting -= 1;
        }
    }
}

enum Step<'a> {
    Wait(Duration),
    Hold(Held<'a>, BoxFuture<'static, ()>),
    Fail(Refusal),
}

/// A call that is held, until it goes on or is given up.
struct Held<'a>(&'a Faults, u64);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.goes_on(self.1);
    }
}

impl Intercept for Faults {
    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>> {
        let operation = call.operation().name;
        let steps = self.meet(operation);
        Box::pin(async move {
            for step in steps {
                match step {
                    Step::Wait(duration) => tokio::time::sleep(duration).await,
                    Step::Hold(held, removed) => {
                        removed.await;
                        drop(held);
                    }
                    Step::Fail(Refusal { code, description, details }) => {
                        let description =
                            description.unwrap_or_else(|| "A test asked for this error".to_owned());
                        let details = details
                            .unwrap_or_else(|| format!("{operation} was told to fail by /_node/faults"));
                        return Err(Box::new(ErrorCode::new(code, description, details)));
                    }
                }
            }
            Ok(())
        })
    }
}
