//! Connections that only read. They see the last durable state, whatever the
//! writer is doing.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::errors::failed;
use super::lock::Watch;
use crate::store::{Loaded, READ_LIMIT, StoreError};

/// How many read much at a time; on more, they wait.
const READERS: u32 = 4;

/// How many instructions of SQLite pass between two looks at the clock: a
/// fraction of a millisecond.
const STEP: i32 = 10_000;

/// How long those that read are waited for when the store is closed. They are
/// interrupted at the next step.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// A few connections, opened when they are first needed.
pub(super) struct Readers {
    path: PathBuf,
    watch: Arc<Watch>,
    /// How long one may read.
    limit: Duration,
    idle: Mutex<Vec<Reader>>,
    permits: Arc<Semaphore>,
    closing: Arc<AtomicBool>,
}

/// A connection with the end of the time that its statements may take.
struct Reader {
    connection: Connection,
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, watch: Arc<Watch>) -> Arc<Self> {
        Self::with_limit(path, watch, READ_LIMIT)
    }

    fn with_limit(path: PathBuf, watch: Arc<Watch>, limit: Duration) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(READERS as usize));
        Arc::new(Self { path, watch, limit, idle: Mutex::default(), permits, closing: Arc::default() })
    }

    /// Reads a few rows, at once and on this thread: that takes microseconds,
    /// and handing it to another thread and waiting for it takes longer.
    ///
    /// All in one transaction: everything that `read` sees is of the same
    /// moment.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Loaded<T> {
        if self.closing.load(Ordering::Relaxed) {
            return Err(StoreError::Closed);
        }
        let reader = self.take()?;
        let connection = &reader.connection;
        reader.set_deadline(Instant::now().checked_add(self.limit));
        let run = |sql: &str| connection.prepare_cached(sql).and_then(|mut it| it.execute(())).map(drop);
        let result = run("BEGIN").and_then(|()| {
            let result = read(connection);
            run("COMMIT").and(result)
        });
        self.put_back(reader);
        result.map_err(|error| match failed(&error) {
            StoreError::TooSlow if self.closing.load(Ordering::Relaxed) => StoreError::Closed,
            error => error,
        })
    }

    /// Reads as many rows as there may be: the same on a thread that may
    /// block, and not too many at a time, also of callers that have gone.
    pub(super) async fn read_much<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Loaded<T> {
        let this = Arc::clone(self);
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let read = move || {
            let result = this.read(read);
            drop(permit);
            result
        };
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
    }

    fn take(&self) -> Loaded<Reader> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn put_back(&self, reader: Reader) {
        // One that is not out of its transaction would show old states for ever.
        if reader.connection.is_autocommit() && !self.closing.load(Ordering::Relaxed) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        }
    }

    fn open(&self) -> Loaded<Reader> {
        let reader = self.connect().map_err(|error| failed(&error))?;
        // Another file may be at this path by now.
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
            closing.load(Ordering::Relaxed) || end.is_some_and(|it| Instant::now() >= it)
        };
        connection.progress_handler(STEP, Some(is_over))?;
        Ok(Reader { connection, deadline })
    }

    /// Interrupts those that read, and closes all connections.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        // An error says that they do not end in time, or have ended before.
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.permits.acquire_many(READERS)).await;
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
        std::fs::write(super::super::lock::log_of(&path), "").unwrap();
        let watch = Arc::new(Watch::new(&path).unwrap());
        (folder, Readers::with_limit(path, watch, limit))
    }

    fn count(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row(ENDLESS, (), |row| row.get(0))
    }

    #[tokio::test]
    async fn reading_ends_at_the_limit() {
        let (_folder, readers) = readers(Duration::from_millis(50));
        assert_eq!(readers.read_much(count).await, Err(StoreError::TooSlow));
        // The connection can be used again.
        let one = readers.read(|reader| reader.query_row("SELECT 1", (), |row| row.get::<_, i64>(0)));
        assert_eq!(one, Ok(1));
    }

    #[tokio::test]
    async fn closing_interrupts_those_that_read() {
        let (_folder, readers) = readers(Duration::MAX);
        let reading = {
            let readers = Arc::clone(&readers);
            tokio::spawn(async move { readers.read_much(count).await })
        };
        while readers.permits.available_permits() == READERS as usize {
            tokio::task::yield_now().await;
        }
        readers.close().await;
        assert_eq!(reading.await.unwrap(), Err(StoreError::Closed));
    }
}
