//! `/_node/worlds`: private worlds.

use std::sync::Arc;

use serde_json::{Value, json};

use super::problem::{ControlError, load_failure, unavailable};
use crate::object::Object;
use crate::worlds::{
    Address, DEFAULT, HEADER, Origin, PrivateWorld, SnapshotError, Snapshots, WorldError, Worlds,
};

/// All private worlds.
pub(super) fn list(worlds: &Worlds) -> Value {
    json!({ "worlds": worlds.all().iter().map(|world| describe(world)).collect::<Vec<_>>() })
}

/// Describes a world to its users.
fn describe(world: &PrivateWorld) -> Value {
    json!({
        "name": world.name,
        "path": Address::prefix(&world.name),
        "headers": {HEADER: world.name},
        "session": world.session,
        "snapshots": world.snapshots.names(),
    })
}

pub(super) async fn create(worlds: &Worlds, body: &str) -> Result<Value, ControlError> {
    let (name, origin) = read(if body.trim().is_empty() { "{}" } else { body })?;
    let created = worlds.create(name, origin).await.map_err(|error| failure(&error))?;
    tracing::info!(world = created.name, "created a private world");
    Ok(describe(&created))
}

fn read(body: &str) -> Result<(Option<String>, Origin), ControlError> {
    let mut problems = Vec::new();
    let mut object = Object::of_body(body, &mut problems);
    let name = object.text("name");
    let sample = object.flag("sample").then_some(Origin::Sample);
    let inventory = object.text("inventory").map(Origin::Inventory);
    let copy = object.text("copy").map(Origin::Copy);
    object.finish();
    let mut origins: Vec<_> = [sample, inventory, copy].into_iter().flatten().collect();
    if origins.len() > 1 {
        problems.push("`sample`, `inventory` and `copy` exclude each other; keep one".to_owned());
    }
    if !problems.is_empty() {
        return Err(ControlError::problems(problems));
    }
    Ok((name, origins.pop().unwrap_or(Origin::Empty)))
}

pub(super) fn find(worlds: &Worlds, name: &str) -> Result<Value, ControlError> {
    Ok(describe(&*private(worlds, name)?))
}

pub(super) async fn delete(worlds: &Worlds, name: &str) -> Result<Value, ControlError> {
    private(worlds, name)?;
    worlds.delete(name).await;
    Ok(json!({}))
}

pub(super) async fn reset(worlds: &Worlds, name: &str) -> Result<Value, ControlError> {
    let world = private(worlds, name)?;
    world.reset().await.map_err(|error| unavailable(&error))?;
    Ok(describe(&world))
}

pub(super) fn list_snapshots(worlds: &Worlds, name: &str) -> Result<Value, ControlError> {
    let names = match name {
        DEFAULT => worlds.default_snapshots.names(),
        _ => private(worlds, name)?.snapshots.names(),
    };
    Ok(json!({ "snapshots": names }))
}

/// Saves the state of a world.
pub(super) async fn save(worlds: &Worlds, name: &str, body: &str) -> Result<Value, ControlError> {
    let mut problems = Vec::new();
    let mut object = Object::of_body(if body.trim().is_empty() { "{}" } else { body }, &mut problems);
    let snapshot = object.text("name");
    if snapshot.as_ref().is_some_and(|snapshot| snapshot.contains('/')) {
        object.problem("name", "must not contain `/`");
    }
    object.finish();
    if !problems.is_empty() {
        return Err(ControlError::problems(problems));
    }
    let saved = match name {
        DEFAULT => worlds.default_snapshots.add(&worlds.default, snapshot).await,
        _ => {
            let private = private(worlds, name)?;
            private.snapshots.add(&private.world, snapshot).await
        }
    };
    match saved {
        Ok(snapshot) => Ok(json!({ "snapshot": snapshot })),
        Err(error @ SnapshotError::TooMany) => Err(ControlError::bad_request(error.to_string())),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Replaces the state of a world by a saved one.
pub(super) async fn restore(worlds: &Worlds, name: &str, snapshot: &str) -> Result<Value, ControlError> {
    let restored = match name {
        DEFAULT => {
            let state = worlds.default_snapshots.find(snapshot);
            state.ok_or_else(|| unknown(name, snapshot))?.load(&worlds.default).await
        }
        _ => {
            let private = private(worlds, name)?;
            let state = private.snapshots.find(snapshot).ok_or_else(|| unknown(name, snapshot))?;
            private.load(&state).await
        }
    };
    restored.map(|()| json!({})).map_err(|error| unavailable(&error))
}

/// Deletes a saved state.
pub(super) fn forget(worlds: &Worlds, name: &str, snapshot: &str) -> Result<Value, ControlError> {
    let remove = |snapshots: &Snapshots| snapshots.remove(snapshot);
    let is_removed = match name {
        DEFAULT => remove(&worlds.default_snapshots),
        _ => remove(&private(worlds, name)?.snapshots),
    };
    if is_removed { Ok(json!({})) } else { Err(unknown(name, snapshot)) }
}

fn unknown(name: &str, snapshot: &str) -> ControlError {
    ControlError::not_found(format!(
        "the world `{name}` has no snapshot `{snapshot}`; GET /_node/worlds/{name}/snapshots lists all"
    ))
}

/// Finds a private world.
fn private(worlds: &Worlds, name: &str) -> Result<Arc<PrivateWorld>, ControlError> {
    if name == DEFAULT {
        return Err(ControlError::bad_request(
            "the world `default` is the database of the node; use POST /_node/reset to reset it",
        ));
    }
    worlds.find(name).ok_or_else(|| ControlError::not_found(crate::worlds::unknown_world(name)))
}

fn failure(error: &WorldError) -> ControlError {
    match error {
        WorldError::Name(_) | WorldError::Exists(_) | WorldError::TooMany => {
            ControlError::bad_request(error.to_string())
        }
        WorldError::Unknown(text) => ControlError::not_found(text),
        WorldError::Load(error) => load_failure(error),
        WorldError::Start(_) | WorldError::Snapshot(_) => unavailable(error),
    }
}
