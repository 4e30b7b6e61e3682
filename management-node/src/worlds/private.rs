//! Private worlds: creation, reset and deletion.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::snapshots::{SavedState, SnapshotError, Snapshots};
use super::{Address, DEFAULT, MAX_WORLDS, World, Worlds};
use crate::inventory::{self, Limits, LoadError, SAMPLE};
use crate::model::Uuid;
use crate::settings::StartError;
use crate::store::sqlite::{OpenError, SqliteStore};
use crate::store::{Store as _, StoreError};
use crate::uuids;

/// The maximum length of the name of a world.
const MAX_NAME: usize = 64;

/// The content of a new world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Only what every node has.
    Empty,
    /// The built-in sample.
    Sample,
    /// The text of an inventory file.
    Inventory(String),
    /// The state of another world, without its sessions.
    Copy(String),
}

/// A private world, with the state to which it can be reset.
pub(crate) struct PrivateWorld {
    pub(crate) name: String,
    pub(crate) world: Arc<World>,
    /// A session of the administrator.
    pub(crate) session: Uuid,
    pub(crate) snapshots: Snapshots,
    initial: Arc<SavedState>,
    /// Locked while the state is replaced.
    changing: Mutex<()>,
}

/// The initial states of empty worlds and of those with the sample, made when the first one is created.
#[derive(Default)]
pub(super) struct Origins {
    empty: Mutex<Option<Arc<SavedState>>>,
    sample: Mutex<Option<Arc<SavedState>>>,
}

/// An error of creating or changing a world.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorldError {
    #[error(
        "`name` must have 1 to {MAX_NAME} letters, digits, `-`, `_` and `.`, begin with a letter or digit, and not be \
         `default`; got `{0}`"
    )]
    Name(String),
    #[error("the world `{0}` exists; delete it with DELETE /_node/worlds/{0}, or choose another name")]
    Exists(String),
    #[error("there are {MAX_WORLDS} worlds; delete one with DELETE /_node/worlds/NAME")]
    TooMany,
    #[error("{0}")]
    Unknown(String),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl From<StoreError> for WorldError {
    fn from(error: StoreError) -> Self {
        Self::Start(error.into())
    }
}

impl From<OpenError> for WorldError {
    fn from(error: OpenError) -> Self {
        Self::Start(error.into())
    }
}

impl Worlds {
    /// Creates a private world, with a random name if none is given.
    ///
    /// # Errors
    ///
    /// When the name is invalid or taken, an inventory has problems, or the store fails.
    pub(crate) async fn create(
        &self,
        name: Option<String>,
        origin: Origin,
    ) -> Result<Arc<PrivateWorld>, WorldError> {
        let name = name.unwrap_or_else(uuids::random);
        if !is_name(&name) {
            return Err(WorldError::Name(name));
        }
        self.check_free(&name)?;
        let prefix = Address::prefix(&name);
        let (world, initial) = match origin {
            Origin::Empty => self.open_saved(self.empty().await?, &prefix).await?,
            Origin::Sample => self.open_saved(self.sample().await?, &prefix).await?,
            Origin::Inventory(text) => {
                let (world, _) = self.open_saved(self.empty().await?, &prefix).await?;
                self.load(&world, "inventory", &text, Limits::REMOTE).await?;
                let initial = SavedState::save(&world).await?;
                (world, Arc::new(initial))
            }
            Origin::Copy(of) => {
                let copied = SavedState::save(&*self.find_any(&of)?).await?;
                let (world, _) = self.open_saved(Arc::new(copied), &prefix).await?;
                // A session belongs to one world.
                world.node.delete_sessions().await?;
                let initial = SavedState::save(&world).await?;
                (world, Arc::new(initial))
            }
        };
        let session = uuids::random();
        world.node.put_session(&session).await?;
        let world = Arc::new(world);
        let private = Arc::new(PrivateWorld {
            name: name.clone(),
            world: Arc::clone(&world),
            session,
            snapshots: Snapshots::default(),
            initial,
            changing: Mutex::default(),
        });
        let mut worlds = self.private.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have created it in the meantime.
        check_free(&worlds, &name)?;
        worlds.insert(name, Arc::clone(&private));
        self.has_private.store(true, Ordering::Release);
        world.run_background();
        Ok(private)
    }

    /// Deletes a private world. Calls that are running fail.
    pub(crate) async fn delete(&self, name: &str) -> bool {
        let removed = {
            let mut worlds = self.private.write().unwrap_or_else(PoisonError::into_inner);
            let removed = worlds.remove(name);
            self.has_private.store(!worlds.is_empty(), Ordering::Release);
            removed
        };
        let Some(removed) = removed else { return false };
        self.lock_known().retain(|_, world| world != name);
        removed.world.stop();
        drop(removed.world.faults.clear());
        removed.world.store.close().await;
        true
    }

    /// Deletes all private worlds and all snapshots, with their files.
    pub(crate) async fn close(&self) {
        let worlds = std::mem::take(&mut *self.private.write().unwrap_or_else(PoisonError::into_inner));
        let mut closing = JoinSet::new();
        for private in worlds.into_values() {
            private.world.stop();
            private.snapshots.clear();
            let store = Arc::clone(&private.world.store);
            closing.spawn(async move { store.close().await });
        }
        self.default_snapshots.clear();
        self.origins.empty.lock().await.take();
        self.origins.sample.lock().await.take();
        closing.join_all().await;
    }

    /// Finds the default world or a private one.
    pub(crate) fn find_any(&self, name: &str) -> Result<Arc<World>, WorldError> {
        if name == DEFAULT {
            return Ok(Arc::clone(&self.default));
        }
        let found = self.find(name).map(|private| Arc::clone(&private.world));
        found.ok_or_else(|| WorldError::Unknown(super::address::unknown_world(name)))
    }

    fn check_free(&self, name: &str) -> Result<(), WorldError> {
        check_free(&self.private.read().unwrap_or_else(PoisonError::into_inner), name)
    }

    async fn empty(&self) -> Result<Arc<SavedState>, WorldError> {
        let mut state = self.origins.empty.lock().await;
        if let Some(state) = &*state {
            return Ok(Arc::clone(state));
        }
        let world = self.open(SqliteStore::temporary()?, "").await?;
        Ok(Arc::clone(state.insert(self.save_and_close(world).await?)))
    }

    async fn sample(&self) -> Result<Arc<SavedState>, WorldError> {
        let mut state = self.origins.sample.lock().await;
        if let Some(state) = &*state {
            return Ok(Arc::clone(state));
        }
        let (world, _) = self.open_saved(self.empty().await?, "").await?;
        self.load(&world, "sample.yaml", SAMPLE, Limits::NONE).await?;
        Ok(Arc::clone(state.insert(self.save_and_close(world).await?)))
    }

    async fn save_and_close(&self, world: World) -> Result<Arc<SavedState>, WorldError> {
        let state = SavedState::save(&world).await?;
        world.store.close().await;
        Ok(Arc::new(state))
    }

    async fn load(&self, world: &World, name: &str, text: &str, limits: Limits) -> Result<(), WorldError> {
        let (store, clock) = (world.store.as_ref(), world.clock.as_ref());
        inventory::load_kinds(self.common.spec.kinds(), limits, name, text, store, clock).await?;
        Ok(())
    }

    async fn open(&self, store: SqliteStore, prefix: &str) -> Result<World, WorldError> {
        Ok(World::open(store, &self.common, prefix, Some(&*self.default)).await?)
    }

    /// Opens a world in a saved state.
    async fn open_saved(
        &self,
        state: Arc<SavedState>,
        prefix: &str,
    ) -> Result<(World, Arc<SavedState>), WorldError> {
        let store = SqliteStore::temporary_copy(state.file())?;
        let world = self.open(store, prefix).await?;
        state.adjust(&world).await;
        Ok((world, state))
    }
}

impl PrivateWorld {
    /// Replaces the state by the one in which the world was created. The journal and the faults are empty
    /// then.
    pub(crate) async fn reset(&self) -> Result<(), SnapshotError> {
        self.load(&self.initial).await?;
        self.world.journal.clear();
        Ok(())
    }

    /// Replaces the state by a saved one. The session of the world stays valid.
    pub(crate) async fn load(&self, state: &SavedState) -> Result<(), SnapshotError> {
        let _turn = self.changing.lock().await;
        state.load(&self.world).await?;
        Ok(self.world.node.put_session(&self.session).await?)
    }
}

fn check_free(
    worlds: &std::collections::BTreeMap<String, Arc<PrivateWorld>>,
    name: &str,
) -> Result<(), WorldError> {
    if worlds.contains_key(name) {
        return Err(WorldError::Exists(name.to_owned()));
    }
    if worlds.len() >= MAX_WORLDS { Err(WorldError::TooMany) } else { Ok(()) }
}

/// True for a valid name, which can be a part of a path and of a host name.
fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.len() <= MAX_NAME
        && name.bytes().all(is_allowed)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name != DEFAULT
}
