//! A store in one SQLite file, for one node: see [`SqliteStore`].
//!
//! Readers see the last durable state, and never wait for the writer. A single
//! writer combines pending commits, which then share a sync of the disk.

mod apply;
mod cache;
mod columns;
mod copies;
mod document;
mod documents;
mod errors;
mod functions;
mod indexed;
mod inspect;
mod jobs;
mod links;
mod load;
mod lock;
mod migrate;
mod open;
mod pages;
mod readers;
mod select;
mod sessions;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::params;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use self::cache::{Caches, Source};
use self::documents::Snapshot;
use self::lock::FileWatch;
use self::open::OpenDatabase;
use self::readers::Readers;
use self::writer::{Files, PendingCommit, Task};
use super::{AccessKeyRecord, JobSummary, SessionRecord, Store, StoreError, StoreResult};
use crate::model::{AccessKey, Changes, Document, Holder, Link, LoginAccount, Moment, Session, Uuid};
use crate::query::{Cell, Grouping, Page, Selection};
use crate::rules::NetworkAddresses;

pub use errors::OpenError;

/// The length of the queue of commits. When it is full, callers wait.
const QUEUE_LENGTH: usize = 1024;

/// The maximum number of documents that are read on the thread of the caller.
const MAX_INLINE: usize = 64;

/// Options for opening a file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The maximum size of the file in pages of 4 KiB; a larger file keeps its
    /// size.
    pub max_pages: Option<u32>,
    /// Opens a file that was not closed and whose log is missing.
    pub accept_missing_log: bool,
}

impl Options {
    /// Limits the size of the file to this number of pages of 4 KiB.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Opens a file that was not closed and whose log is missing: the last changes
    /// of that run may be lost.
    #[must_use]
    pub fn accept_missing_log(mut self, accept: bool) -> Self {
        self.accept_missing_log = accept;
        self
    }
}

/// A store in one SQLite file.
pub struct SqliteStore {
    readers: Arc<Readers>,
    caches: Arc<Caches>,
    writer: Mutex<Option<mpsc::Sender<Task>>>,
    closed: Mutex<Option<oneshot::Receiver<()>>>,
}

impl SqliteStore {
    /// Opens a file, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// When this process cannot use the file; nothing was changed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, &Options::default())
    }

    /// Opens a file as [`open`](Self::open) does, with options.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: &Options) -> Result<Self, OpenError> {
        Self::start(open::open(path.as_ref(), options)?, None)
    }

    /// Creates a store in a temporary file, which is deleted when the store is
    /// closed.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be created.
    pub fn temporary() -> Result<Self, OpenError> {
        Self::temporary_from(None)
    }

    fn temporary_from(source: Option<&Path>) -> Result<Self, OpenError> {
        let folder = tempfile::Builder::new().prefix("zstack-node-").tempdir();
        let folder = folder.map_err(|error| errors::explain_io(&std::env::temp_dir(), &error))?;
        let path = folder.path().join("store.sqlite");
        if let Some(source) = source {
            std::fs::copy(source, &path).map_err(|error| errors::explain_io(&path, &error))?;
        }
        Self::start(open::open_temporary(&path)?, Some(folder))
    }

    fn start(database: OpenDatabase, temporary: Option<TempDir>) -> Result<Self, OpenError> {
        let OpenDatabase { path, connection, lock } = database;
        let watch = FileWatch::new(&path).map_err(|error| errors::explain_io(&path, &error))?;
        let watch = Arc::new(watch);
        let files = Files { connection, watch: Arc::clone(&watch), lock, temporary };
        let (sender, commits) = mpsc::channel(QUEUE_LENGTH);
        let (done, closed) = oneshot::channel();
        let caches = Arc::new(Caches::default());
        let writer_caches = Arc::clone(&caches);
        let thread = std::thread::Builder::new().name("store-writer".to_owned());
        thread
            .spawn(move || writer::run(files, commits, &writer_caches, done))
            .map_err(|error| OpenError::Failed { path: path.clone(), reason: error.to_string() })?;
        Ok(Self {
            readers: Readers::new(path, watch, Arc::clone(&caches)),
            caches,
            writer: Mutex::new(Some(sender)),
            closed: Mutex::new(Some(closed)),
        })
    }
}

impl SqliteStore {
    /// Loads the documents that refer to one. Few are cached, and read on this thread.
    async fn holders_of(&self, target: &Uuid) -> StoreResult<Vec<Holder>> {
        let (mut cached, changes) = self.caches.sources.get(std::iter::once(target));
        let holder = |document: Document, field: String| Holder {
            document,
            link: Link { field, target: target.clone() },
        };
        if let Some(sources) = cached.pop().flatten() {
            let uuids: Vec<_> = sources.iter().map(|source| source.uuid.clone()).collect();
            let documents = self.documents(&uuids).await?;
            let mut documents = documents.into_iter().peekable();
            // A document that was deleted in the meantime is missing.
            let found = sources.into_iter().filter_map(|source| {
                let document = documents.next_if(|document| document.uuid == source.uuid)?;
                Some(holder(document, source.field))
            });
            return Ok(found.collect());
        }
        let few = self.readers.read(|snapshot| documents::sources(snapshot, target, MAX_INLINE + 1))?;
        if few.len() <= MAX_INLINE {
            let source = |(document, field): &(Document, String)| Source {
                uuid: document.uuid.clone(),
                field: field.clone(),
            };
            self.caches.sources.put(target, &few.iter().map(source).collect(), changes);
            return Ok(few.into_iter().map(|(document, field)| holder(document, field)).collect());
        }
        let uuid = target.clone();
        let read = move |snapshot: &Snapshot<'_>| documents::sources(snapshot, &uuid, usize::MAX);
        let all = self.readers.read_many(read).await?;
        Ok(all.into_iter().map(|(document, field)| holder(document, field)).collect())
    }
}

impl Store for SqliteStore {
    async fn networks(&self, uuids: &[Uuid]) -> StoreResult<Vec<NetworkAddresses>> {
        self.readers.read(|connection| uuids.iter().map(|uuid| load::network(connection, uuid)).collect())
    }

    async fn account(&self, name: &str, now: Moment) -> StoreResult<Option<LoginAccount>> {
        self.readers.read(|connection| load::account(connection, name, now))
    }

    async fn sessions(&self, account_uuid: &str, now: Moment) -> StoreResult<Vec<Session>> {
        let sql = format!(
            "SELECT {} FROM session WHERE account_uuid = ?1 AND expired_date > ?2",
            sessions::SESSION
        );
        self.readers.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map(params![account_uuid, now], sessions::read_session)?.collect()
        })
    }

    async fn session(&self, uuid: &str) -> StoreResult<Option<SessionRecord>> {
        self.caches.sessions.find(uuid, || self.readers.read(|connection| load::session(connection, uuid)))
    }

    async fn access_key_of(&self, id: &str) -> StoreResult<Option<AccessKeyRecord>> {
        let load = || self.readers.read(|connection| load::access_key_of(connection, id));
        self.caches.access_keys.find(id, load)
    }

    async fn access_key(&self, uuid: &str) -> StoreResult<Option<AccessKey>> {
        self.readers.read(|connection| load::access_key(connection, uuid))
    }

    async fn has_account(&self, uuid: &str) -> StoreResult<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM document WHERE uuid = ?1 AND base = 'Account')";
        self.readers.read(|connection| connection.prepare_cached(sql)?.query_row([uuid], |row| row.get(0)))
    }

    async fn documents(&self, uuids: &[Uuid]) -> StoreResult<Vec<Document>> {
        let (mut found, _) = self.caches.documents.get(uuids.iter());
        let is_missing = |(_, found): &(&Uuid, &Option<Document>)| found.is_none();
        let missing: Vec<_> =
            uuids.iter().zip(&found).filter(is_missing).map(|(uuid, _)| uuid.clone()).collect();
        if missing.is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        let loaded = if missing.len() <= MAX_INLINE {
            self.readers.read(|snapshot| documents::load(snapshot, &missing))?
        } else {
            self.readers.read_many(move |snapshot| documents::load(snapshot, &missing)).await?
        };
        let loaded: HashMap<_, _> =
            loaded.into_iter().map(|document| (document.uuid.clone(), document)).collect();
        for (uuid, found) in uuids.iter().zip(&mut found) {
            if found.is_none() {
                *found = loaded.get(uuid).cloned();
            }
        }
        Ok(found.into_iter().flatten().collect())
    }

    async fn holders(&self, targets: &[Uuid]) -> StoreResult<Vec<Holder>> {
        let mut holders = Vec::new();
        for target in targets {
            holders.extend(self.holders_of(target).await?);
        }
        Ok(holders)
    }

    async fn count_holders(&self, targets: &[Uuid], field: &'static str) -> StoreResult<Vec<i64>> {
        self.readers.read(|connection| documents::count_holders(connection, targets, field))
    }

    async fn allocated_bytes(&self, storage_uuid: &str) -> StoreResult<i64> {
        let storage_uuid = storage_uuid.to_owned();
        self.readers.read_many(move |connection| documents::allocated_bytes(connection, &storage_uuid)).await
    }

    async fn allocated_compute(&self, host_uuid: &str) -> StoreResult<(i64, i64)> {
        let host_uuid = host_uuid.to_owned();
        self.readers.read_many(move |connection| documents::allocated_compute(connection, &host_uuid)).await
    }

    async fn documents_of(&self, base: &str) -> StoreResult<Vec<Document>> {
        let few = MAX_INLINE + 1;
        let found = self.readers.read(|snapshot| documents::of_base(snapshot, base, few))?;
        if found.len() < few {
            return Ok(found);
        }
        let base = base.to_owned();
        self.readers.read_many(move |snapshot| documents::of_base(snapshot, &base, usize::MAX)).await
    }

    async fn documents_with(
        &self,
        kind: &'static str,
        field: &'static str,
        value: &str,
    ) -> StoreResult<Vec<Document>> {
        let few = MAX_INLINE + 1;
        let read = |snapshot: &Snapshot<'_>| documents::with_value(snapshot, kind, field, value, few);
        let found = self.readers.read(read)?;
        if found.len() < few {
            return Ok(found);
        }
        let value = value.to_owned();
        let read =
            move |snapshot: &Snapshot<'_>| documents::with_value(snapshot, kind, field, &value, usize::MAX);
        self.readers.read_many(read).await
    }

    async fn document_with(
        &self,
        base: &str,
        values: Vec<(String, Value)>,
        except: &str,
    ) -> StoreResult<Option<Document>> {
        let (base, except) = (base.to_owned(), except.to_owned());
        let read = move |snapshot: &Snapshot<'_>| documents::with_values(snapshot, &base, &values, &except);
        self.readers.read_many(read).await
    }

    async fn select_documents(&self, selection: Selection) -> StoreResult<Page<Document>> {
        // The duration is unknown, unless one row is read.
        if selection.is_one() {
            return self.readers.read(|snapshot| select::select(snapshot, &selection));
        }
        self.readers.read_many(move |snapshot| select::select(snapshot, &selection)).await
    }

    async fn select_groups(&self, grouping: Grouping) -> StoreResult<Vec<Vec<Cell>>> {
        self.readers.read_many(move |connection| select::select_groups(connection, &grouping)).await
    }

    async fn each_document(&self, visit: impl FnMut(Document) -> bool + Send + 'static) -> StoreResult<()> {
        self.readers.read_all(|snapshot| documents::each(snapshot, visit)).await
    }

    async fn newest_jobs(&self, account_uuid: Option<&str>, limit: usize) -> StoreResult<Vec<JobSummary>> {
        let account_uuid = account_uuid.map(str::to_owned);
        let read = move |snapshot: &Snapshot<'_>| jobs::newest(snapshot, account_uuid.as_deref(), limit);
        self.readers.read_many(read).await
    }

    async fn last_internal_id(&self) -> StoreResult<i64> {
        let sql = "SELECT coalesce(max(internalId), 0) FROM document WHERE base = 'VmInstance'";
        self.readers.read(|connection| connection.query_row(sql, (), |row| row.get(0)))
    }

    async fn is_empty(&self) -> StoreResult<bool> {
        // The administrator always exists, and the node creates these documents.
        let sql = "SELECT count(*) = 1 FROM (SELECT 1 FROM document \
                   WHERE kind NOT IN ('NetworkServiceProvider', 'GlobalConfig', 'ManagementNode', 'ConsoleProxyAgent') LIMIT 2)";
        self.readers.read(|connection| connection.query_row(sql, (), |row| row.get(0)))
    }

    async fn commit(&self, changes: Changes) -> Result<(), StoreError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let writer = writer.ok_or(StoreError::Closed)?;
        let (answer, result) = oneshot::channel();
        let commit = PendingCommit { changes, answer, runtime: Handle::current() };
        writer.send(Task::Commit(commit)).await.map_err(|_| StoreError::Closed)?;
        drop(writer);
        result.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn close(&self) {
        // The writer is closed last, so that SQLite merges the log into the file.
        self.readers.close().await;
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(closed) = closed {
            // An error means that the thread has ended, too.
            let _ = closed.await;
        }
    }
}
