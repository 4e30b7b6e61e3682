use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock};

use super::answer::Answer;
use super::authenticate::Credentials;
use super::context::RequestContext;
use super::errors;
use super::jobs::{FinishedJob, RunningJob};
use super::outcome::Outcome;
use crate::lock::lock;
use crate::record::AnyRecord;
use crate::tags::VALIDATION_ONLY;
use crate::{ErrorCode, Operation, Request, Tags, Version, new_uuid};

/// The context of a call: operation, caller, job and tags; the parameters are separate.
#[derive(Clone)]
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
    pub(crate) context: Option<RequestContext>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.name)
            .field("credentials", &self.credentials)
            .field("job_uuid", &self.job_uuid)
            .field("request_id", &self.request_id)
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// Creates a call without an HTTP request, for tests of handlers and for handlers that call
    /// each other.
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
            context: None,
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

    /// Returns the credentials of the caller. The handler has to check whether a session is valid.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the operation called.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the UUID of the job: any 32 characters if the caller chose it, a new UUID otherwise.
    /// Every call has one, even if the caller gets no job.
    #[must_use]
    pub fn job_uuid(&self) -> &str {
        self.job_uuid.get_or_init(new_uuid)
    }

    /// Returns the identifier of the request in logs.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Returns the address of the client, if the server sets the extension
    /// [`RemoteAddress`](super::RemoteAddress).
    #[must_use]
    pub fn remote_address(&self) -> Option<IpAddr> {
        self.remote_address
    }

    /// Returns the finished job of this call, with `answer` as its result. A handler that stores
    /// the job in the same transaction as its change makes the two consistent: after a crash, the
    /// job has succeeded if the change is stored, and has failed otherwise. The
    /// [`JobStore`](super::JobStore) must find jobs that were stored this way.
    ///
    /// Returns `None` if the caller waits for the answer itself. It then gets the answer and no
    /// job, so call this right before the commit, and again for each attempt. Also returns `None`
    /// if the caller had no valid session when it got its job: such jobs are never stored.
    ///
    /// If a handler does not call this, its answer is stored after it returned.
    #[must_use]
    pub fn finished_job(&self, answer: &dyn AnyRecord) -> Option<FinishedJob> {
        let running = self.running.as_ref()?;
        if running.seal() || running.is_of_guest() {
            return None;
        }
        Some(running.finished_job(Answer::success(answer, self.version)))
    }

    /// Returns whether this is a dry run: the handler checks everything and changes nothing. Its
    /// result is replaced by `{}`.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.tags.system.iter().any(|tag| tag == VALIDATION_ONLY)
    }

    /// Returns the data that the hooks of the server attached to the request or to the call.
    #[must_use]
    pub fn context(&self) -> Option<&RequestContext> {
        self.context.as_ref()
    }

    /// Returns the system and user tags of the request.
    #[must_use]
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// Returns the release that the server emulates.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Counts the call as unimplemented, and returns the error for it.
    pub(crate) fn refuse_unimplemented(&self) -> Box<ErrorCode> {
        if let Some(calls) = &self.unimplemented {
            calls.count(self.operation.name);
        }
        Box::new(errors::not_implemented(self.operation))
    }
}

/// Fails with `SYS.1014`, and counts the call in [`Api::unimplemented_calls`](super::Api::unimplemented_calls).
///
/// The default implementation of each method of a generated trait.
pub async fn refuse_unimplemented<R: Request>(call: Call, _: R) -> Outcome<R::Response> {
    Err(call.refuse_unimplemented())
}

/// The number of calls of each unimplemented operation. Operations without calls take no memory.
#[derive(Debug, Default)]
pub(crate) struct UnimplementedCalls(Mutex<BTreeMap<&'static str, u64>>);

impl UnimplementedCalls {
    fn count(&self, operation: &'static str) {
        *lock(&self.0).entry(operation).or_default() += 1;
    }

    pub(crate) fn by_operation(&self) -> BTreeMap<&'static str, u64> {
        lock(&self.0).clone()
    }
}
