//! Copying of a database, page by page.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::StoreResult;
use super::errors::store_error;

/// Replaces the content of the connection of the writer.
pub(super) fn load_copy(path: &Path, connection: &mut Connection) -> StoreResult<()> {
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    source.and_then(|source| copy(&source, connection)).map_err(|error| store_error(&error))
}

/// Replaces the content of a database by that of another one.
pub(super) fn copy(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    match Backup::new(source, target)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            Some("another connection uses the database".to_owned()),
        )),
    }
}
