//! `/_node/faults`.

use hyper::StatusCode;
use serde_json::{Value, json};
use zstack_runtime::Operation;

use super::problem::ControlError;
use crate::faults;
use crate::service::OutageError;
use crate::spec::Spec;
use crate::worlds::World;

/// The maximum number of faults. Each call is compared with all of them.
const MAX_FAULTS: usize = 1000;

/// The response to `GET /_node`.
pub(super) fn report(world: &World) -> Value {
    let (faults, calls) = world.faults.report();
    json!({ "faults": faults, "calls": calls })
}

/// All active faults.
pub(super) fn list(world: &World) -> Value {
    json!({ "faults": world.faults.report().0 })
}

pub(super) async fn add(
    world: &World,
    spec: &'static Spec,
    operations: &[&'static Operation],
    body: &str,
) -> Result<Value, ControlError> {
    let fault = faults::read(body, operations).map_err(ControlError::problems)?;
    if world.faults.len() >= MAX_FAULTS {
        return Err(too_many());
    }
    let plans = &spec.operations().plans;
    let outage = match &fault.disconnect {
        None => None,
        Some(name) => {
            let refused = |error: OutageError| ControlError::bad_request(format!("`disconnect`: {error}"));
            let uuid = world.node.find_connected(name).await.map_err(refused)?;
            if let Some(id) = world.faults.disconnecting(&uuid) {
                return Err(ControlError::bad_request(format!(
                    "`disconnect`: the fault {id} disconnects `{name}` already; remove it with DELETE /_node/faults/{id}"
                )));
            }
            Some(world.node.disconnect(plans, &uuid).await.map_err(refused)?)
        }
    };
    let id = world.faults.add(fault, outage, MAX_FAULTS).ok_or_else(too_many)?;
    Ok(json!({ "id": id }))
}

fn too_many() -> ControlError {
    ControlError::bad_request(format!(
        "at most {MAX_FAULTS} faults can be active at a time; remove one with DELETE /_node/faults/<id>, or all with \
         DELETE /_node/faults"
    ))
}

/// One active fault.
pub(super) fn find(world: &World, id: &str) -> Result<Value, ControlError> {
    let found = id.parse().ok().and_then(|id| world.faults.find(id));
    found.map(|fault| json!(fault)).ok_or_else(|| unknown(id))
}

pub(super) async fn remove(world: &World, id: &str) -> Result<Value, ControlError> {
    let removed = id.parse().ok().and_then(|id| world.faults.remove(id)).ok_or_else(|| unknown(id))?;
    if let Some(outage) = removed {
        world.reconnect(&outage).await;
    }
    Ok(json!({}))
}

/// Removes all faults.
pub(super) async fn clear(world: &World) -> Result<Value, ControlError> {
    for outage in world.faults.clear() {
        world.reconnect(&outage).await;
    }
    Ok(json!({}))
}

pub(super) fn release(world: &World, id: &str) -> Result<Value, ControlError> {
    let released = id.parse().ok().and_then(|id| world.faults.release(id)).ok_or_else(|| unknown(id))?;
    Ok(json!({ "released": released }))
}

fn unknown(id: &str) -> ControlError {
    let text = format!("/_node/faults/{id} does not exist; GET /_node lists the active faults");
    ControlError::new(StatusCode::NOT_FOUND, text)
}
