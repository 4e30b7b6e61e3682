//! Faults: delays, errors and broken connections that a test injects into calls, and resources that it
//! disconnects.
//!
//! | module | contents |
//! |---|---|
//! | `fault`, `read` | a fault with its selectors and effects; reading it from a request |
//! | `delay` | distributions and chance |
//! | `hooks` | the hooks of the API, with which faults affect calls |
//! | `webhooks` | lost webhooks |
//!
//! Several faults may select one call. They affect it in the order in which they were added: delays add
//! up, and the first error or status ends the call.

mod delay;
mod fault;
mod hooks;
mod read;
mod webhooks;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Notify;
use zstack_runtime::ErrorCode;
use zstack_server::{BoxFuture, Outcome};

use self::delay::Chance;
use self::fault::CallFacts;
use crate::exchange::Effects;
use crate::service::Outage;

pub(crate) use self::fault::Fault;
pub(crate) use self::hooks::Hooks;
pub(crate) use self::read::read;
pub(crate) use self::webhooks::FaultyWebhooks;

/// The maximum number of jobs whose webhooks are to be lost.
const MAX_LOST: usize = 10_000;

/// The active faults, and the number of calls of each operation.
#[derive(Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Default)]
struct State {
    last_id: u64,
    faults: BTreeMap<u64, ActiveFault>,
    calls: BTreeMap<&'static str, u64>,
    /// The jobs whose webhooks are lost.
    lost: HashSet<String>,
}

struct ActiveFault {
    fault: Fault,
    /// The seed of the fault, or a random one.
    seed: u64,
    /// The number of calls that its selectors selected.
    seen: u64,
    /// The number of calls that it affected.
    hits: u64,
    /// The number of calls that it holds.
    waiting: u64,
    released: Arc<Notify>,
    /// The resource that it disconnects.
    outage: Option<Outage>,
}

/// A fault in a response.
#[derive(Debug, Serialize)]
pub(crate) struct FaultReport {
    id: u64,
    #[serde(flatten)]
    fault: Fault,
    seen: u64,
    hits: u64,
    waiting: u64,
}

/// The effects of all faults on a call.
#[derive(Default)]
struct Plan {
    effects: Effects,
    steps: Vec<Step>,
    as_job: bool,
    /// The status and the body of the response that replaces the call.
    response: Option<(u16, String)>,
}

/// Something that happens before an operation begins.
enum Step {
    Wait(Duration),
    Hold(HeldCall, BoxFuture<'static, ()>),
    Fail(Box<ErrorCode>),
}

/// The facts that selectors need, and that take a look-up.
struct Needs {
    account: bool,
    resource: bool,
}

impl Faults {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault with the resource that it disconnects, and returns its id; `None` if there are already
    /// `maximum` faults.
    pub(crate) fn add(&self, fault: Fault, outage: Option<Outage>, maximum: usize) -> Option<u64> {
        let mut state = self.state();
        if state.faults.len() >= maximum {
            return None;
        }
        state.last_id += 1;
        let id = state.last_id;
        let seed = fault.seed.unwrap_or_else(rand::random);
        let active =
            ActiveFault { fault, seed, seen: 0, hits: 0, waiting: 0, released: Arc::default(), outage };
        state.faults.insert(id, active);
        Some(id)
    }

    /// The number of active faults.
    pub(crate) fn len(&self) -> usize {
        self.state().faults.len()
    }

    /// The fault that disconnects a resource.
    pub(crate) fn disconnecting(&self, uuid: &str) -> Option<u64> {
        let state = self.state();
        let is_of = |active: &ActiveFault| active.outage.as_ref().is_some_and(|outage| outage.uuid == uuid);
        state.faults.iter().find(|(_, active)| is_of(active)).map(|(id, _)| *id)
    }

    /// The resources that faults disconnect.
    pub(crate) fn outages(&self) -> Vec<Outage> {
        self.state().faults.values().filter_map(|active| active.outage.clone()).collect()
    }

    /// Removes a fault and releases the calls that it holds. Returns the resource that it disconnected;
    /// `None` if the id is unknown.
    pub(crate) fn remove(&self, id: u64) -> Option<Option<Outage>> {
        let active = self.state().faults.remove(&id)?;
        active.released.notify_waiters();
        Some(active.outage)
    }

    /// Releases the calls that a fault holds, which stays active. Returns their number; `None` if the id is
    /// unknown.
    pub(crate) fn release(&self, id: u64) -> Option<u64> {
        let state = self.state();
        let active = state.faults.get(&id)?;
        active.released.notify_waiters();
        Some(active.waiting)
    }

    /// Removes all faults, and resets the counts of calls. Returns the resources that were disconnected.
    pub(crate) fn clear(&self) -> Vec<Outage> {
        let mut state = self.state();
        state.calls.clear();
        let faults = std::mem::take(&mut state.faults).into_values();
        let released = faults.inspect(|active| active.released.notify_waiters());
        released.filter_map(|active| active.outage).collect()
    }

    /// Returns the active faults, and the number of calls of each operation.
    pub(crate) fn report(&self) -> (Vec<FaultReport>, BTreeMap<&'static str, u64>) {
        let state = self.state();
        (state.faults.iter().map(FaultReport::of).collect(), state.calls.clone())
    }

    /// Returns an active fault.
    pub(crate) fn find(&self, id: u64) -> Option<FaultReport> {
        self.state().faults.get_key_value(&id).map(FaultReport::of)
    }

    /// Counts a call. Returns false if there are no faults.
    fn count(&self, operation: &'static str) -> bool {
        let mut state = self.state();
        *state.calls.entry(operation).or_default() += 1;
        !state.faults.is_empty()
    }

    /// The facts that the faults of an operation need.
    fn needs(&self, operation: &str) -> Needs {
        let state = self.state();
        let faults: Vec<_> =
            state.faults.values().filter(|active| active.fault.is_for_operation(operation)).collect();
        let is_reconnect = is_reconnect(operation);
        Needs {
            account: faults.iter().any(|active| active.fault.account.is_some()),
            resource: faults.iter().any(|active| active.fault.resource.is_some())
                || is_reconnect && state.faults.values().any(|active| active.outage.is_some()),
        }
    }

    /// Determines the effects of all faults on a call.
    fn plan(self: &Arc<Self>, call: &CallFacts<'_>) -> Plan {
        let mut plan = Plan::default();
        let mut has_ended = false;
        let mut state = self.state();
        for (id, active) in &mut state.faults {
            if let Some(outage) = &active.outage {
                if is_reconnect(call.operation) && call.resources.contains(&outage.uuid) && !has_ended {
                    (active.seen, active.hits) = (active.seen + 1, active.hits + 1);
                    plan.effects.faults.push(*id);
                    plan.steps.push(Step::Fail(outage.error()));
                    has_ended = true;
                }
                continue;
            }
            if !active.fault.selects(call) {
                continue;
            }
            active.seen += 1;
            let mut chance = Chance::new(active.seed, active.seen);
            if active.fault.affects(active.seen, active.hits, &mut chance) && !has_ended {
                active.hits += 1;
                plan.effects.faults.push(*id);
                has_ended = self.add_steps(*id, active, call.operation, &mut chance, &mut plan);
            }
        }
        plan
    }

    /// Adds the effects of a fault on a call. Returns true if the call ends with them.
    fn add_steps(
        self: &Arc<Self>,
        id: u64,
        active: &mut ActiveFault,
        operation: &str,
        chance: &mut Chance,
        plan: &mut Plan,
    ) -> bool {
        let fault = &active.fault;
        plan.steps.extend(fault.delay.map(|delay| Step::Wait(chance.delay(delay))));
        if fault.hold || fault.hang {
            active.waiting += 1;
            // Created now, so that a release before the first poll is noticed.
            let released = Arc::clone(&active.released).notified_owned();
            plan.steps.push(Step::Hold(HeldCall(Arc::clone(self), id), Box::pin(released)));
        }
        plan.as_job |= fault.hang;
        plan.effects.loses_webhook |= fault.lose_webhook;
        plan.effects.cut = plan.effects.cut.or(fault.cut);
        if let Some(error) = &fault.error {
            let description = error.description.clone().unwrap_or_else(|| "Injected fault".to_owned());
            let details = error
                .details
                .clone()
                .unwrap_or_else(|| format!("a fault set with POST /_node/faults made {operation} fail"));
            plan.steps.push(Step::Fail(Box::new(ErrorCode::new(&*error.code, description, details))));
        }
        plan.response = fault.status.map(|status| {
            let text = || format!("a fault set with POST /_node/faults answered with status {status}\n");
            (status, fault.body.clone().unwrap_or_else(text))
        });
        fault.error.is_some() || fault.status.is_some()
    }

    /// Lets the webhook of a job be lost.
    fn lose_webhook(&self, job: &str) {
        let mut state = self.state();
        if state.lost.len() >= MAX_LOST {
            state.lost.clear();
        }
        state.lost.insert(job.to_owned());
    }

    /// True if the webhook of a job is lost.
    fn loses_webhook(&self, job: &str) -> bool {
        self.state().lost.remove(job)
    }
}

impl FaultReport {
    fn of((id, active): (&u64, &ActiveFault)) -> Self {
        let ActiveFault { fault, seed, seen, hits, waiting, .. } = active;
        let mut fault = fault.clone();
        if fault.uses_chance() {
            fault.seed = Some(*seed);
        }
        Self { id: *id, fault, seen: *seen, hits: *hits, waiting: *waiting }
    }
}

/// True for operations that connect a host or a storage again.
fn is_reconnect(operation: &str) -> bool {
    operation.starts_with("Reconnect")
}

/// A call that a fault holds, until it proceeds or is canceled.
struct HeldCall(Arc<Faults>, u64);

impl Drop for HeldCall {
    fn drop(&mut self) {
        if let Some(active) = self.0.state().faults.get_mut(&self.1) {
            active.waiting -= 1;
        }
    }
}

/// Waits as the steps say, and fails with the first error.
async fn run(steps: Vec<Step>) -> Outcome<()> {
    for step in steps {
        match step {
            Step::Wait(duration) => tokio::time::sleep(duration).await,
            Step::Hold(held, released) => {
                released.await;
                drop(held);
            }
            Step::Fail(error) => return Err(error),
        }
    }
    Ok(())
}
