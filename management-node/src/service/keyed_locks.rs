//! One at a time for each resource, in order of arrival; resources do not wait
//! for each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// Locks by key. A key that nobody holds or waits for takes no memory.
#[derive(Default)]
pub(super) struct KeyedLocks(Arc<Entries>);

type Entries = Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>;

/// The turn of one holder, until it is dropped.
pub(super) struct Turn {
    // Let go before the ticket looks whether somebody waits.
    _held: OwnedMutexGuard<()>,
    _ticket: Ticket,
}

/// Somebody who holds a lock or waits for it. Who stops waiting leaves nothing
/// behind either.
struct Ticket {
    entries: Arc<Entries>,
    key: String,
    lock: Option<Arc<tokio::sync::Mutex<()>>>,
}

impl KeyedLocks {
    /// Waits for the turn. Turns come in order of arrival.
    pub(super) async fn turn(&self, key: &str) -> Turn {
        let lock = {
            let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(entries.entry(key.to_owned()).or_default())
        };
        let ticket =
            Ticket { entries: Arc::clone(&self.0), key: key.to_owned(), lock: Some(Arc::clone(&lock)) };
        Turn { _held: lock.lock_owned().await, _ticket: ticket }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.lock.take());
        // With the map locked nobody can take another copy: if the map has the
        // only one left, nobody holds the lock or waits for it.
        if entries.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            entries.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_come_in_order_and_leave_nothing() {
        let locks = Arc::new(KeyedLocks::default());
        let order = Arc::new(Mutex::new(Vec::new()));
        let first = locks.turn("vm").await;
        let mut waiting = Vec::new();
        for number in 0..20 {
            let (locks, order) = (Arc::clone(&locks), Arc::clone(&order));
            waiting.push(tokio::spawn(async move {
                let _turn = locks.turn("vm").await;
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
    async fn other_keys_do_not_wait() {
        let locks = KeyedLocks::default();
        let held = locks.turn("one").await;
        let other = tokio::time::timeout(Duration::from_millis(1), locks.turn("two")).await;
        assert!(other.is_ok());
        drop(other);
        drop(held);
        assert_eq!(locks.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_leaves_nothing() {
        let locks = KeyedLocks::default();
        let held = locks.turn("vm").await;
        assert!(tokio::time::timeout(Duration::from_millis(1), locks.turn("vm")).await.is_err());
        assert_eq!(locks.len(), 1);
        drop(held);
        assert_eq!(locks.len(), 0);
    }
}
