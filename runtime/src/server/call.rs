use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::answer::Answer;
use super::authenticate::Credentials;
use super::errors;
use super::jobs::{FinishedJob, RunningJob};
use super::outcome::Outcome;
use crate::record::Record;
use crate::tags::VALIDATION_ONLY;
use crate::{ErrorCode, Operation, Request, Tags, Version, new_uuid};

/// A call of an operation, without its parameters: the caller, the job, the
/// tags.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) credentials: Credentials,
    /// Created on first use, unless the caller named its job.
    pub(crate) job_uuid: OnceLock<String>,
    pub(crate) request_id: String,
    pub(crate) remote_address: Option<IpAddr>,
    pub(crate) tags: Tags,
    pub(crate) version: Version,
    pub(crate) unimplemented: Option<Arc<UnimplementedCalls>>,
    /// Set for a long operation that was called by a request.
    pub(crate) running: Option<Arc<RunningJob>>,
}

impl Call {
    /// A call without a request: for tests of handlers, and for handlers that
    /// call each other.
    #[must_use]
    pub fn new(operation: &'static Operation) -> Self {
        Self::of_request(operation, new_uuid())
    }

    pub(crate) fn of_request(operation: &'static Operation, request_id: String) -> Self {
        Self {
            operation,
            credentials: Credentials::None,
            job_uuid: OnceLock::new(),
            request_id,
            remote_address: None,
            tags: Tags::default(),
            version: Version::NEWEST,
            unimplemented: None,
            running: None,
        }
    }

    /// Sets the credentials.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the tags.
    #[must_use]
    pub fn with_tags(mut self, tags: Tags) -> Self {
        self.tags = tags;
        self
    }

    /// Who the caller claims to be. The handler checks whether a session is
    /// valid.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The operation called.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The UUID of the job: the caller's own (any 32 characters), else a new
    /// one. Every call has one, also where the caller never sees a job.
    #[must_use]
    pub fn job_uuid(&self) -> &str {
        self.job_uuid.get_or_init(new_uuid)
    }

    /// The identifier of the request in logs.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Where the request came from; known if the server adds a
    /// [`RemoteAddress`](super::RemoteAddress).
    #[must_use]
    pub fn remote_address(&self) -> Option<IpAddr> {
        self.remote_address
    }

    /// The finished job of this call, with `answer` as its result: for a handler
    /// that records both its change and the job in one transaction, so that after
    /// a crash the job has succeeded if the change is there, and has failed if it
    /// is not. The [`JobStore`](super::JobStore) has to find what was recorded.
    ///
    /// `None` where the caller waits for the answer itself. It gets the answer
    /// then and not a job, so call this right before the commit, and again for
    /// each attempt. `None`, too, where the caller had no valid session when it
    /// got its job: such a job is never in the store.
    ///
    /// The answer of a handler that never calls this is recorded after it
    /// returned.
    #[must_use]
    pub fn finishing(&self, answer: &impl Record) -> Option<FinishedJob> {
        let running = self.running.as_ref()?;
        if running.seal() || running.is_of_guest() {
            return None;
        }
        Some(running.finished(Answer::success(answer, self.version)))
    }

    /// Whether to check everything and do nothing. The answer of a handler that
    /// succeeds is replaced by `{}`.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.tags.system.iter().any(|tag| tag == VALIDATION_ONLY)
    }

    /// System and user tags of the request.
    #[must_use]
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// The release that the server emulates.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Counts the call as one of an operation that is not implemented, and
    /// returns the error of that.
    pub(crate) fn refuse_unimplemented(&self) -> Box<ErrorCode> {
        if let Some(calls) = &self.unimplemented {
            calls.count(self.operation.name);
        }
        Box::new(errors::unimplemented(self.operation))
    }
}

/// Fails with `SYS.1014`, and counts the call: see
/// [`Api::unimplemented`](super::Api::unimplemented).
///
/// The default of each method of a generated trait, which has these parameters.
pub async fn unimplemented<R: Request>(call: Call, _: R) -> Outcome<R::Response> {
    Err(call.refuse_unimplemented())
}

/// Counts the calls of each operation that is not implemented. Operations that
/// are not called take no memory.
#[derive(Debug, Default)]
pub(crate) struct UnimplementedCalls(Mutex<BTreeMap<&'static str, u64>>);

impl UnimplementedCalls {
    fn count(&self, operation: &'static str) {
        *self.counts().entry(operation).or_default() += 1;
    }

    pub(crate) fn by_operation(&self) -> BTreeMap<&'static str, u64> {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        // No panic is possible in the middle of a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
