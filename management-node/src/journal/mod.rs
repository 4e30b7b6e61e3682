//! The journal: the newest requests to the API with their responses.
//!
//! | module | contents |
//! |---|---|
//! | `record` | recording of a request with its response |
//! | `filter` | the conditions of a request to `/_node/requests` |
//! | `secrets` | removal of passwords, sessions and signatures |
//! | `json`, `har` | the journal as JSON, and as an HTTP archive |
//!
//! Recording copies a request into one buffer, and secrets are removed only when the journal is read, so it costs
//! little.

mod filter;
mod har;
mod json;
mod record;
mod secrets;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use self::record::Entry;

pub(crate) use self::filter::{Filter, FilterRequest};
pub(crate) use self::har::{MEDIA_TYPE as HAR, archive};
pub(crate) use self::json::list;

/// The limits of a journal. When one is exceeded, the oldest entries are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalLimits {
    /// The maximum number of entries; 0 disables the journal.
    pub entries: usize,
    /// The maximum size of all entries, in bytes.
    pub bytes: usize,
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self { entries: 1000, bytes: 16 * 1024 * 1024 }
    }
}

/// The newest requests.
pub(crate) struct Journal {
    limits: JournalLimits,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: VecDeque<Entry>,
    bytes: usize,
    last_id: u64,
}

impl Journal {
    pub(crate) fn new(limits: JournalLimits) -> Self {
        Self { limits, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry, and drops the oldest ones at a limit.
    fn add(&self, mut entry: Entry) {
        let mut state = self.state();
        state.last_id += 1;
        entry.id = state.last_id;
        state.bytes += entry.size();
        state.entries.push_back(entry);
        while state.entries.len() > self.limits.entries || state.bytes > self.limits.bytes {
            let Some(oldest) = state.entries.pop_front() else { break };
            state.bytes -= oldest.size();
        }
    }

    /// Deletes all entries, and returns their number.
    pub(crate) fn clear(&self) -> usize {
        let mut state = self.state();
        state.bytes = 0;
        std::mem::take(&mut state.entries).len()
    }

    /// The entries that pass a filter, the oldest first.
    fn entries(&self, filter: &Filter) -> Vec<Entry> {
        let entries: Vec<_> = self.state().entries.iter().cloned().collect();
        let mut passing: Vec<_> = entries.into_iter().filter(|entry| filter.passes(entry)).collect();
        if let Some(limit) = filter.limit {
            passing.drain(..passing.len().saturating_sub(limit));
        }
        passing
    }

    /// The number of entries that pass a filter.
    pub(crate) fn count(&self, filter: &Filter) -> usize {
        self.entries(filter).len()
    }
}
