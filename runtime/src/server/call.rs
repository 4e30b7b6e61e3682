use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use super::ids;
use super::jobs::{FinishedJob, RunningJob};
use super::routes;
use super::unimplemented::Unimplemented;
use crate::record::Record;
use crate::tags::VALIDATION_ONLY;
use crate::{Operation, Tags, Version};

/// What a handler knows besides the parameters.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) credentials: Credentials,
    /// Made when it is asked for, unless the caller has its own.
    pub(crate) job_uuid: OnceLock<String>,
    pub(crate) request_id: String,
    pub(crate) remote_address: Option<IpAddr>,
    pub(crate) tags: Tags,
    pub(crate) version: Version,
    pub(crate) unimplemented: Option<Arc<Unimplemented>>,
    /// Of a long operation that a request called.
    pub(crate) running: Option<Arc<RunningJob>>,
}

impl Call {
    /// A call that no request made: for tests of handlers, and for handlers
    /// that lean on each other.
    #[must_use]
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            credentials: Credentials::None,
            job_uuid: OnceLock::new(),
            request_id: ids::uuid(),
            remote_address: None,
            tags: Tags::default(),
            version: Version::NEWEST,
            unimplemented: None,
            running: None,
        }
    }

    /// The same, with these credentials.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The same, with these tags.
    #[must_use]
    pub fn with_tags(mut self, tags: Tags) -> Self {
        self.tags = tags;
        self
    }

    /// Who the caller says to be. Whether that is so is for the handler to
    /// find out.
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
        self.job_uuid.get_or_init(ids::uuid)
    }

    /// What logs know the request by.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Where the request came from; known if the server said so by
    /// [`RemoteAddress`].
    #[must_use]
    pub fn remote_address(&self) -> Option<IpAddr> {
        self.remote_address
    }

    /// The job that is done once a change has been made that `answer` tells
    /// of, for a handler that makes both durable in one transaction: so that
    /// after a crash the job is done if the change is there, and failed if it
    /// is not. The [`JobStore`](super::JobStore) has to find what was recorded.
    ///
    /// `None` where the caller waits for the answer itself. It will get that
    /// then, not a job, so ask right before the commit and not earlier. Ask
    /// again for each attempt. `None`, too, where the caller had no valid
    /// session when it got its job: such a job is never in the store.
    ///
    /// A handler that never asks has its answer recorded after it returned.
    #[must_use]
    pub fn finishing(&self, answer: &impl Record) -> Option<FinishedJob> {
        let running = self.running.as_ref()?;
        if running.seal() || running.is_of_guest() {
            return None;
        }
        Some(running.finished(routes::kept(answer, self.version)))
    }

    /// Whether to check everything and do nothing. A handler that returns
    /// successfully has its answer replaced by `{}`.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.tags.system.iter().any(|tag| tag == VALIDATION_ONLY)
    }

    /// System and user tags of the request.
    #[must_use]
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// The release that the server plays.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }
}

/// Who a caller says to be.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// The operation takes none.
    #[default]
    None,
    /// The UUID of a session: any text, maybe empty.
    Session(String),
    /// The ID of an access key that the request was signed with: the signature
    /// was right. See [`AccessKeys`](super::AccessKeys).
    AccessKey(String),
}

impl Credentials {
    /// The UUID of the session, if there is one.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        match self {
            Self::None | Self::AccessKey(_) => None,
            Self::Session(uuid) => Some(uuid),
        }
    }
}

/// Without the session: who reads it in a log can act with it.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Session(_) => "Session(…)",
            Self::AccessKey(_) => "AccessKey(…)",
        })
    }
}

/// Where a request came from. The code that accepts connections puts it into
/// the [extensions](http::Request::extensions) of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteAddress(pub IpAddr);
