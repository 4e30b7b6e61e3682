use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The shortest time between two counts of the jobs on record. Until the next one,
/// expired jobs take up room.
pub(crate) const RECOUNT: Duration = Duration::from_secs(10);

/// Room for a limited number of jobs on record.
///
/// Counting the jobs of a store takes a while, so they are counted only when there
/// seems to be no room; between two counts each new job is added.
pub(super) struct Room {
    limit: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// The last count, and the jobs recorded since then.
    on_record: usize,
    /// Jobs that are being recorded.
    pending: usize,
    counted: Option<Instant>,
}

/// Room for one job, until it is dropped or the job is on record.
pub(crate) struct Place<'a> {
    room: &'a Room,
    recorded: bool,
}

/// The result of a search for room.
pub(super) enum Found<'a> {
    Place(Place<'a>),
    /// There seems to be none; the jobs have to be counted.
    Count(Count<'a>),
    /// There is none.
    None,
}

/// A count that has begun.
pub(super) struct Count<'a> {
    room: &'a Room,
    before: usize,
}

impl Room {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, counts: Mutex::default() }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // No panic is possible in the middle of a change.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn find(&self) -> Found<'_> {
        let mut counts = self.counts();
        let has_room = counts.on_record + counts.pending < self.limit;
        let is_recent = counts.counted.is_some_and(|counted| counted.elapsed() < RECOUNT);
        // The first job of a process: the store may have some of the last one.
        if counts.counted.is_some() && has_room {
            counts.pending += 1;
            return Found::Place(Place { room: self, recorded: false });
        }
        if is_recent {
            return Found::None;
        }
        // The others do not count at the same time.
        counts.counted = Some(Instant::now());
        Found::Count(Count { room: self, before: counts.on_record })
    }
}

impl Count<'_> {
    /// Ends with the number of jobs on record.
    pub(super) fn end(self, on_record: usize) {
        let mut counts = self.room.counts();
        // Jobs recorded in the meantime may be counted twice, until the next
        // count.
        counts.on_record = on_record + (counts.on_record - self.before);
    }
}

impl Place<'_> {
    /// The job is on record.
    pub(super) fn keep(mut self) {
        self.recorded = true;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut counts = self.room.counts();
        counts.pending -= 1;
        counts.on_record += usize::from(self.recorded);
    }
}
