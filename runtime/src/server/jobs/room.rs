use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::lock::lock;

/// The shortest time between two counts of the stored jobs. Until the next one, expired jobs take
/// up room.
pub(crate) const RECOUNT: Duration = Duration::from_secs(10);

/// Limits the number of stored jobs.
///
/// Counting the jobs of a store takes a while, so they are counted only when the limit seems to be
/// reached; between two counts, each new job is added.
pub(super) struct Room {
    limit: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// The last count, plus the jobs stored since then.
    stored: usize,
    /// Jobs that are being stored.
    pending: usize,
    counted: Option<Instant>,
}

/// Reserved room for one job, until it is dropped or the job is stored.
pub(crate) struct JobRoom<'a> {
    room: &'a Room,
    is_stored: bool,
}

/// The result of a search for room.
pub(super) enum FindRoom<'a> {
    Reserved(JobRoom<'a>),
    /// There seems to be none; the jobs have to be counted.
    Count(Count<'a>),
    /// There is none.
    None,
}

/// A count in progress.
pub(super) struct Count<'a> {
    room: &'a Room,
    before: usize,
}

impl Room {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, counts: Mutex::default() }
    }

    pub(super) fn find(&self) -> FindRoom<'_> {
        let mut counts = lock(&self.counts);
        let has_room = counts.stored + counts.pending < self.limit;
        let is_recent = counts.counted.is_some_and(|counted| counted.elapsed() < RECOUNT);
        // Before the first job of a process, the store may have jobs of earlier processes.
        if counts.counted.is_some() && has_room {
            counts.pending += 1;
            return FindRoom::Reserved(JobRoom { room: self, is_stored: false });
        }
        if is_recent {
            return FindRoom::None;
        }
        // So that no other caller counts at the same time.
        counts.counted = Some(Instant::now());
        FindRoom::Count(Count { room: self, before: counts.stored })
    }
}

impl Count<'_> {
    /// Ends the count with the number of stored jobs.
    pub(super) fn end(self, stored: usize) {
        let mut counts = lock(&self.room.counts);
        // Jobs stored in the meantime may be counted twice, until the next count.
        counts.stored = stored + (counts.stored - self.before);
    }
}

impl JobRoom<'_> {
    /// Marks the job as stored.
    pub(super) fn keep(mut self) {
        self.is_stored = true;
    }
}

impl Drop for JobRoom<'_> {
    fn drop(&mut self) {
        let mut counts = lock(&self.room.counts);
        counts.pending -= 1;
        counts.stored += usize::from(self.is_stored);
    }
}
