//! The operations: load facts, apply the rules, commit, respond.
//!
//! Operations on one VM instance run one after the other, in order of arrival,
//! and do not wait for those on others. This suffices for a single node. For
//! several nodes on one store, the guards of the changes detect concurrent
//! changes, and the operation is retried.

mod access_key;
mod background;
mod capacities;
mod global_settings;
mod identity;
mod internal_calls;
mod inventories;
mod jobs;
mod keyed_locks;
mod log_in;
mod login_limits;
mod management_node;
mod outages;
mod paced;
mod performed;
mod queries;
mod routes;
mod sessions;
mod user_rights;
mod written;

use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;
use tokio::sync::Notify;
use zstack_runtime::ErrorCode;
use zstack_runtime::record::AnyRecord;
use zstack_runtime::server::WeakApi;
use zstack_server::{Call, Outcome};

use self::background::Expunging;
use self::keyed_locks::KeyedLocks;
use self::login_limits::LoginAttempts;
use self::paced::Pacer;
use self::sessions::SessionExpirations;
use crate::clock::Clock;
use crate::cloud::plan::Plans;
use crate::cloud::{built_in, providers, settings};
use crate::model::{Changes, DocumentEdit, Edit, JobEdit};
use crate::rules::errors;
use crate::store::{READ_LIMIT, Store, StoreError};

pub use self::login_limits::LoginLimits;
pub(crate) use self::outages::{Outage, OutageError};
pub(crate) use self::routes::{Operations, routes};

/// The maximum number of attempts when other nodes change the same records.
const ATTEMPTS: usize = 10;

/// The service: implements the operations on a store.
pub struct Node<S> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    /// The time zone of timestamps.
    zone: TimeZone,
    /// Locks on VM instances, account names and other keys.
    locks: KeyedLocks,
    session_expirations: SessionExpirations,
    attempts: LoginAttempts,
    /// The API that serves the node, for operations that run others.
    api: OnceLock<WeakApi>,
    /// Notified when there may be work in the background.
    work: Notify,
    /// `None` if operations end at once.
    pacer: Option<Pacer>,
    expunging: Expunging,
}

impl<S: Store> Node<S> {
    /// Creates a node on a store, which writes timestamps in a time zone.
    #[must_use]
    pub fn new(store: Arc<S>, clock: Arc<dyn Clock>, zone: TimeZone) -> Self {
        let expunging = Expunging::since(clock.now());
        Self {
            store,
            clock,
            zone,
            expunging,
            locks: KeyedLocks::default(),
            session_expirations: SessionExpirations::default(),
            attempts: LoginAttempts::new(LoginLimits::default()),
            api: OnceLock::new(),
            work: Notify::new(),
            pacer: None,
        }
    }

    /// Sets the limits on logins.
    #[must_use]
    pub fn with_login_limits(mut self, limits: LoginLimits) -> Self {
        self.attempts = LoginAttempts::new(limits);
        self
    }

    /// Creates the documents that every node has, unless they exist.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(crate) async fn create_built_in_documents(&self, plans: &Plans) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut edits = providers::new_providers(plans, now);
        edits.extend(settings::new_settings(plans, now));
        edits.extend(built_in::new_documents(plans, now));
        let mut existing = Vec::new();
        for resource in [providers::RESOURCE, settings::RESOURCE].into_iter().chain(built_in::RESOURCES) {
            existing.extend(self.store.documents_of(resource).await?);
        }
        let is_missing = |edit: &DocumentEdit| match edit {
            DocumentEdit::Create { document, .. } => existing.iter().all(|other| other.uuid != document.uuid),
            _ => false,
        };
        let changes: Changes = edits.into_iter().filter(is_missing).collect();
        if changes.is_empty() { Ok(()) } else { self.store.commit(changes).await }
    }

    /// Commits changes, and returns the answer. If the caller polls a job, the
    /// same transaction stores the answer: after a crash, the job has succeeded
    /// exactly if its changes are stored.
    async fn commit<R: AnyRecord>(&self, call: &Call, mut changes: Changes, answer: R) -> Result<R, Failure> {
        if !changes.is_empty() {
            changes.edits.extend(call.finished_job(&answer).map(|job| Edit::Job(JobEdit::Finish(job))));
            self.store.commit(changes).await?;
        }
        Ok(answer)
    }
}

/// The error of an attempt.
enum Failure {
    /// The rules refuse the operation.
    Refused(Box<ErrorCode>),
    /// The store failed, or reports a conflict.
    Store(StoreError),
}

impl From<Box<ErrorCode>> for Failure {
    fn from(error: Box<ErrorCode>) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Repeats an attempt while the store reports a conflict.
async fn retry_on_conflict<T, F: Future<Output = Result<T, Failure>>>(attempt: impl Fn() -> F) -> Outcome<T> {
    for _ in 0..ATTEMPTS {
        match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(Failure::Refused(error)) => return Err(error),
            Err(Failure::Store(StoreError::Conflict)) => {}
            Err(Failure::Store(error)) => return Err(store_error(&error)),
        }
    }
    Err(errors::internal("Other requests keep changing the resource; try again later."))
}

fn store_error(error: &StoreError) -> Box<ErrorCode> {
    tracing::error!(%error, "the store failed");
    let details = match error {
        StoreError::Exists { kind, uuid } => {
            format!("The UUID of the {kind} [uuid:{uuid}] is already in use; choose another UUID, or omit it.")
        }
        StoreError::Full => {
            "The disk of the database is full; nothing was changed. Free some space and try again.".to_owned()
        }
        StoreError::FileMissing { .. } => {
            "A file of the database was deleted, moved or replaced while the node was running; nothing was changed. The \
             log of the node names the file: restore it, or restart the node."
                .to_owned()
        }
        StoreError::TooSlow => format!(
            "The query took longer than {} s and was stopped; use fewer or simpler conditions, or a smaller limit.",
            READ_LIMIT.as_secs()
        ),
        StoreError::Closed => "The node is shutting down; try again later.".to_owned(),
        _ => "The database failed; the log of the node has the cause.".to_owned(),
    };
    errors::internal(details)
}
