//! Fair locks by key, such as the UUID of a resource.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// Locks by key. Only keys that are locked or awaited take memory.
#[derive(Default)]
pub(super) struct KeyedLocks(Arc<LockMap>);

type LockMap = Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>;

/// A guard that unlocks its key when it is dropped.
pub(super) struct KeyedGuard {
    // Dropped before the cleanup looks for other users of the lock.
    _guard: OwnedMutexGuard<()>,
    _cleanup: Cleanup,
}

/// Removes the lock of a key when its last user is dropped, also one that stops
/// waiting.
struct Cleanup {
    locks: Arc<LockMap>,
    key: String,
    lock: Option<Arc<tokio::sync::Mutex<()>>>,
}

impl KeyedLocks {
    /// Locks a key. Callers get the lock in the order of their calls.
    pub(super) async fn lock(&self, key: &str) -> KeyedGuard {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(key.to_owned()).or_default())
        };
        let cleanup =
            Cleanup { locks: Arc::clone(&self.0), key: key.to_owned(), lock: Some(Arc::clone(&lock)) };
        KeyedGuard { _guard: lock.lock_owned().await, _cleanup: cleanup }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.lock.take());
        // While the map is locked, no new reference can be created. If the map has
        // the only one, the lock is neither locked nor awaited.
        if locks.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            locks.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn locks_in_order_and_frees_memory() {
        let locks = Arc::new(KeyedLocks::default());
        let order = Arc::new(Mutex::new(Vec::new()));
        let first = locks.lock("vm").await;
        let mut waiting = Vec::new();
        for number in 0..20 {
            let (locks, order) = (Arc::clone(&locks), Arc::clone(&order));
            waiting.push(tokio::spawn(async move {
                let _guard = locks.lock("vm").await;
                order.lock().unwrap().push(number);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
        assert_eq!(locks.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_block_other_keys() {
        let locks = KeyedLocks::default();
        let first = locks.lock("one").await;
        let other = tokio::time::timeout(Duration::from_millis(1), locks.lock("two")).await;
        assert!(other.is_ok());
        drop(other);
        drop(first);
        assert_eq!(locks.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn frees_memory_of_a_canceled_wait() {
        let locks = KeyedLocks::default();
        let first = locks.lock("vm").await;
        assert!(tokio::time::timeout(Duration::from_millis(1), locks.lock("vm")).await.is_err());
        assert_eq!(locks.len(), 1);
        drop(first);
        assert_eq!(locks.len(), 0);
    }
}
