//! `/_node/reset`, `/_node/inventory` and changes of `/_node/clock`: the whole state of a world.

use serde::Deserialize;
use serde_json::{Value, json};

use super::clock;
use super::problem::{ControlError, load_failure, parse_json, unavailable};
use crate::inventory::{self, Limits, SAMPLE};
use crate::spec::Spec;
use crate::worlds::World;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    sample: bool,
}

pub(super) async fn reset(world: &World, spec: &'static Spec, body: &str) -> Result<Value, ControlError> {
    let Reset { sample } = if body.trim().is_empty() { Reset::default() } else { parse_json(body)? };
    world.clock.reset();
    let inventory = sample.then_some(("sample.yaml", SAMPLE));
    let count = inventory::reset(spec.kinds(), inventory, world.store.as_ref(), world.clock.as_ref()).await;
    let count = count.map_err(|error| load_failure(&error))?;
    let created = world.node.create_built_in_documents(&spec.operations().plans).await;
    created.map_err(|error| unavailable(&error))?;
    // The resources that they disconnected are deleted.
    drop(world.faults.clear());
    world.node.clear_sessions();
    world.journal.clear();
    tracing::info!(count, "deleted all data, and loaded the records of a new inventory");
    Ok(json!({ "loaded": count }))
}

/// Changes the clock, and does the work that is due then.
pub(super) async fn change_clock(world: &World, body: &str) -> Result<Value, ControlError> {
    let report = clock::change(&world.clock, body)?;
    world.run_due_work().await.map_err(|error| unavailable(&error))?;
    Ok(report)
}

/// Loads an inventory. The lock covers receiving it: a body takes much memory.
pub(super) async fn load(
    world: &World,
    spec: &'static Spec,
    body: impl Future<Output = Result<String, ControlError>>,
) -> Result<Value, ControlError> {
    let _turn = world.loading.lock().await;
    let body = body.await?;
    let (store, clock) = (world.store.as_ref(), world.clock.as_ref());
    let loaded = inventory::load_kinds(spec.kinds(), Limits::REMOTE, "inventory", &body, store, clock).await;
    Ok(json!({ "loaded": loaded.map_err(|error| load_failure(&error))? }))
}
