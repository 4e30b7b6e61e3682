//! A store in one file, for one node.
//!
//! Readers see the last durable state and never wait for the writer; the one
//! writer lets commits that wait share a sync of the disk. See [`SqliteStore`].

mod apply;
mod columns;
mod load;
mod open;
mod readers;
mod table;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::types::ToSql;
use tokio::sync::{mpsc, oneshot};

use self::readers::Readers;
use self::table::Table as _;
use self::writer::{Files, Job};
use super::{Loaded, SessionRecord, Store, StoreError};
use crate::model::{
    CdRom, Changes, Image, ImageCache, LoginAccount, Moment, Uuid, Vm, VmState, VolumeSnapshot,
};
use crate::rules::Storages;

pub use open::OpenError;

/// How many commits may wait; on more, those who commit wait themselves.
const QUEUE: usize = 1024;

/// How to open a file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How many pages of 4 KiB the file may have; not less than it has.
    pub max_pages: Option<u32>,
}

impl Options {
    /// At most so many pages of 4 KiB.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }
}

/// A store in one SQLite file.
pub struct SqliteStore {
    readers: Arc<Readers>,
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
        let path = path.as_ref();
        let (connection, lock) = open::open(path, options)?;
        Self::start(path, Files { connection, lock, temporary: None })
    }

    /// A store in a temporary file, which is gone when the store is closed.
    ///
    /// # Errors
    ///
    /// When there is no place for temporary files.
    pub fn temporary() -> Result<Self, OpenError> {
        let folder = tempfile::Builder::new().prefix("zstack-node-").tempdir();
        let folder = folder
            .map_err(|error| OpenError::Failed { path: std::env::temp_dir(), reason: error.to_string() })?;
        let path = folder.path().join("store.sqlite");
        let (connection, lock) = open::open(&path, &Options::default())?;
        Self::start(&path, Files { connection, lock, temporary: Some(folder) })
    }

    fn start(path: &Path, files: Files) -> Result<Self, OpenError> {
        let (sender, jobs) = mpsc::channel(QUEUE);
        let (done, closed) = oneshot::channel();
        let thread = std::thread::Builder::new().name("store-writer".to_owned());
        thread
            .spawn(move || writer::run(files, jobs, done))
            .map_err(|error| OpenError::Failed { path: path.to_owned(), reason: error.to_string() })?;
        Ok(Self {
            readers: Readers::new(path.to_owned()),
            writer: Mutex::new(Some(sender)),
            closed: Mutex::new(Some(closed)),
        })
    }

    async fn load<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Loaded<T> {
        self.readers.read(read).await
    }
}

impl Store for SqliteStore {
    async fn vm(&self, uuid: &str) -> Loaded<Option<Vm>> {
        let uuid = uuid.to_owned();
        self.load(move |it| load::vms(it, "uuid = ?1", &[&uuid]).map(|mut it| it.pop())).await
    }

    async fn vms_on(&self, primary_storages: &[Uuid], states: &[VmState]) -> Loaded<Vec<Vm>> {
        let values: Vec<Box<dyn ToSql + Send>> = (primary_storages.iter())
            .map(|it| Box::new(it.clone()) as _)
            .chain(states.iter().map(|it| Box::new(*it) as _))
            .collect();
        // One place for each value: ?1, ?2 …
        let places = |from: usize, count: usize| {
            (from + 1..=from + count).map(|it| format!("?{it}")).collect::<Vec<_>>().join(", ")
        };
        let condition = format!(
            "state IN ({}) AND uuid IN (SELECT vm_instance_uuid FROM volume \
             WHERE kind = 'Root' AND primary_storage_uuid IN ({}))",
            places(primary_storages.len(), states.len()),
            places(0, primary_storages.len()),
        );
        self.load(move |it| {
            let values: Vec<&dyn ToSql> = values.iter().map(|it| it.as_ref() as _).collect();
            load::vms(it, &condition, &values)
        })
        .await
    }

    async fn cd_rom(&self, uuid: &str) -> Loaded<Option<CdRom>> {
        let uuid = uuid.to_owned();
        self.load(move |it| CdRom::select(it, "uuid = ?1", &[&uuid]).map(|mut it| it.pop())).await
    }

    async fn image(&self, uuid: &str) -> Loaded<Option<Image>> {
        let uuid = uuid.to_owned();
        self.load(move |it| load::image(it, &uuid)).await
    }

    async fn image_caches(&self, image_uuid: &str) -> Loaded<Vec<ImageCache>> {
        let uuid = image_uuid.to_owned();
        self.load(move |it| ImageCache::select(it, "image_uuid = ?1 ORDER BY primary_storage_uuid", &[&uuid]))
            .await
    }

    async fn latest_snapshot(&self, volume_uuid: &str) -> Loaded<Option<VolumeSnapshot>> {
        let uuid = volume_uuid.to_owned();
        self.load(move |it| {
            VolumeSnapshot::select(it, "volume_uuid = ?1 AND latest", &[&uuid]).map(|mut it| it.pop())
        })
        .await
    }

    async fn storages(&self) -> Loaded<Storages> {
        self.load(load::storages).await
    }

    async fn account(&self, name: &str, now: Moment) -> Loaded<Option<LoginAccount>> {
        let name = name.to_owned();
        self.load(move |it| load::account(it, &name, now)).await
    }

    async fn session(&self, uuid: &str) -> Loaded<Option<SessionRecord>> {
        let uuid = uuid.to_owned();
        self.load(move |it| load::session(it, &uuid)).await
    }

    async fn last_internal_id(&self) -> Loaded<i64> {
        let sql = "SELECT coalesce(max(internal_id), 0) FROM vm_instance";
        self.load(|it| it.query_row(sql, (), |row| row.get(0))).await
    }

    async fn is_empty(&self) -> Loaded<bool> {
        // Everything else is in a zone, belongs to an account, or both; the
        // administrator is there from the beginning.
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM zone) AND (SELECT count(*) FROM account) = 1";
        self.load(|it| it.query_row(sql, (), |row| row.get(0))).await
    }

    async fn commit(&self, changes: Changes) -> Result<(), StoreError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let writer = writer.ok_or(StoreError::Closed)?;
        let (answer, result) = oneshot::channel();
        writer.send(Job { changes, answer }).await.map_err(|_| StoreError::Closed)?;
        drop(writer);
        result.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn close(&self) {
        // Readers go first, so that the writer is the last one and leaves a
        // single file behind.
        self.readers.close();
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(closed) = closed {
            // An error says that the thread is gone, which is what is waited for.
            let _ = closed.await;
        }
    }
}
