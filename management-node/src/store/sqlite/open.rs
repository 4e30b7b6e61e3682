//! Opening of a database file, for this process only.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use super::errors::{OpenError, explain, explain_io};
use super::inspect::{BUSY_TIMEOUT, inspect};
use super::lock::{Lock, private_file_options};
use super::migrate::{CLOSED, IN_USE, migrate};

/// An open database.
pub(super) struct OpenDatabase {
    /// The path of the file, without symbolic links.
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    pub(super) lock: Lock,
}

/// Locks a file, checks it, and migrates it to the newest schema.
pub(super) fn open(path: &Path, options: &Options) -> Result<OpenDatabase, OpenError> {
    create_if_missing(path).map_err(|error| explain_io(path, &error))?;
    // SQLite creates the log in the folder to which a symbolic link leads.
    let path = path.canonicalize().map_err(|error| explain_io(path, &error))?;
    if !path.is_file() {
        return Err(OpenError::NotAFile { path });
    }
    let lock = Lock::acquire(&path)?;
    inspect(&path, options)?;
    let connection = connect_and_migrate(&path, options).map_err(|error| explain(&path, &error))?;
    Ok(OpenDatabase { path, connection, lock })
}

/// Opens a file in a folder of this process. It needs no checks, and as it is deleted in any case, its changes need
/// not reach the disk.
pub(super) fn open_temporary(path: &Path) -> Result<OpenDatabase, OpenError> {
    create_if_missing(path).map_err(|error| explain_io(path, &error))?;
    let path = path.canonicalize().map_err(|error| explain_io(path, &error))?;
    let lock = Lock::acquire(&path)?;
    let connect = || {
        let connection = connect_and_migrate(&path, &Options::default())?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        Ok(connection)
    };
    let connection = connect().map_err(|error| explain(&path, &error))?;
    Ok(OpenDatabase { path, connection, lock })
}

/// Creates the file, before SQLite does, so that only the owner can read it: it
/// contains sessions and passwords.
fn create_if_missing(path: &Path) -> io::Result<()> {
    if path.try_exists()? { Ok(()) } else { private_file_options().open(path).map(drop) }
}

fn connect_and_migrate(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    let connection = connect(path, options)?;
    migrate(&connection)?;
    set_mark(&connection, IN_USE)?;
    // Moves the mark from the log to the file, for the case that the log is lost.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?;
    Ok(connection)
}

/// Marks a file as closed, so that the next start accepts it without a log.
pub(super) fn mark_closed(connection: &Connection) -> rusqlite::Result<()> {
    set_mark(connection, CLOSED)
}

fn set_mark(connection: &Connection, mark: i32) -> rusqlite::Result<()> {
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

/// Sets up a connection of a reader or of the writer.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    super::functions::register(connection)?;
    // Plans each statement once. Otherwise SQLite plans it again for each value
    // that is compared with an indexed column, as the bundled build uses statistics
    // (STAT4), and that takes longer than running the statement.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn plans_a_statement_once() {
        let connection = Connection::open_in_memory().unwrap();
        prepare(&connection).unwrap();
        migrate(&connection).unwrap();
        let sql =
            "SELECT uuid FROM document WHERE base = 'VmCdRom' AND vmInstanceUuid = ?1 ORDER BY deviceId";
        for vm in ["a", "b", "c"] {
            connection.prepare_cached(sql).unwrap().exists([vm]).unwrap();
        }
        let statement = connection.prepare_cached(sql).unwrap();
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        assert_eq!(statement.get_status(StatementStatus::Run), 3);
    }
}
