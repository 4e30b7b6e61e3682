//! The jobs of a server, on top of any store.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tracing::Instrument as _;

use super::guests::GuestJobs;
use super::room::{FindRoom, JobRoom, Room};
use super::store::{Begun, FinishedJob, Job, JobResult, JobStore, JobStoreError, StoredJob};
use crate::lock::lock;
use crate::server::answer::Answer;
use crate::server::options::WallClock;
use crate::server::rejection::Rejection;

/// The shortest time that a result is kept after the end of its job: otherwise the result of an
/// operation that took hours would expire at once.
pub(super) const MIN_EXPIRY: Duration = Duration::from_secs(3600);

/// The interval between deletions of expired jobs.
pub(super) const SCAN_INTERVAL: Duration = Duration::from_secs(3600);

/// The first and the longest pause before a failed store is tried again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The jobs of a server: a store, a limit, and expiry.
pub(crate) struct Jobs {
    store: Arc<dyn JobStore>,
    guests: GuestJobs,
    room: Room,
    expiry: Duration,
    clock: WallClock,
    next_scan: Mutex<Instant>,
}

impl Jobs {
    pub(crate) fn new(
        store: Arc<dyn JobStore>,
        expiry: Duration,
        limit: usize,
        clock: Option<WallClock>,
    ) -> Self {
        let now = Instant::now();
        let begun = SystemTime::now();
        Self {
            store,
            guests: GuestJobs::default(),
            room: Room::new(limit),
            expiry,
            clock: clock.unwrap_or_else(|| Arc::new(move || begun + now.elapsed())),
            next_scan: Mutex::new(now + SCAN_INTERVAL),
        }
    }

    /// Returns the time. Unless the options name a clock, it is as if the system's clock had not been
    /// set since the start.
    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    /// Stores a job that begins.
    pub(crate) async fn begin(&self, job: &Arc<Job>) -> Result<Begun, JobStoreError> {
        match self.reserve().await? {
            Some(room) => self.begin_in(room, job).await,
            None => Ok(Begun::Full),
        }
    }

    /// Reserves room for one more job; `None` at the limit.
    pub(crate) async fn reserve(&self) -> Result<Option<JobRoom<'_>>, JobStoreError> {
        self.scan_if_due();
        let count = match self.room.find() {
            FindRoom::Reserved(room) => return Ok(Some(room)),
            FindRoom::None => return Ok(None),
            FindRoom::Count(count) => count,
        };
        self.store.delete_expired(self.now()).await?;
        let stored = self.store.count().await?;
        count.end(stored);
        match self.room.find() {
            FindRoom::Reserved(room) => Ok(Some(room)),
            FindRoom::None | FindRoom::Count(_) => {
                tracing::warn!(
                    stored,
                    "the limit of stored jobs is reached; new jobs are refused until some expire"
                );
                Ok(None)
            }
        }
    }

    /// Stores a job that begins, in reserved room.
    pub(crate) async fn begin_in(&self, room: JobRoom<'_>, job: &Arc<Job>) -> Result<Begun, JobStoreError> {
        let now = self.now();
        if self.guests.find(&job.uuid, now).is_some() || !self.store.begin(Arc::clone(job), now).await? {
            return Ok(Begun::Taken);
        }
        room.keep();
        Ok(Begun::Stored)
    }

    /// Stores a job of a caller without a valid session: in memory, for a short time, and without
    /// its webhook.
    pub(crate) async fn begin_as_guest(&self, job: &Arc<Job>) -> Result<Begun, JobStoreError> {
        if self.find(&job.uuid).await?.is_some() {
            return Ok(Begun::Taken);
        }
        let job = Job { webhook: None, ..Job::clone(job) };
        Ok(self.guests.begin(Arc::new(job), self.now()))
    }

    /// Finds a job that has not expired.
    pub(crate) async fn find(&self, uuid: &str) -> Result<Option<StoredJob>, JobStoreError> {
        self.scan_if_due();
        let now = self.now();
        if let Some(job) = self.guests.find(uuid, now) {
            return Ok(Some(job));
        }
        Ok(self.store.find(uuid).await?.filter(|job| !job.has_expired(now)))
    }

    /// Finds a job for a caller; failures of the store are logged.
    pub(crate) async fn look_up(&self, uuid: &str) -> Result<Option<StoredJob>, Rejection> {
        self.find(uuid).await.map_err(|error| {
            tracing::error!(job = uuid, error, "failed to look up a job");
            Rejection::jobs_unreadable()
        })
    }

    /// Stores the answer of a job of a caller without a valid session.
    pub(crate) fn finish_as_guest(&self, job: &Arc<Job>, answer: Answer) {
        self.guests.finish(self.finished_job(job, answer));
    }

    /// Combines a job with its answer.
    pub(crate) fn finished_job(&self, job: &Arc<Job>, answer: Answer) -> FinishedJob {
        let ended = self.now();
        let expires = (job.submitted + self.expiry).max(ended + self.expiry.min(MIN_EXPIRY));
        FinishedJob { job: Arc::clone(job), result: JobResult { answer, ended, expires } }
    }

    /// Stores the answer of a job, unless it has one.
    pub(crate) async fn try_finish(&self, job: &Arc<Job>, answer: Answer) -> Result<(), JobStoreError> {
        self.store.finish(self.finished_job(job, answer)).await
    }

    /// Stores the answer of a job. If the store fails, tries again until it succeeds, since a
    /// caller polls for the answer.
    pub(crate) async fn finish(&self, job: &Arc<Job>, answer: Answer) {
        let mut pause = FIRST_PAUSE;
        while let Err(error) = self.try_finish(job, answer.clone()).await {
            tracing::error!(job = job.uuid, error, "failed to store the answer of a job; trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Stores that the webhook of a job needs no further attempt.
    pub(crate) async fn finish_webhook(&self, uuid: &str) {
        if let Err(error) = self.store.finish_webhook(uuid).await {
            tracing::warn!(job = uuid, error, "failed to store that a webhook is done");
        }
    }

    /// Returns the jobs that an earlier process left, without the expired ones.
    pub(crate) async fn unfinished_jobs(&self) -> Result<Vec<StoredJob>, JobStoreError> {
        self.store.delete_expired(self.now()).await?;
        self.store.unfinished_jobs().await
    }

    /// Deletes expired jobs once per hour, on access: a store that is not used does not grow.
    fn scan_if_due(&self) {
        let now = Instant::now();
        {
            let mut next = lock(&self.next_scan);
            if now < *next {
                return;
            }
            *next = now + SCAN_INTERVAL;
        }
        let (store, wall) = (Arc::clone(&self.store), self.now());
        let scan = async move {
            if let Err(error) = store.delete_expired(wall).await {
                tracing::warn!(error, "failed to delete expired jobs");
            }
        };
        tokio::spawn(scan.in_current_span());
    }
}
