//! Faults: delays and errors that a test injects into calls.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use zstack_runtime::ErrorCode;
use zstack_runtime::server::{BoxFuture, Intercept};
use zstack_server::{Call, Outcome};

/// A delay or an error for the next calls of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Fault {
    pub(super) operation: String,
    /// The number of the first affected call; 1 is the next call.
    #[serde(default = "default_calls")]
    pub(super) from: u64,
    /// The number of affected calls.
    #[serde(default = "default_calls")]
    pub(super) calls: u64,
    /// A delay of the call, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delay: Option<u64>,
    /// Holds the call until the fault is removed.
    #[serde(default)]
    pub(super) hold: bool,
    /// The error with which the call then fails; without one, it proceeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<InjectedError>,
}

fn default_calls() -> u64 {
    1
}

/// The error of a call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct InjectedError {
    /// The error code, such as `SYS.1006`.
    code: String,
    /// The meaning of the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The cause of this error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    details: Option<String>,
}

/// The active faults, and the number of calls of each operation.
#[derive(Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Default)]
struct State {
    last_id: u64,
    faults: BTreeMap<u64, ActiveFault>,
    calls: BTreeMap<&'static str, u64>,
}

struct ActiveFault {
    fault: Fault,
    /// The number of calls of the operation since the fault was added.
    seen: u64,
    /// The number of calls that the fault holds.
    waiting: u64,
    removed: Arc<Notify>,
}

/// A fault in the response to `GET /_node`.
#[derive(Debug, Serialize)]
pub(super) struct FaultReport {
    id: u64,
    #[serde(flatten)]
    fault: Fault,
    seen: u64,
    waiting: u64,
}

impl Faults {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault, and returns its id; `None` if there are already `maximum`
    /// faults.
    pub(super) fn add(&self, fault: Fault, maximum: usize) -> Option<u64> {
        let mut state = self.state();
        if state.faults.len() >= maximum {
            return None;
        }
        state.last_id += 1;
        let id = state.last_id;
        state.faults.insert(id, ActiveFault { fault, seen: 0, waiting: 0, removed: Arc::default() });
        Some(id)
    }

    /// Removes a fault and releases the calls that it holds. Returns false if
    /// the id is unknown.
    pub(super) fn remove(&self, id: u64) -> bool {
        self.state().faults.remove(&id).inspect(|fault| fault.removed.notify_waiters()).is_some()
    }

    /// Removes all faults, and resets the counts of calls.
    pub(super) fn clear(&self) {
        let mut state = self.state();
        for fault in std::mem::take(&mut state.faults).into_values() {
            fault.removed.notify_waiters();
        }
        state.calls.clear();
    }

    /// Returns the active faults, and the number of calls of each operation.
    pub(super) fn report(&self) -> (Vec<FaultReport>, BTreeMap<&'static str, u64>) {
        let state = self.state();
        let report = |(id, active): (&u64, &ActiveFault)| FaultReport {
            id: *id,
            fault: active.fault.clone(),
            seen: active.seen,
            waiting: active.waiting,
        };
        (state.faults.iter().map(report).collect(), state.calls.clone())
    }

    /// Counts a call, and returns the steps that the faults prescribe for it.
    fn steps_of_call(&self, operation: &'static str) -> Vec<Step<'_>> {
        let mut state = self.state();
        *state.calls.entry(operation).or_default() += 1;
        let mut steps = Vec::new();
        for (id, active) in state.faults.iter_mut().filter(|(_, active)| active.fault.operation == operation)
        {
            active.seen += 1;
            let Fault { from, calls, delay, hold, error, .. } = &active.fault;
            if active.seen.checked_sub(*from).is_none_or(|before| before >= *calls) {
                continue;
            }
            steps.extend(delay.map(|delay| Step::Wait(Duration::from_millis(delay))));
            if *hold {
                active.waiting += 1;
                // Created now, so that a removal before the first poll is noticed.
                let removed = Arc::clone(&active.removed).notified_owned();
                steps.push(Step::Hold(HeldCall(self, *id), Box::pin(removed)));
            }
            steps.extend(error.clone().map(Step::Fail));
        }
        steps
    }
}

enum Step<'a> {
    Wait(Duration),
    Hold(HeldCall<'a>, BoxFuture<'static, ()>),
    Fail(InjectedError),
}

/// A call that the fault with this id holds, until it proceeds or is canceled.
struct HeldCall<'a>(&'a Faults, u64);

impl Drop for HeldCall<'_> {
    fn drop(&mut self) {
        if let Some(active) = self.0.state().faults.get_mut(&self.1) {
            active.waiting -= 1;
        }
    }
}

impl Intercept for Faults {
    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>> {
        let operation = call.operation().name;
        let steps = self.steps_of_call(operation);
        Box::pin(async move {
            for step in steps {
                match step {
                    Step::Wait(duration) => tokio::time::sleep(duration).await,
                    Step::Hold(held, removed) => {
                        removed.await;
                        drop(held);
                    }
                    Step::Fail(InjectedError { code, description, details }) => {
                        let description = description.unwrap_or_else(|| "Injected fault".to_owned());
                        let details = details.unwrap_or_else(|| {
                            format!("a fault set with POST /_node/faults made {operation} fail")
                        });
                        return Err(Box::new(ErrorCode::new(code, description, details)));
                    }
                }
            }
            Ok(())
        })
    }
}
