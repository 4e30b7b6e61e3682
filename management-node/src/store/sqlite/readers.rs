//! Connections that only read. They see the last durable state, whatever the
//! writer is doing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::apply::failed;
use crate::store::{Loaded, StoreError};

/// How many read at a time; on more, reads wait.
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

    /// Reads on a thread that may block, in one transaction: everything that
    /// `read` sees is of the same moment.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Loaded<T> {
        let this = Arc::clone(self);
        let _permit = self.permits.acquire().await.map_err(|_| StoreError::Closed)?;
        let work = move || {
            let mut connection = this.take().map_err(|error| failed(&error))?;
            let result = connection.transaction().and_then(|transaction| read(&transaction));
            this.put_back(connection);
            result.map_err(|error| failed(&error))
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn put_back(&self, connection: Connection) {
        if !self.permits.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(super::open::BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    /// Nobody reads any more.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
