//! The operations: load the facts, let the rules decide, commit, answer.
//!
//! Operations on one VM instance run one after the other, in order of arrival;
//! what is decided for one never waits for another. That keeps a single node
//! orderly. What keeps several nodes on one store correct is the store's
//! guards: when what a decision rests on has changed, it is taken again.

mod access_key;
mod cd_rom;
mod identity;
mod image;
mod inventories;
mod jobs;
mod keyed_locks;
mod lifecycle;
mod login_limits;
mod management_node;
mod queries;
mod sessions;
mod vm_instance;

use std::sync::Arc;

use jiff::tz::TimeZone;
use zstack_runtime::{ErrorCode, Record};
use zstack_server::{Call, Outcome};

use self::inventories::Inventories;
use self::keyed_locks::KeyedLocks;
use self::login_limits::Attempts;
use self::sessions::Ends;
use crate::clock::Clock;
use crate::model::{Changes, Edit, JobEdit};
use crate::rules::errors;
use crate::store::{READ_LIMIT, Store, StoreError};

pub use self::login_limits::LoginLimits;

/// How often a decision is taken again when the store refuses it because its
/// ground has changed. Within one node that does not happen.
const ATTEMPTS: usize = 10;

/// The service: implements the operations on a store.
pub struct Node<S> {
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    inventories: Inventories,
    /// By VM instance, and by account name.
    turns: KeyedLocks,
    ends: Ends,
    attempts: Attempts,
}

impl<S: Store> Node<S> {
    /// A node on a store. Times are written as clocks in `zone` show them.
    #[must_use]
    pub fn new(store: Arc<S>, clock: Arc<dyn Clock>, zone: TimeZone) -> Self {
        Self {
            store,
            clock,
            inventories: Inventories { zone },
            turns: KeyedLocks::default(),
            ends: Ends::default(),
            attempts: Attempts::new(LoginLimits::default()),
        }
    }

    /// The same node, with these limits of logins.
    #[must_use]
    pub fn with_login_limits(mut self, limits: LoginLimits) -> Self {
        self.attempts = Attempts::new(limits);
        self
    }

    /// Makes changes durable, and answers. Where the caller polls for the
    /// answer it is recorded in the same transaction: after a crash a job is
    /// done if its change is there, and failed if it is not.
    async fn commit<R: Record>(&self, call: &Call, mut changes: Changes, answer: R) -> Result<R, Failure> {
        if !changes.is_empty() {
            changes.edits.extend(call.finishing(&answer).map(|job| Edit::Job(JobEdit::Finish(job))));
            self.store.commit(changes).await?;
        }
        Ok(answer)
    }
}

/// Why an attempt came to nothing.
enum Failure {
    /// The rules say no: that is the answer.
    Refused(Box<ErrorCode>),
    /// The store did not do it.
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

/// Tries until the store does not report that the ground has changed.
async fn settle<T, F: Future<Output = Result<T, Failure>>>(attempt: impl Fn() -> F) -> Outcome<T> {
    for _ in 0..ATTEMPTS {
        match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(Failure::Refused(error)) => return Err(error),
            Err(Failure::Store(StoreError::Conflict)) => {}
            Err(Failure::Store(error)) => return Err(store_failed(&error)),
        }
    }
    Err(errors::internal("The resource changes too often; try again later."))
}

fn store_failed(error: &StoreError) -> Box<ErrorCode> {
    tracing::error!(%error, "the store did not do what it was asked");
    let details = match error {
        StoreError::Exists { what, uuid } => {
            format!("There already is a {what} [uuid:{uuid}]; choose another UUID, or leave it out.")
        }
        StoreError::Full => {
            "The disk of the store is full; nothing was changed. Make room and try again.".to_owned()
        }
        StoreError::FileMissing { .. } => {
            "A file of the store was deleted, moved or replaced while the node was running; nothing was changed. The log \
             of the node names it: put it back, or restart the node."
                .to_owned()
        }
        StoreError::TooSlow => format!(
            "The query took longer than {} s and was stopped; use fewer or simpler conditions, or a smaller limit.",
            READ_LIMIT.as_secs()
        ),
        StoreError::Closed => "The node is shutting down; try again later.".to_owned(),
        _ => "The store failed; the log of the node says how.".to_owned(),
    };
    errors::internal(details)
}
