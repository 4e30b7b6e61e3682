//! `/_node/requests`: the journal.

use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::ACCEPT;
use hyper::http::request::Parts;
use serde_json::{Value, json};

use super::problem::{ControlError, unavailable};
use crate::clock::Clock as _;
use crate::journal::{Filter, FilterRequest, HAR, Journal};
use crate::model::{Document, Uuid};
use crate::store::{Store as _, StoreError};
use crate::uuids;
use crate::worlds::World;

/// True if a request asks for an HTTP archive.
pub(super) fn wants_archive(request: &Parts) -> bool {
    let mut accepted = request.headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains(HAR))
}

/// Reads the entries that pass the filter of a request.
pub(super) async fn read(
    world: &Arc<World>,
    request: &Parts,
    format: fn(&Journal, &Filter) -> Value,
) -> Result<Value, ControlError> {
    let filter = filter(world, request).await?;
    let journal = Arc::clone(&world.journal);
    // Removing secrets from a large journal takes a while.
    let read = tokio::task::spawn_blocking(move || format(&journal, &filter)).await;
    read.map_err(|error| unavailable(&error))
}

/// Counts the entries that pass the filter of a request.
pub(super) async fn count(world: &World, request: &Parts) -> Result<Value, ControlError> {
    let filter = filter(world, request).await?;
    Ok(json!({ "count": world.journal.count(&filter) }))
}

async fn filter(world: &World, request: &Parts) -> Result<Filter, ControlError> {
    let query = request.uri.query().unwrap_or_default();
    let request = FilterRequest::read(query).map_err(ControlError::problems)?;
    let resolve = async || {
        let account = match &request.account {
            Some(name) => Some(account_of(world, name).await?),
            None => None,
        };
        let resources = match &request.resource {
            Some(name) => Some(resources_of(world, name).await?),
            None => None,
        };
        Ok::<_, StoreError>((account, resources))
    };
    let (account, resources) = resolve().await.map_err(|error| unavailable(&error))?;
    Ok(request.resolve(account, resources))
}

/// The UUID of an account; the text itself if no account has this name.
async fn account_of(world: &World, name: &str) -> Result<Uuid, StoreError> {
    let found = world.store.account(name, world.clock.now()).await?;
    Ok(found.map_or_else(|| name.to_owned(), |found| found.account.uuid))
}

/// The texts that mean a resource: its UUID, or its name and the UUIDs of all resources with this name.
async fn resources_of(world: &World, name: &str) -> Result<Vec<String>, StoreError> {
    let found = Arc::new(Mutex::new(vec![name.to_owned()]));
    if !uuids::is_valid(name) {
        let (all, name) = (Arc::clone(&found), name.to_owned());
        let visit = move |document: Document| {
            if document.text("name") == Some(&*name) {
                all.lock().unwrap_or_else(PoisonError::into_inner).push(document.uuid);
            }
            true
        };
        world.store.each_document(visit).await?;
    }
    let found = found.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(found)
}
