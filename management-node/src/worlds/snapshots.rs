//! Saved states of a world: its documents, sessions and jobs, its clock, and the resources that faults
//! disconnect. Faults and the journal are not part of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::TempPath;

use super::World;
use crate::clock::ClockState;
use crate::service::Outage;
use crate::settings::StartError;
use crate::store::StoreError;

/// The maximum number of snapshots of a world.
const MAX_SNAPSHOTS: usize = 100;

/// A saved state of a world.
pub(crate) struct SavedState {
    file: TempPath,
    clock: ClockState,
    outages: Vec<Outage>,
}

/// The snapshots of a world, by their names.
#[derive(Default)]
pub(crate) struct Snapshots(Mutex<BTreeMap<String, Arc<SavedState>>>);

/// An error of saving or loading a state.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SnapshotError {
    #[error("there are {MAX_SNAPSHOTS} snapshots of this world; delete one first")]
    TooMany,
    #[error("cannot create a temporary file for the snapshot: {0}")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Resume(#[from] StartError),
}

impl SavedState {
    /// Saves the state of a world.
    pub(crate) async fn save(world: &World) -> Result<Self, SnapshotError> {
        let file = tempfile::Builder::new().prefix("zstack-node-").suffix(".sqlite").tempfile()?;
        let file = file.into_temp_path();
        let (clock, outages) = (world.clock.state_to_save(), world.faults.outages());
        world.store.save_copy(&file).await?;
        Ok(Self { file, clock, outages })
    }

    /// The database file of the state. Only read it.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Replaces the state of a world. Its faults are removed.
    pub(crate) async fn load(&self, world: &World) -> Result<(), SnapshotError> {
        world.store.load_copy(&self.file).await?;
        // The resources of the former state are gone.
        drop(world.faults.clear());
        world.node.clear_sessions();
        self.adjust(world).await;
        Ok(world.resume().await?)
    }

    /// Sets the clock of a world whose store has this state, and connects what faults disconnected.
    pub(super) async fn adjust(&self, world: &World) {
        world.clock.restore(self.clock);
        for outage in &self.outages {
            world.reconnect(outage).await;
        }
    }
}

impl Snapshots {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<SavedState>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Saves the state of a world under a name, or under the next free number. Returns the name.
    pub(crate) async fn add(&self, world: &World, name: Option<String>) -> Result<String, SnapshotError> {
        let is_full = |states: &BTreeMap<_, _>| {
            states.len() >= MAX_SNAPSHOTS && name.as_ref().is_none_or(|name| !states.contains_key(name))
        };
        if is_full(&self.lock()) {
            return Err(SnapshotError::TooMany);
        }
        let state = Arc::new(SavedState::save(world).await?);
        let mut states = self.lock();
        if is_full(&states) {
            return Err(SnapshotError::TooMany);
        }
        let free = || (1..).map(|number: u64| number.to_string()).find(|name| !states.contains_key(name));
        let name = name.or_else(free).unwrap_or_default();
        states.insert(name.clone(), state);
        Ok(name)
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<SavedState>> {
        self.lock().get(name).cloned()
    }

    /// Deletes a snapshot. Returns false if there is none with this name.
    pub(crate) fn remove(&self, name: &str) -> bool {
        self.lock().remove(name).is_some()
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }
}
