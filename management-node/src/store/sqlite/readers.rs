//! Connections for reading. They see the last durable state, independently of the
//! writer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::cache::Caches;
use super::documents::Snapshot;
use super::errors::store_error;
use super::lock::FileWatch;
use crate::store::{READ_LIMIT, StoreError, StoreResult};

/// The maximum number of concurrent large reads; further ones wait.
const MAX_LARGE_READS: u32 = 4;

/// The number of SQLite instructions between two checks of the clock: a fraction
/// of a millisecond.
const STEP: i32 = 10_000;

/// The maximum time to wait for running reads when the store is closed. They are
/// interrupted at the next step.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// A pool of connections, opened on demand.
pub(super) struct Readers {
    path: PathBuf,
    watch: Arc<FileWatch>,
    caches: Arc<Caches>,
    /// The maximum time of a read.
    limit: Duration,
    idle: Mutex<Vec<Reader>>,
    permits: Arc<Semaphore>,
    closing: Arc<AtomicBool>,
}

/// A connection with the deadline of its present read.
struct Reader {
    connection: Connection,
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, watch: Arc<FileWatch>, caches: Arc<Caches>) -> Arc<Self> {
        Self::with_limit(path, watch, caches, READ_LIMIT)
    }

    fn with_limit(path: PathBuf, watch: Arc<FileWatch>, caches: Arc<Caches>, limit: Duration) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(MAX_LARGE_READS as usize));
        Arc::new(Self {
            path,
            watch,
            caches,
            limit,
            idle: Mutex::default(),
            permits,
            closing: Arc::default(),
        })
    }

    /// Reads a few rows on this thread. This takes microseconds, less than switching
    /// to another thread.
    ///
    /// The read is one transaction, so it sees a consistent state.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Snapshot<'_>) -> rusqlite::Result<T>) -> StoreResult<T> {
        self.read_within(Some(self.limit), true, read)
    }

    fn read_within<T>(
        &self,
        limit: Option<Duration>,
        displaces: bool,
        read: impl FnOnce(&Snapshot<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<T> {
        if self.closing.load(Ordering::Relaxed) {
            return Err(StoreError::Closed);
        }
        let reader = self.take()?;
        let connection = &reader.connection;
        reader.set_deadline(limit.and_then(|limit| Instant::now().checked_add(limit)));
        let run = |sql: &str| {
            connection.prepare_cached(sql).and_then(|mut statement| statement.execute(())).map(drop)
        };
        let cache = &self.caches.documents;
        let snapshot = Snapshot { connection, cache, changes: cache.changes(), displaces };
        let result = run("BEGIN").and_then(|()| {
            let result = read(&snapshot);
            run("COMMIT").and(result)
        });
        self.put_back(reader);
        result.map_err(|error| match store_error(&error) {
            StoreError::TooSlow if self.closing.load(Ordering::Relaxed) => StoreError::Closed,
            error => error,
        })
    }

    /// Reads any number of rows on a thread that may block. The limit on concurrent
    /// reads also counts those whose callers were canceled.
    pub(super) async fn read_many<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Snapshot<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.read_on_thread(Some(self.limit), read).await
    }

    /// Reads rows as [`read_many`](Self::read_many) does, for any time.
    pub(super) async fn read_all<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Snapshot<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.read_on_thread(None, read).await
    }

    async fn read_on_thread<T: Send + 'static>(
        self: &Arc<Self>,
        limit: Option<Duration>,
        read: impl FnOnce(&Snapshot<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreResult<T> {
        let this = Arc::clone(self);
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let read = move || {
            let result = this.read_within(limit, false, read);
            drop(permit);
            result
        };
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
    }

    fn take(&self) -> StoreResult<Reader> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn put_back(&self, reader: Reader) {
        // A connection in an open transaction would keep showing an old state.
        if reader.connection.is_autocommit() && !self.closing.load(Ordering::Relaxed) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        }
    }

    fn open(&self) -> StoreResult<Reader> {
        let reader = self.connect().map_err(|error| store_error(&error))?;
        // The file at this path may be another one now.
        self.watch.check()?;
        Ok(reader)
    }

    fn connect(&self) -> rusqlite::Result<Reader> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags)?;
        super::open::prepare(&connection)?;
        let deadline: Arc<Mutex<Option<Instant>>> = Arc::default();
        let (closing, end) = (Arc::clone(&self.closing), Arc::clone(&deadline));
        let is_over = move || {
            let end = *end.lock().unwrap_or_else(PoisonError::into_inner);
            closing.load(Ordering::Relaxed) || end.is_some_and(|end| Instant::now() >= end)
        };
        connection.progress_handler(STEP, Some(is_over))?;
        Ok(Reader { connection, deadline })
    }

    /// Interrupts running reads, and closes all connections.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        // After an error - a timeout, or a second call - closing continues.
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.permits.acquire_many(MAX_LARGE_READS)).await;
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Reader {
    fn set_deadline(&self, deadline: Option<Instant>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts until it is interrupted.
    const ENDLESS: &str = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT count(*) FROM number";

    fn readers(limit: Duration) -> (tempfile::TempDir, Arc<Readers>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
        std::fs::write(super::super::lock::log_path(&path), "").unwrap();
        let watch = Arc::new(FileWatch::new(&path).unwrap());
        (folder, Readers::with_limit(path, watch, Arc::default(), limit))
    }

    fn count(connection: &Snapshot<'_>) -> rusqlite::Result<i64> {
        connection.query_row(ENDLESS, (), |row| row.get(0))
    }

    #[tokio::test]
    async fn stops_reading_at_the_limit() {
        let (_folder, readers) = readers(Duration::from_millis(50));
        assert_eq!(readers.read_many(count).await, Err(StoreError::TooSlow));
        // The connection can be used again.
        let one = readers.read(|connection| connection.query_row("SELECT 1", (), |row| row.get::<_, i64>(0)));
        assert_eq!(one, Ok(1));
    }

    #[tokio::test]
    async fn interrupts_reads_on_close() {
        let (_folder, readers) = readers(Duration::MAX);
        let reading = {
            let readers = Arc::clone(&readers);
            tokio::spawn(async move { readers.read_many(count).await })
        };
        while readers.permits.available_permits() == MAX_LARGE_READS as usize {
            tokio::task::yield_now().await;
        }
        readers.close().await;
        assert_eq!(reading.await.unwrap(), Err(StoreError::Closed));
    }
}
