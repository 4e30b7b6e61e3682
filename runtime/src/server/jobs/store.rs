use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::server::answer::Answer;
use crate::server::authenticate::Credentials;
use crate::server::outcome::BoxFuture;

/// Why a store failed. It goes to the log, not to callers.
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
    /// Whether the answer that is posted there has a schema.
    pub with_schema: bool,
    /// Who the caller claims to be, for a store that records the owner. It is a
    /// secret, too: a job that was read from a store need not have it.
    pub credentials: Credentials,
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobResult {
    /// The answer to polls.
    pub answer: Answer,
    /// When the job ended.
    pub ended: SystemTime,
    /// When it may be deleted.
    pub expires: SystemTime,
}

/// A job that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedJob {
    /// The job.
    pub job: Arc<Job>,
    /// Its result.
    pub result: JobResult,
}

/// A job in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredJob {
    /// The job.
    pub job: Arc<Job>,
    /// Its result; `None` while it is running.
    pub result: Option<JobResult>,
}

impl StoredJob {
    /// Whether it may be deleted; a running job never may.
    #[must_use]
    pub fn has_expired(&self, now: SystemTime) -> bool {
        self.result.as_ref().is_some_and(|result| result.expires <= now)
    }
}

/// The result of recording a job that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It is on record.
    Recorded,
    /// Another job has its UUID.
    Taken,
    /// There is no room for it.
    Full,
}

/// A store of jobs while they can be polled.
///
/// Default: [`MemoryJobs`](super::MemoryJobs);
/// [`Options::job_store`](field@crate::server::Options::job_store) sets another. Jobs
/// of a store that outlasts the process do so, too: see
/// [`Api::resume`](crate::server::Api::resume), and [`Call::finishing`](crate::server::Call::finishing)
/// for how to record the answer of a job in one transaction with its changes.
///
/// A store needs no clock: the caller passes the time.
pub trait JobStore: Send + Sync + 'static {
    /// Records a job that begins. `false`, and nothing is recorded, while another
    /// job of its UUID has not expired `now`.
    ///
    /// The caller gets the job as soon as this returns `true`.
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>>;

    /// Records the result of a job. Of several results the first one counts, and
    /// that is not an error. A job that is not there is recorded as a whole.
    fn finish(&self, job: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>>;

    /// The job of this UUID, expired or not.
    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>>;

    /// The answer of a job was posted to its webhook, or never will be.
    fn webhook_done<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>>;

    /// The jobs that have not ended, and those whose webhook is still to be posted.
    fn left_over(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>>;

    /// The number of jobs on record, those that have expired included.
    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>>;

    /// Deletes the jobs that have expired `now`.
    fn forget_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>>;
}
