//! The storage of resources, sessions and jobs.
//!
//! [`Store`] is the interface between the service and a database, which several
//! nodes may share. An operation loads aggregates with revisions, and commits all
//! of its changes at once, on the condition that those revisions are unchanged.
//! Otherwise the caller loads and decides again.

pub mod sqlite;

use std::future::Future;
use std::time::Duration;

use serde_json::Value;

use crate::model::{AccessKey, Changes, Document, Holder, LoginAccount, Moment, Session, Uuid};
use crate::query::{Cell, Grouping, Page, Selection};
use crate::rules::NetworkAddresses;

/// The maximum time of a read.
pub const READ_LIMIT: Duration = Duration::from_secs(10);

/// The result of a store operation.
pub type StoreResult<T> = Result<T, StoreError>;

/// A stored session with the account that uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The session.
    pub session: Session,
    /// The account.
    pub caller: crate::model::Caller,
}

/// A stored access key with the account that uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKeyRecord {
    /// The key.
    pub key: AccessKey,
    /// The account.
    pub caller: crate::model::Caller,
}

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobSummary {
    /// The UUID.
    pub uuid: Uuid,
    /// The name of the operation.
    pub operation: String,
    /// The time of submission.
    pub submitted: Moment,
    /// The end of the job; `None` while it is processing.
    pub end: Option<JobEnd>,
}

/// The end of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEnd {
    /// The time of the end.
    pub at: Moment,
    /// True if the job succeeded.
    pub is_success: bool,
    /// The error code of a failed job.
    pub error_code: Option<String>,
}

/// A database of resources, sessions and jobs.
pub trait Store: Send + Sync + 'static {
    /// Loads networks with their ranges and used addresses.
    fn networks(&self, uuids: &[Uuid]) -> impl Future<Output = StoreResult<Vec<NetworkAddresses>>> + Send;

    /// Loads the account with this name, with the number of its sessions that have
    /// not expired at `now`.
    fn account(
        &self,
        name: &str,
        now: Moment,
    ) -> impl Future<Output = StoreResult<Option<LoginAccount>>> + Send;

    /// Loads the sessions of an account that have not expired at `now`.
    fn sessions(
        &self,
        account_uuid: &str,
        now: Moment,
    ) -> impl Future<Output = StoreResult<Vec<Session>>> + Send;

    /// Loads a session, expired or not.
    fn session(&self, uuid: &str) -> impl Future<Output = StoreResult<Option<SessionRecord>>> + Send;

    /// Loads the access key with this access key ID, in any state.
    fn access_key_of(&self, id: &str) -> impl Future<Output = StoreResult<Option<AccessKeyRecord>>> + Send;

    /// Loads the access key with this UUID.
    fn access_key(&self, uuid: &str) -> impl Future<Output = StoreResult<Option<AccessKey>>> + Send;

    /// Returns true if an account has this UUID.
    fn has_account(&self, uuid: &str) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Loads the documents with these UUIDs, in this order; missing ones are left out.
    fn documents(&self, uuids: &[Uuid]) -> impl Future<Output = StoreResult<Vec<Document>>> + Send;

    /// Loads the documents that refer to any of these, the oldest first, with the reference.
    fn holders(&self, targets: &[Uuid]) -> impl Future<Output = StoreResult<Vec<Holder>>> + Send;

    /// Counts the documents that refer to each of these in a field.
    fn count_holders(
        &self,
        targets: &[Uuid],
        field: &'static str,
    ) -> impl Future<Output = StoreResult<Vec<i64>>> + Send;

    /// Adds up the bytes that volumes, snapshots and images take on a storage.
    fn allocated_bytes(&self, storage_uuid: &str) -> impl Future<Output = StoreResult<i64>> + Send;

    /// Adds up the CPUs and the memory that VM instances take on a host: those that are not stopped,
    /// only created, or destroyed.
    fn allocated_compute(&self, host_uuid: &str) -> impl Future<Output = StoreResult<(i64, i64)>> + Send;

    /// Loads all documents of a resource and of its subtypes, the oldest first.
    fn documents_of(&self, base: &str) -> impl Future<Output = StoreResult<Vec<Document>>> + Send;

    /// Loads the documents of a kind that have a value in a field, the oldest first. Both names are
    /// identifiers.
    fn documents_with(
        &self,
        kind: &'static str,
        field: &'static str,
        value: &str,
    ) -> impl Future<Output = StoreResult<Vec<Document>>> + Send;

    /// Finds a document of a resource, or of its subtypes, that has all of these values in its
    /// fields, and another UUID.
    fn document_with(
        &self,
        base: &str,
        values: Vec<(String, Value)>,
        except: &str,
    ) -> impl Future<Output = StoreResult<Option<Document>>> + Send;

    /// Loads the documents of a selection.
    fn select_documents(
        &self,
        selection: Selection,
    ) -> impl Future<Output = StoreResult<Page<Document>>> + Send;

    /// Computes the values of groups; each has one cell for each column.
    fn select_groups(&self, grouping: Grouping) -> impl Future<Output = StoreResult<Vec<Vec<Cell>>>> + Send;

    /// Calls a function with each document, by resource and then the oldest first, until it returns
    /// false. All are of the same state of the store, however long this takes.
    fn each_document(
        &self,
        visit: impl FnMut(Document) -> bool + Send + 'static,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Loads the newest jobs, newest first, up to a number: of an account, or of
    /// all accounts.
    fn newest_jobs(
        &self,
        account_uuid: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = StoreResult<Vec<JobSummary>>> + Send;

    /// Returns the highest internal ID of a VM instance; 0 without VM instances.
    fn last_internal_id(&self) -> impl Future<Output = StoreResult<i64>> + Send;

    /// Returns true if the store has no data except the administrator and the providers of network
    /// services.
    fn is_empty(&self) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Commits changes, all or none, if the guards are satisfied. After success,
    /// they are durable even in case of a power failure.
    fn commit(&self, changes: Changes) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Finishes accepted commits, and closes the files.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// An error of a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A guard is violated: load and decide again.
    #[error("the records were changed since they were loaded")]
    Conflict,
    /// The key of a new record exists.
    #[error("the {kind} [uuid:{uuid}] already exists")]
    Exists {
        /// The kind of the new record.
        kind: &'static str,
        /// The UUID of the new record.
        uuid: Uuid,
    },
    /// A record refers to one that does not exist.
    #[error("the {kind} [uuid:{uuid}] refers to a record that does not exist")]
    Dangling {
        /// The kind of the record.
        kind: &'static str,
        /// The UUID of the record.
        uuid: Uuid,
    },
    /// The disk is full; nothing was changed.
    #[error("the disk of the database is full; nothing was changed")]
    Full,
    /// A file of the database was moved since the node started.
    #[error(
        "{file} was deleted, moved or replaced while the node was running; changes are refused, because they would be \
         lost; restore the file, or stop the node"
    )]
    FileMissing {
        /// The path of the file.
        file: String,
    },
    /// Reading took too long.
    #[error(
        "reading took longer than {} s and was stopped; request less data, with simpler conditions",
        READ_LIMIT.as_secs()
    )]
    TooSlow,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// Another failure.
    #[error("the database failed: {0}")]
    Failed(String),
}
