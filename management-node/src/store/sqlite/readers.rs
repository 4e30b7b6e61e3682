//! Connections that only read. They see the last durable state, whatever the
//! writer is doing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::apply::failed;
use crate::store::{Loaded, StoreError};

/// How many read much at a time; on more, they wait.
const READERS: usize = 4;

/// A few connections, opened when they are first needed.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Arc<Self> {
        Arc::new(Self { path, idle: Mutex::default(), permits: Semaphore::new(READERS) })
    }

    /// Reads a few rows, at once and on this thread: that takes microseconds,
    /// and handing it to another thread and waiting for it takes longer.
    ///
    /// All in one transaction: everything that `read` sees is of the same
    /// moment.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Loaded<T> {
        if self.permits.is_closed() {
            return Err(StoreError::Closed);
        }
        let connection = self.take().map_err(|error| failed(&error))?;
        let run = |sql: &str| connection.prepare_cached(sql).and_then(|mut it| it.execute(())).map(drop);
        let result = run("BEGIN").and_then(|()| {
            let result = read(&connection);
            run("COMMIT").and(result)
        });
        self.put_back(connection);
        result.map_err(|error| failed(&error))
    }

    /// Reads as many rows as there may be: the same on a thread that may
    /// block, and not too many at a time.
    pub(super) async fn read_much<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Loaded<T> {
        let this = Arc::clone(self);
        let _permit = self.permits.acquire().await.map_err(|_| StoreError::Closed)?;
        tokio::task::spawn_blocking(move || this.read(read))
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn put_back(&self, connection: Connection) {
        // One that is not out of its transaction would show old states for ever.
        if connection.is_autocommit() && !self.permits.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        super::open::prepare(&connection)?;
        Ok(connection)
    }

    /// Nobody reads any more.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
