//! Opening a file: it must be ours, and ours alone.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use super::errors::{OpenError, explain, explain_io};
use super::inspect::{BUSY_TIMEOUT, inspect};
use super::lock::{Lock, private};
use super::migrate::{CLOSED, IN_USE, migrate};

/// An open file.
pub(super) struct Opened {
    /// The file, with no symbolic link in its path.
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    pub(super) lock: Lock,
}

/// Takes the file for this process alone, makes sure that it is ours and
/// whole, and brings it up to the newest schema.
pub(super) fn open(path: &Path, options: &Options) -> Result<Opened, OpenError> {
    claim(path).map_err(|error| explain_io(path, &error))?;
    // SQLite keeps the log beside the file that a symbolic link leads to.
    let path = path.canonicalize().map_err(|error| explain_io(path, &error))?;
    if !path.is_file() {
        return Err(OpenError::NotAFile { path });
    }
    let lock = Lock::take(&path)?;
    inspect(&path, options)?;
    let connection = ready(&path, options).map_err(|error| explain(&path, &error))?;
    Ok(Opened { path, connection, lock })
}

/// Creates the file if it does not exist, before SQLite does, so that only the
/// owner can read it: it has sessions, and what logs in.
fn claim(path: &Path) -> io::Result<()> {
    if path.try_exists()? { Ok(()) } else { private().open(path).map(drop) }
}

fn ready(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    let connection = connect(path, options)?;
    migrate(&connection)?;
    mark(&connection, IN_USE)?;
    // The mark must be in the file itself: it is for the case that the log is
    // missing.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?;
    Ok(connection)
}

/// Marks a file that is about to be closed, so that it needs no log.
pub(super) fn mark_closed(connection: &Connection) -> rusqlite::Result<()> {
    mark(connection, CLOSED)
}

fn mark(connection: &Connection, mark: i32) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", mark)
}

fn connect(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(connection)
}

/// What readers and the writer have in common.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    super::functions::register(connection)?;
    // A statement is planned once. Else it is planned anew whenever a value is
    // bound that is compared with an indexed column, which takes longer than
    // running it: a bundled SQLite has statistics on (STAT4), and looks in
    // them whether the value makes another plan better.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_planned_once_whatever_is_bound() {
        let connection = Connection::open_in_memory().unwrap();
        prepare(&connection).unwrap();
        migrate(&connection).unwrap();
        let sql = "SELECT uuid FROM cd_rom WHERE vm_instance_uuid = ?1 ORDER BY device_id";
        for vm in ["a", "b", "c"] {
            connection.prepare_cached(sql).unwrap().exists([vm]).unwrap();
        }
        let statement = connection.prepare_cached(sql).unwrap();
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        assert_eq!(statement.get_status(StatementStatus::Run), 3);
    }
}
