//! A store in one SQLite file, for one node: see [`SqliteStore`].
//!
//! Readers see the last durable state, and never wait for the writer. A single
//! writer combines pending commits, which then share a sync of the disk.

mod apply;
mod bulk_load;
mod cache;
mod columns;
mod document;
mod documents;
mod errors;
mod functions;
mod inspect;
mod jobs;
mod links;
mod load;
mod lock;
mod migrate;
mod open;
mod parts;
mod readers;
mod select;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, params};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use self::cache::Caches;
use self::document::Document as _;
use self::lock::FileWatch;
use self::open::OpenDatabase;
use self::readers::Readers;
use self::writer::{Files, PendingCommit};
use super::{AccessKeyRecord, JobSummary, SessionRecord, Store, StoreError, StoreResult};
use crate::model::{
    AccessKey, CdRom, Changes, Cluster, Document, Holder, Image, ImageCache, LoginAccount, Moment, Session,
    Uuid, Vm, VmState, VolumeSnapshot,
};
use crate::query::{Page, Selection};
use crate::rules::{Infrastructure, NetworkAddresses, Storages};

pub use errors::OpenError;

/// The length of the queue of commits. When it is full, callers wait.
const QUEUE_LENGTH: usize = 1024;

/// The maximum number of VM instances that are read on the thread of the caller.
const MAX_INLINE_VMS: usize = 16;

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
    writer: Mutex<Option<mpsc::Sender<PendingCommit>>>,
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
        let folder = tempfile::Builder::new().prefix("zstack-node-").tempdir();
        let folder = folder.map_err(|error| errors::explain_io(&std::env::temp_dir(), &error))?;
        let opened = open::open(&folder.path().join("store.sqlite"), &Options::default())?;
        Self::start(opened, Some(folder))
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
            readers: Readers::new(path, watch),
            caches,
            writer: Mutex::new(Some(sender)),
            closed: Mutex::new(Some(closed)),
        })
    }
}

impl SqliteStore {
    /// Runs a selection. One row is read on this thread, others on another thread,
    /// as the duration is unknown.
    async fn select<T: Send + 'static>(
        &self,
        selection: Selection,
        load: impl FnOnce(&Connection, &[Uuid]) -> rusqlite::Result<Vec<T>> + Send + 'static,
    ) -> StoreResult<Page<T>> {
        if selection.is_one() {
            return self.readers.read(|connection| select::select(connection, &selection, load));
        }
        self.readers.read_many(move |connection| select::select(connection, &selection, load)).await
    }
}

impl Store for SqliteStore {
    async fn vm(&self, uuid: &str) -> StoreResult<Option<Vm>> {
        self.caches
            .vms
            .find(uuid, || self.readers.read(|connection| load::VmLoader::new(connection)?.load(uuid)))
    }

    async fn vms_on(&self, primary_storages: &[Uuid], states: &[VmState]) -> StoreResult<Vec<Vm>> {
        let read =
            |connection: &Connection| load::vms_on(connection, primary_storages, states, MAX_INLINE_VMS);
        if let Some(vms) = self.readers.read(read)? {
            return Ok(vms);
        }
        let (storages, states) = (primary_storages.to_vec(), states.to_vec());
        let all = self
            .readers
            .read_many(move |connection| load::vms_on(connection, &storages, &states, usize::MAX))
            .await?;
        Ok(all.unwrap_or_default())
    }

    async fn cd_rom(&self, uuid: &str) -> StoreResult<Option<CdRom>> {
        self.readers.read(|connection| CdRom::select_first(connection, "uuid = ?1", &[&uuid]))
    }

    async fn image(&self, uuid: &str) -> StoreResult<Option<Image>> {
        self.caches.images.find(uuid, || self.readers.read(|connection| load::image(connection, uuid)))
    }

    async fn image_caches(&self, image_uuid: &str) -> StoreResult<Vec<ImageCache>> {
        let of_image = "image_uuid = ?1 ORDER BY primary_storage_uuid";
        let load =
            || self.readers.read(|connection| ImageCache::select(connection, of_image, &[&image_uuid]));
        let caches = self.caches.image_caches.find(image_uuid, || load().map(Some))?;
        Ok(caches.unwrap_or_default())
    }

    async fn latest_snapshot(&self, volume_uuid: &str) -> StoreResult<Option<VolumeSnapshot>> {
        let latest = "volume_uuid = ?1 AND latest";
        self.readers.read(|connection| VolumeSnapshot::select_first(connection, latest, &[&volume_uuid]))
    }

    async fn storages(&self) -> StoreResult<Storages> {
        let all = self.caches.storages.find("", || self.readers.read(load::storages).map(Some))?;
        Ok(all.unwrap_or_default())
    }

    async fn infrastructure(&self) -> StoreResult<Infrastructure> {
        self.readers.read(load::infrastructure)
    }

    async fn networks(&self, uuids: &[Uuid]) -> StoreResult<Vec<NetworkAddresses>> {
        self.readers.read(|connection| uuids.iter().map(|uuid| load::network(connection, uuid)).collect())
    }

    async fn account(&self, name: &str, now: Moment) -> StoreResult<Option<LoginAccount>> {
        self.readers.read(|connection| load::account(connection, name, now))
    }

    async fn sessions(&self, account_uuid: &str, now: Moment) -> StoreResult<Vec<Session>> {
        let sql =
            format!("SELECT {} FROM session WHERE account_uuid = ?1 AND expired_date > ?2", parts::SESSION);
        self.readers.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map(params![account_uuid, now], parts::read_session)?.collect()
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
        self.readers.read(|connection| AccessKey::select_first(connection, "uuid = ?1", &[&uuid]))
    }

    async fn has_account(&self, uuid: &str) -> StoreResult<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM account WHERE uuid = ?1)";
        self.readers.read(|connection| connection.prepare_cached(sql)?.query_row([uuid], |row| row.get(0)))
    }

    async fn cluster(&self, uuid: &str) -> StoreResult<Option<Cluster>> {
        self.readers.read(|connection| Cluster::select_first(connection, "uuid = ?1", &[&uuid]))
    }

    async fn select_vms(&self, selection: Selection) -> StoreResult<Page<Vm>> {
        self.select(selection, bulk_load::vms).await
    }

    async fn select_cd_roms(&self, selection: Selection) -> StoreResult<Page<CdRom>> {
        self.select(selection, bulk_load::cd_roms).await
    }

    async fn select_access_keys(&self, selection: Selection) -> StoreResult<Page<AccessKey>> {
        self.select(selection, bulk_load::access_keys).await
    }

    async fn select_images(&self, selection: Selection) -> StoreResult<Page<Image>> {
        self.select(selection, bulk_load::images).await
    }

    async fn documents(&self, uuids: &[Uuid]) -> StoreResult<Vec<Document>> {
        self.readers.read(|connection| documents::load(connection, uuids))
    }

    async fn holders(&self, targets: &[Uuid]) -> StoreResult<Vec<Holder>> {
        let targets = targets.to_vec();
        self.readers.read_many(move |connection| documents::holders(connection, &targets)).await
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
        let base = base.to_owned();
        self.readers.read_many(move |connection| documents::of_base(connection, &base)).await
    }

    async fn documents_with(
        &self,
        kind: &'static str,
        field: &'static str,
        value: &str,
    ) -> StoreResult<Vec<Document>> {
        let value = value.to_owned();
        self.readers.read_many(move |connection| documents::with_value(connection, kind, field, &value)).await
    }

    async fn document_with(
        &self,
        base: &str,
        values: Vec<(String, Value)>,
        except: &str,
    ) -> StoreResult<Option<Document>> {
        let (base, except) = (base.to_owned(), except.to_owned());
        let read = move |connection: &Connection| documents::with_values(connection, &base, &values, &except);
        self.readers.read_many(read).await
    }

    async fn select_documents(&self, selection: Selection) -> StoreResult<Page<Document>> {
        self.select(selection, documents::load).await
    }

    async fn each_document(&self, visit: impl FnMut(Document) -> bool + Send + 'static) -> StoreResult<()> {
        self.readers.read_all(|connection| documents::each(connection, visit)).await
    }

    async fn newest_jobs(&self, account_uuid: Option<&str>, limit: usize) -> StoreResult<Vec<JobSummary>> {
        let account_uuid = account_uuid.map(str::to_owned);
        let read = move |connection: &Connection| jobs::newest(connection, account_uuid.as_deref(), limit);
        self.readers.read_many(read).await
    }

    async fn last_internal_id(&self) -> StoreResult<i64> {
        let sql = "SELECT coalesce(max(internal_id), 0) FROM vm_instance";
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
        writer
            .send(PendingCommit { changes, answer, runtime: Handle::current() })
            .await
            .map_err(|_| StoreError::Closed)?;
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
