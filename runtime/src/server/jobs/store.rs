use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::server::answer::Answer;
use crate::server::authenticate::Credentials;
use crate::server::outcome::BoxFuture;

/// The error of a store. It is logged, and not sent to callers.
pub type JobStoreError = Box<dyn Error + Send + Sync>;

/// A long operation whose caller has a job to poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The UUID: any 32 characters, chosen by the caller or by the server.
    pub uuid: String,
    /// The name of the operation.
    pub operation: Cow<'static, str>,
    /// When it was submitted.
    pub submitted: SystemTime,
    /// The time limit of the operation.
    pub timeout: Duration,
    /// The URL to which the answer is posted. Treat it as a secret, since it may contain one.
    pub webhook: Option<String>,
    /// True if the posted answer has a schema.
    pub with_schema: bool,
    /// The credentials of the caller, for a store that records the owner. They are secret: a job
    /// that is read from a store need not have them.
    pub credentials: Credentials,
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobResult {
    /// The answer to polls.
    pub answer: Answer,
    /// When the job ended.
    pub ended: SystemTime,
    /// When the job may be deleted.
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
    /// The result; `None` while the job is running.
    pub result: Option<JobResult>,
}

impl StoredJob {
    /// Returns whether it may be deleted; a running job may not.
    #[must_use]
    pub fn has_expired(&self, now: SystemTime) -> bool {
        self.result.as_ref().is_some_and(|result| result.expires <= now)
    }
}

/// The result of storing a job that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// The job is stored.
    Stored,
    /// Another job has its UUID.
    Taken,
    /// The limit is reached.
    Full,
}

/// A store of the jobs that can be polled.
///
/// The default is [`MemoryJobs`](super::MemoryJobs);
/// [`Options::job_store`](field@crate::server::Options::job_store) sets another. If the store
/// outlives the process, call [`Api::resume`](crate::server::Api::resume) at the start.
/// [`Call::finished_job`](crate::server::Call::finished_job) shows how to store the answer of a job in
/// one transaction with its changes.
///
/// A store needs no clock: callers pass the time.
pub trait JobStore: Send + Sync + 'static {
    /// Stores a job that begins. Resolves to `false`, and stores nothing, while another job with
    /// its UUID has not expired at `now`.
    ///
    /// The caller gets the job when this resolves to `true`.
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>>;

    /// Stores the result of a job. If there is a result already, it stays, which is not an error.
    /// An unknown job is stored together with its result.
    fn finish(&self, job: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>>;

    /// Finds the job with this UUID, expired or not.
    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>>;

    /// Stores that the answer of a job was posted to its webhook, or never will be.
    fn finish_webhook<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>>;

    /// Returns the jobs that are running, and those whose webhook has not been posted.
    fn unfinished_jobs(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>>;

    /// Counts the stored jobs, including expired ones.
    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>>;

    /// Deletes the jobs that have expired at `now`.
    fn delete_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>>;
}
