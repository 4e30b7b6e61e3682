//! The connections that are open.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::limits::Notices;
use super::state::{IdleSignal, State};

/// The connections that are open, up to a number.
#[derive(Debug)]
pub(super) struct Pool {
    most: usize,
    open: Mutex<Open>,
    idle: Arc<IdleSignal>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    states: HashMap<u64, Arc<State>>,
}

/// The place of a connection in a [`Pool`], until it is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    pool: Arc<Pool>,
    number: u64,
    pub(super) state: Arc<State>,
}

impl Pool {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), open: Mutex::default(), idle: Arc::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_open(self: &Arc<Self>) -> Option<Slot> {
        let mut open = self.lock();
        if open.states.len() >= self.most {
            return None;
        }
        let number = open.next;
        open.next += 1;
        let state = Arc::new(State::new(Arc::clone(&self.idle)));
        open.states.insert(number, Arc::clone(&state));
        Some(Slot { pool: Arc::clone(self), number, state })
    }

    /// A place for one more connection. Where there is none, the one that has
    /// been idle longest has to go; where none is idle, this waits. To be
    /// awaited by one task at a time.
    pub(super) async fn open(self: &Arc<Self>, notices: &Notices) -> Slot {
        if let Some(slot) = self.try_open() {
            return slot;
        }
        self.idle.is_awaited.store(true, Ordering::SeqCst);
        let slot = loop {
            if let Some(slot) = self.try_open() {
                break slot;
            }
            let limit = self.most;
            if self.close_idle() {
                if let Some(left_out) = notices.full.due() {
                    tracing::warn!(
                        limit,
                        left_out,
                        "the limit of connections is reached (--max-connections): the longest idle one is closed"
                    );
                }
            } else if let Some(left_out) = notices.busy.due() {
                tracing::warn!(
                    limit,
                    left_out,
                    "the limit of connections is reached (--max-connections) and none is idle: new ones wait"
                );
            }
            // A permit is kept for what changed since.
            self.idle.changed.notified().await;
        };
        self.idle.is_awaited.store(false, Ordering::SeqCst);
        slot
    }

    /// Asks the connection that has been idle longest to end. Returns whether
    /// there is one, or one is about to end.
    pub(super) fn close_idle(&self) -> bool {
        let open = self.lock();
        let idle = || open.states.values().filter_map(|value| Some((value.idle_since()?, value)));
        if idle().any(|(_, it)| it.is_closing()) {
            return true;
        }
        let longest = idle().min_by_key(|(since, _)| *since);
        longest.inspect(|(_, it)| it.ask_to_close()).is_some()
    }

    /// Asks all connections to end, and waits until they have. To be awaited
    /// once, after the last one was opened.
    pub(super) async fn close(&self) {
        self.lock().states.values().for_each(|value| value.ask_to_close());
        while !self.lock().states.is_empty() {
            self.idle.changed.notified().await;
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.pool.lock().states.remove(&self.number);
        self.pool.idle.changed.notify_one();
    }
}
