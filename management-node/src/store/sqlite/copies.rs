//! Copies of the whole database.

use std::path::Path;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::documents::Snapshot;
use super::errors::OpenError;
use super::pages::copy;
use super::writer::Task;
use super::{SqliteStore, StoreError, StoreResult};

impl SqliteStore {
    /// Creates a store in a temporary file, with the content of a copy that [`save_copy`](Self::save_copy)
    /// wrote.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be created.
    pub fn temporary_copy(source: &Path) -> Result<Self, OpenError> {
        Self::temporary_from(Some(source))
    }

    /// Writes a copy of the present state to a file, which exists and is empty. The copy has no guarantees in
    /// case of a power failure.
    ///
    /// # Errors
    ///
    /// When the database cannot be read, or the file cannot be written.
    pub async fn save_copy(&self, path: &Path) -> StoreResult<()> {
        let path = path.to_owned();
        let save = move |snapshot: &Snapshot<'_>| {
            let mut target = Connection::open(&path)?;
            target.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
            target.pragma_update(None, "synchronous", "OFF")?;
            copy(snapshot, &mut target)
        };
        self.readers.read_all(save).await
    }

    /// Replaces the content by a copy that [`save_copy`](Self::save_copy) wrote. Commits that are accepted
    /// later are based on that state.
    ///
    /// # Errors
    ///
    /// When the copy cannot be read, or the database cannot be written; it is unchanged then.
    pub async fn load_copy(&self, path: &Path) -> StoreResult<()> {
        let writer = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let writer = writer.ok_or(StoreError::Closed)?;
        let (answer, result) = oneshot::channel();
        writer.send(Task::Load(path.to_owned(), answer)).await.map_err(|_| StoreError::Closed)?;
        drop(writer);
        result.await.unwrap_or(Err(StoreError::Closed))
    }
}
