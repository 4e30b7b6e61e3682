//! A store in one file, for one node.
//!
//! Readers see the last durable state and never wait for the writer; the one
//! writer lets commits that wait share a sync of the disk. See [`SqliteStore`].

mod apply;
mod columns;
mod errors;
mod functions;
mod inspect;
mod jobs;
mod load;
mod lock;
mod memory;
mod migrate;
mod open;
mod pages;
mod readers;
mod select;
mod table;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, params};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use self::lock::Watch;
use self::memory::Memory;
use self::open::Opened;
use self::readers::Readers;
use self::table::Table as _;
use self::writer::{Files, Job};
use super::{AccessKeyRecord, JobSummary, Loaded, SessionRecord, Store, StoreError};
use crate::model::{
    AccessKey, CdRom, Changes, Cluster, Image, ImageCache, LoginAccount, Moment, Session, Uuid, Vm, VmState,
    VolumeSnapshot,
};
use crate::query::{Page, Selection};
use crate::rules::{Network, Places, Storages};

pub use errors::OpenError;

/// How many commits may wait; on more, those who commit wait themselves.
const QUEUE: usize = 1024;

/// How many VM instances are read without going to another thread for it.
const FEW: usize = 16;

/// How to open a file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How many pages of 4 KiB the file may have; not less than it has.
    pub max_pages: Option<u32>,
    /// Whether to open a file that was not closed and whose log is missing.
    pub accept_missing_log: bool,
}

impl Options {
    /// At most so many pages of 4 KiB.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Whether to open a file that was not closed and whose log is missing:
    /// the last changes of that run may be lost.
    #[must_use]
    pub fn accept_missing_log(mut self, accept: bool) -> Self {
        self.accept_missing_log = accept;
        self
    }
}

/// A store in one SQLite file.
pub struct SqliteStore {
    readers: Arc<Readers>,
    memory: Arc<Memory>,
    writer: Mutex<Option<mpsc::Sender<Job>>>,
    closed: Mutex<Option<oneshot::Receiver<()>>>,
}

impl SqliteStore {
    /// Opens a file, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// When the file cannot be the store of this process; nothing was changed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, &Options::default())
    }

    /// Opens a file, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// When the file cannot be the store of this process; nothing was changed.
    pub fn open_with(path: impl AsRef<Path>, options: &Options) -> Result<Self, OpenError> {
        Self::start(open::open(path.as_ref(), options)?, None)
    }

    /// A store in a temporary file, which is gone when the store is closed.
    ///
    /// # Errors
    ///
    /// When there is no place for temporary files.
    pub fn temporary() -> Result<Self, OpenError> {
        let folder = tempfile::Builder::new().prefix("zstack-node-").tempdir();
        let folder = folder.map_err(|error| errors::explain_io(&std::env::temp_dir(), &error))?;
        let opened = open::open(&folder.path().join("store.sqlite"), &Options::default())?;
        Self::start(opened, Some(folder))
    }

    fn start(opened: Opened, temporary: Option<TempDir>) -> Result<Self, OpenError> {
        let Opened { path, connection, lock } = opened;
        let watch = Watch::new(&path).map_err(|error| errors::explain_io(&path, &error))?;
        let watch = Arc::new(watch);
        let files = Files { connection, watch: Arc::clone(&watch), lock, temporary };
        let (sender, jobs) = mpsc::channel(QUEUE);
        let (done, closed) = oneshot::channel();
        let memory = Arc::new(Memory::default());
        let changed = Arc::clone(&memory);
        let thread = std::thread::Builder::new().name("store-writer".to_owned());
        thread
            .spawn(move || writer::run(files, jobs, &changed, done))
            .map_err(|error| OpenError::Failed { path: path.clone(), reason: error.to_string() })?;
        Ok(Self {
            readers: Readers::new(path, watch),
            memory,
            writer: Mutex::new(Some(sender)),
            closed: Mutex::new(Some(closed)),
        })
    }
}

impl SqliteStore {
    /// What is selected: at once if that is one row, and else on another
    /// thread, since there is no telling how long it takes.
    async fn select<T: Send + 'static>(
        &self,
        selection: Selection,
        load: impl FnOnce(&Connection, &[Uuid]) -> rusqlite::Result<Vec<T>> + Send + 'static,
    ) -> Loaded<Page<T>> {
        if selection.is_one() {
            return self.readers.read(|reader| select::select(reader, &selection, load));
        }
        self.readers.read_much(move |reader| select::select(reader, &selection, load)).await
    }
}

impl Store for SqliteStore {
    async fn vm(&self, uuid: &str) -> Loaded<Option<Vm>> {
        self.memory.vms.find(uuid, || self.readers.read(|reader| load::Vms::of(reader)?.load(uuid)))
    }

    async fn vms_on(&self, primary_storages: &[Uuid], states: &[VmState]) -> Loaded<Vec<Vm>> {
        let few = self.readers.read(|reader| load::vms_on(reader, primary_storages, states, FEW))?;
        if let Some(few) = few {
            return Ok(few);
        }
        let (storages, states) = (primary_storages.to_vec(), states.to_vec());
        let all = self
            .readers
            .read_much(move |reader| load::vms_on(reader, &storages, &states, usize::MAX))
            .await?;
        Ok(all.unwrap_or_default())
    }

    async fn cd_rom(&self, uuid: &str) -> Loaded<Option<CdRom>> {
        self.readers.read(|it| CdRom::select(it, "uuid = ?1", &[&uuid]).map(|mut it| it.pop()))
    }

    async fn image(&self, uuid: &str) -> Loaded<Option<Image>> {
        self.memory.images.find(uuid, || self.readers.read(|reader| load::image(reader, uuid)))
    }

    async fn image_caches(&self, image_uuid: &str) -> Loaded<Vec<ImageCache>> {
        let of_image = "image_uuid = ?1 ORDER BY primary_storage_uuid";
        let load = || self.readers.read(|reader| ImageCache::select(reader, of_image, &[&image_uuid]));
        let caches = self.memory.image_caches.find(image_uuid, || load().map(Some))?;
        Ok(caches.unwrap_or_default())
    }

    async fn latest_snapshot(&self, volume_uuid: &str) -> Loaded<Option<VolumeSnapshot>> {
        let latest = "volume_uuid = ?1 AND latest";
        self.readers.read(|it| VolumeSnapshot::select(it, latest, &[&volume_uuid]).map(|mut it| it.pop()))
    }

    async fn storages(&self) -> Loaded<Storages> {
        let all = self.memory.storages.find("", || self.readers.read(load::storages).map(Some))?;
        Ok(all.unwrap_or_default())
    }

    async fn places(&self) -> Loaded<Places> {
        self.readers.read(load::places)
    }

    async fn networks(&self, uuids: &[Uuid]) -> Loaded<Vec<Network>> {
        self.readers.read(|reader| uuids.iter().map(|uuid| load::network(reader, uuid)).collect())
    }

    async fn account(&self, name: &str, now: Moment) -> Loaded<Option<LoginAccount>> {
        self.readers.read(|reader| load::account(reader, name, now))
    }

    async fn sessions(&self, account_uuid: &str, now: Moment) -> Loaded<Vec<Session>> {
        let live = "account_uuid = ?1 AND expired_date > ?2";
        self.readers.read(|reader| Session::select(reader, live, params![account_uuid, now]))
    }

    async fn session(&self, uuid: &str) -> Loaded<Option<SessionRecord>> {
        self.memory.sessions.find(uuid, || self.readers.read(|reader| load::session(reader, uuid)))
    }

    async fn access_key_of(&self, id: &str) -> Loaded<Option<AccessKeyRecord>> {
        self.memory.access_keys.find(id, || self.readers.read(|reader| load::access_key_of(reader, id)))
    }

    async fn access_key(&self, uuid: &str) -> Loaded<Option<AccessKey>> {
        self.readers.read(|it| AccessKey::select(it, "uuid = ?1", &[&uuid]).map(|mut it| it.pop()))
    }

    async fn has_account(&self, uuid: &str) -> Loaded<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM account WHERE uuid = ?1)";
        self.readers.read(|reader| reader.prepare_cached(sql)?.query_row([uuid], |row| row.get(0)))
    }

    async fn cluster(&self, uuid: &str) -> Loaded<Option<Cluster>> {
        self.readers.read(|it| Cluster::select(it, "uuid = ?1", &[&uuid]).map(|mut it| it.pop()))
    }

    async fn select_vms(&self, selection: Selection) -> Loaded<Page<Vm>> {
        self.select(selection, pages::vms).await
    }

    async fn select_cd_roms(&self, selection: Selection) -> Loaded<Page<CdRom>> {
        self.select(selection, pages::cd_roms).await
    }

    async fn select_access_keys(&self, selection: Selection) -> Loaded<Page<AccessKey>> {
        self.select(selection, pages::access_keys).await
    }

    async fn select_images(&self, selection: Selection) -> Loaded<Page<Image>> {
        self.select(selection, pages::images).await
    }

    async fn newest_jobs(&self, account_uuid: Option<&str>, most: usize) -> Loaded<Vec<JobSummary>> {
        let account_uuid = account_uuid.map(str::to_owned);
        self.readers.read_much(move |reader| jobs::newest(reader, account_uuid.as_deref(), most)).await
    }

    async fn last_internal_id(&self) -> Loaded<i64> {
        let sql = "SELECT coalesce(max(internal_id), 0) FROM vm_instance";
        self.readers.read(|reader| reader.query_row(sql, (), |row| row.get(0)))
    }

    async fn is_empty(&self) -> Loaded<bool> {
        // Everything else is in a zone, belongs to an account, or both; the
        // administrator is there from the beginning.
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM zone) AND (SELECT count(*) FROM account) = 1";
        self.readers.read(|reader| reader.query_row(sql, (), |row| row.get(0)))
    }

    async fn commit(&self, changes: Changes) -> Result<(), StoreError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let writer = writer.ok_or(StoreError::Closed)?;
        let (answer, result) = oneshot::channel();
        writer
            .send(Job { changes, answer, runtime: Handle::current() })
            .await
            .map_err(|_| StoreError::Closed)?;
        drop(writer);
        result.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn close(&self) {
        // Readers go first, so that the writer is the last one and leaves a
        // single file behind.
        self.readers.close().await;
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(closed) = closed {
            // An error says that the thread is gone, which is what is waited for.
            let _ = closed.await;
        }
    }
}
