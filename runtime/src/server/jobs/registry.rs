//! The jobs of a server, whichever store keeps them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tracing::Instrument as _;

use super::guests::GuestJobs;
use super::room::{Found, Place, Room};
use super::store::{Begun, FinishedJob, Job, JobResult, JobStore, JobStoreError, StoredJob};
use crate::server::answer::Answer;
use crate::server::rejection::Rejection;

/// The shortest time that a result is kept: the result of an operation of hours
/// would otherwise expire the moment it is there.
pub(super) const LEAST: Duration = Duration::from_secs(3600);

/// How often expired jobs are deleted from the store.
pub(super) const SCAN: Duration = Duration::from_secs(3600);

/// The first and the longest pause before a store that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The jobs of a server: a store, room for a limited number, and expiry.
pub(crate) struct Jobs {
    store: Arc<dyn JobStore>,
    guests: GuestJobs,
    room: Room,
    expiry: Duration,
    begun: (SystemTime, Instant),
    next_scan: Mutex<Instant>,
}

impl Jobs {
    pub(crate) fn new(store: Arc<dyn JobStore>, expiry: Duration, limit: usize) -> Self {
        let now = Instant::now();
        Self {
            store,
            guests: GuestJobs::default(),
            room: Room::new(limit),
            expiry,
            begun: (SystemTime::now(), now),
            next_scan: Mutex::new(now + SCAN),
        }
    }

    /// The time that the system's clock shows if it was not set since the start.
    pub(crate) fn now(&self) -> SystemTime {
        self.begun.0 + self.begun.1.elapsed()
    }

    /// Records a job that begins.
    pub(crate) async fn begin(&self, job: &Arc<Job>) -> Result<Begun, JobStoreError> {
        match self.place().await? {
            Some(place) => self.begin_in(place, job).await,
            None => Ok(Begun::Full),
        }
    }

    /// Room for one more job; `None` at the limit.
    pub(crate) async fn place(&self) -> Result<Option<Place<'_>>, JobStoreError> {
        self.scan_if_due();
        let count = match self.room.find() {
            Found::Place(place) => return Ok(Some(place)),
            Found::None => return Ok(None),
            Found::Count(count) => count,
        };
        self.store.forget_expired(self.now()).await?;
        let on_record = self.store.count().await?;
        count.end(on_record);
        match self.room.find() {
            Found::Place(place) => Ok(Some(place)),
            Found::None | Found::Count(_) => {
                tracing::warn!(on_record, "no more jobs are accepted until some of these expire");
                Ok(None)
            }
        }
    }

    /// Records a job that begins, in its place.
    pub(crate) async fn begin_in(&self, place: Place<'_>, job: &Arc<Job>) -> Result<Begun, JobStoreError> {
        let now = self.now();
        if self.guests.find(&job.uuid, now).is_some() || !self.store.begin(Arc::clone(job), now).await? {
            return Ok(Begun::Taken);
        }
        place.keep();
        Ok(Begun::Recorded)
    }

    /// Records a job of a caller without a valid session: in memory, for a
    /// short time, and without its webhook.
    pub(crate) async fn begin_as_guest(&self, job: &Arc<Job>) -> Result<Begun, JobStoreError> {
        if self.find(&job.uuid).await?.is_some() {
            return Ok(Begun::Taken);
        }
        let job = Job { webhook: None, ..Job::clone(job) };
        Ok(self.guests.begin(Arc::new(job), self.now()))
    }

    /// The job of a UUID, unless it has expired.
    pub(crate) async fn find(&self, uuid: &str) -> Result<Option<StoredJob>, JobStoreError> {
        self.scan_if_due();
        let now = self.now();
        if let Some(job) = self.guests.find(uuid, now) {
            return Ok(Some(job));
        }
        Ok(self.store.find(uuid).await?.filter(|job| !job.has_expired(now)))
    }

    /// Finds a job for a caller; a store that fails goes to the log.
    pub(crate) async fn look_up(&self, uuid: &str) -> Result<Option<StoredJob>, Rejection> {
        self.find(uuid).await.map_err(|error| {
            tracing::error!(job = uuid, error, "a job could not be looked up");
            Rejection::jobs_unreadable()
        })
    }

    /// Records the answer of a job of a caller without a valid session.
    pub(crate) fn finish_as_guest(&self, job: &Arc<Job>, answer: Answer) {
        self.guests.finish(self.finished(job, answer));
    }

    /// A job with its answer.
    pub(crate) fn finished(&self, job: &Arc<Job>, answer: Answer) -> FinishedJob {
        let ended = self.now();
        let expires = (job.submitted + self.expiry).max(ended + self.expiry.min(LEAST));
        FinishedJob { job: Arc::clone(job), result: JobResult { answer, ended, expires } }
    }

    /// Records the answer of a job, unless it has one.
    pub(crate) async fn try_finish(&self, job: &Arc<Job>, answer: Answer) -> Result<(), JobStoreError> {
        self.store.finish(self.finished(job, answer)).await
    }

    /// Records the answer of a job. A store that fails is tried again until it
    /// succeeds, since a caller polls for the answer.
    pub(crate) async fn finish(&self, job: &Arc<Job>, answer: Answer) {
        let mut pause = PAUSE;
        while let Err(error) = self.try_finish(job, answer.clone()).await {
            tracing::error!(job = job.uuid, error, "the answer of a job could not be recorded; trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Records that the webhook of a job needs no further attempt.
    pub(crate) async fn webhook_done(&self, uuid: &str) {
        if let Err(error) = self.store.webhook_done(uuid).await {
            tracing::warn!(job = uuid, error, "that a webhook is done could not be recorded");
        }
    }

    /// The jobs that an earlier process left, without the expired ones.
    pub(crate) async fn left_over(&self) -> Result<Vec<StoredJob>, JobStoreError> {
        self.store.forget_expired(self.now()).await?;
        self.store.left_over().await
    }

    /// Deletes expired jobs now and then. On access, since a store that is not
    /// used does not grow.
    fn scan_if_due(&self) {
        let now = Instant::now();
        {
            let mut next = self.next_scan.lock().unwrap_or_else(PoisonError::into_inner);
            if now < *next {
                return;
            }
            *next = now + SCAN;
        }
        let (store, wall) = (Arc::clone(&self.store), self.now());
        let scan = async move {
            if let Err(error) = store.forget_expired(wall).await {
                tracing::warn!(error, "jobs that have expired could not be forgotten");
            }
        };
        tokio::spawn(scan.in_current_span());
    }
}
