use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::server::answer::Answer;
use crate::server::call::Credentials;
use crate::server::routes::BoxFuture;

/// Why a store did not do what was asked. It goes to the log, not to callers.
pub type JobStoreError = Box<dyn Error + Send + Sync>;

/// A long operation whose caller was given a job to poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its identity: any 32 characters, chosen by the caller or by the server.
    pub uuid: String,
    /// The name of the operation.
    pub operation: Cow<'static, str>,
    /// When it was submitted.
    pub submitted: SystemTime,
    /// How long it may take.
    pub timeout: Duration,
    /// Where to post the answer. Treat it as a secret: it may hold one.
    pub webhook: Option<String>,
    /// Whether what is posted there has a schema.
    pub with_schema: bool,
    /// Who the caller says to be, for a store that keeps whose job it is. It is
    /// a secret, too: a job that was read from a store need not have it.
    pub credentials: Credentials,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobResult {
    /// What whoever polls gets.
    pub answer: Answer,
    /// When it was there.
    pub ended: SystemTime,
    /// Until when it is kept.
    pub expires: SystemTime,
}

/// A job that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedJob {
    /// The job.
    pub job: Arc<Job>,
    /// What came of it.
    pub result: JobResult,
}

/// A job as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredJob {
    /// The job.
    pub job: Arc<Job>,
    /// What came of it; `None` while it is processing.
    pub result: Option<JobResult>,
}

impl StoredJob {
    /// Whether it may be forgotten. What is not done never may.
    #[must_use]
    pub fn has_expired(&self, now: SystemTime) -> bool {
        self.result.as_ref().is_some_and(|result| result.expires <= now)
    }
}

/// Where jobs are kept while they can be polled.
///
/// A server has [`MemoryJobs`](super::MemoryJobs) unless
/// [`Options::job_store`](field@crate::server::Options::job_store) says otherwise. A
/// store that outlasts the process makes jobs do the same: see
/// [`Api::resume`](crate::server::Api::resume), and [`Call::finishing`](crate::server::Call::finishing)
/// for how to make the answer of a job durable together with what it changes.
///
/// A store needs no clock: whoever asks says what time it is.
pub trait JobStore: Send + Sync + 'static {
    /// Records a job that begins. `false`, and nothing is recorded, while
    /// there is one of its UUID that has not expired `now`.
    ///
    /// The caller is told of the job as soon as this says `true`.
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>>;

    /// Records what came of a job. Of several results the first one counts:
    /// that is no error. A job that is not there is recorded as a whole.
    fn finish(&self, job: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>>;

    /// The job of this UUID, expired or not.
    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>>;

    /// The answer of a job was posted to its webhook, or never will be.
    fn webhook_done<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>>;

    /// The jobs that are not done, and those whose webhook is not.
    fn left_over(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>>;

    /// The number of jobs on record, those that have expired included.
    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>>;

    /// Forgets the jobs that have expired `now`.
    fn forget_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>>;
}
