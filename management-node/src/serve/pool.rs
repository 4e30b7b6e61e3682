//! The pool of open connections.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::limits::Notices;
use super::state::{IdleSignal, State};

/// The open connections, up to a maximum number.
#[derive(Debug)]
pub(super) struct Pool {
    maximum: usize,
    open: Mutex<OpenConnections>,
    idle: Arc<IdleSignal>,
}

#[derive(Debug, Default)]
struct OpenConnections {
    next: u64,
    states: HashMap<u64, Arc<State>>,
}

/// The registration of a connection in a [`Pool`], until it is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    pool: Arc<Pool>,
    number: u64,
    pub(super) state: Arc<State>,
}

impl Pool {
    pub(super) fn new(maximum: usize) -> Arc<Self> {
        Arc::new(Self { maximum: maximum.max(1), open: Mutex::default(), idle: Arc::default() })
    }

    fn lock(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_open(self: &Arc<Self>) -> Option<Slot> {
        let mut open = self.lock();
        if open.states.len() >= self.maximum {
            return None;
        }
        let number = open.next;
        open.next += 1;
        let state = Arc::new(State::new(Arc::clone(&self.idle)));
        open.states.insert(number, Arc::clone(&state));
        Some(Slot { pool: Arc::clone(self), number, state })
    }

    /// Registers a connection. At the limit, closes the one that has been idle
    /// longest, or waits for one. Only one task at a time may await this.
    pub(super) async fn open(self: &Arc<Self>, notices: &Notices) -> Slot {
        if let Some(slot) = self.try_open() {
            return slot;
        }
        self.idle.is_awaited.store(true, Ordering::SeqCst);
        let slot = loop {
            if let Some(slot) = self.try_open() {
                break slot;
            }
            let limit = self.maximum;
            if self.close_idle() {
                if let Some(suppressed) = notices.full.due() {
                    tracing::warn!(
                        limit,
                        suppressed,
                        "reached the limit on connections (--max-connections); closing the one that is idle longest"
                    );
                }
            } else if let Some(suppressed) = notices.busy.due() {
                tracing::warn!(
                    limit,
                    suppressed,
                    "reached the limit on connections (--max-connections), and none is idle; new connections wait"
                );
            }
            // `Notify` stores a notification that came in the meantime.
            self.idle.changed.notified().await;
        };
        self.idle.is_awaited.store(false, Ordering::SeqCst);
        slot
    }

    /// Closes the connection that has been idle longest. Returns false if none is
    /// idle.
    pub(super) fn close_idle(&self) -> bool {
        let open = self.lock();
        let idle = || open.states.values().filter_map(|state| Some((state.idle_since()?, state)));
        if idle().any(|(_, state)| state.is_closing()) {
            return true;
        }
        let longest = idle().min_by_key(|(since, _)| *since);
        longest.inspect(|(_, state)| state.request_close()).is_some()
    }

    /// Closes all connections after their present requests, and waits for their
    /// ends. Call this once, after the last connection was opened.
    pub(super) async fn close(&self) {
        self.lock().states.values().for_each(|state| state.request_close());
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
