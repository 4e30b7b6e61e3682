//! Worlds: the clouds of a node. The default world is the database of the node; tests create private ones,
//! which are temporary.
//!
//! | module | contents |
//! |---|---|
//! | `world` | a store with everything that works on it |
//! | `address` | the world of a request: by path, header, host, session or job |
//! | `private` | creation, reset and deletion of private worlds |
//! | `snapshots` | saved states of a world |
//!
//! A world has its own store, sessions, jobs, faults, journal and clock. The spec, its tables and plans, the
//! table of paths and the settings are immutable, and shared.

mod address;
mod private;
mod snapshots;
mod world;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::model::Uuid;

pub(crate) use self::address::{Address, HEADER, unknown_world};
pub(crate) use self::private::{Origin, PrivateWorld, WorldError};
pub(crate) use self::snapshots::{SnapshotError, Snapshots};
pub(crate) use self::world::{Common, World};

/// The name of the world that is the database of the node.
pub(crate) const DEFAULT: &str = "default";

/// The maximum number of private worlds.
const MAX_WORLDS: usize = 1000;

/// The maximum number of sessions and jobs whose world is remembered.
const MAX_KNOWN: usize = 10_000;

/// The worlds of a node.
pub(crate) struct Worlds {
    pub(crate) default: Arc<World>,
    pub(crate) default_snapshots: Snapshots,
    pub(crate) common: Common,
    private: RwLock<BTreeMap<String, Arc<PrivateWorld>>>,
    /// False while there are no private worlds, which spares requests all look-ups.
    has_private: AtomicBool,
    /// The worlds of sessions and jobs that requests without a world named.
    known: Mutex<HashMap<Uuid, String>>,
    /// The states of new worlds, which are made once.
    origins: private::Origins,
}

impl Worlds {
    pub(crate) fn new(default: World, common: Common) -> Self {
        Self {
            default: Arc::new(default),
            default_snapshots: Snapshots::default(),
            common,
            private: RwLock::default(),
            has_private: AtomicBool::new(false),
            known: Mutex::default(),
            origins: private::Origins::default(),
        }
    }

    /// All private worlds, by name.
    pub(crate) fn all(&self) -> Vec<Arc<PrivateWorld>> {
        let worlds = self.private.read().unwrap_or_else(PoisonError::into_inner);
        worlds.values().cloned().collect()
    }

    /// Finds a private world.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<PrivateWorld>> {
        self.private.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn has_private(&self) -> bool {
        self.has_private.load(Ordering::Acquire)
    }

    fn lock_known(&self) -> MutexGuard<'_, HashMap<Uuid, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
