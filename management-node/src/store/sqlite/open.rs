//! Opening a file: it must be ours, and ours alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::Options;

/// How long to wait for another program that has the file open.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Marks the files of this program: "zsnd" in ASCII.
const APPLICATION_ID: i32 = 0x7a73_6e64;

/// What made each version of the schema from the one before. The version of a
/// file is how many of these were run. Never edit one that was released.
const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];

/// Why a file cannot be the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is not SQLite.
    #[error("{path} is no database; choose another file with --database")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// It is SQLite, but of another program.
    #[error(
        "{path} is the database of another program (application id {application_id}); choose another file"
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// The mark that was found.
        application_id: i32,
    },
    /// It was written by a newer release.
    #[error("{path} has schema version {found}, and this release knows up to {known}; use a newer release")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version that was found.
        found: i32,
        /// The newest known version.
        known: i32,
    },
    /// Somebody else has it.
    #[error("{path} is in use by another process; stop that one first, or choose another file")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("{path} cannot be written; check the permissions of the file and of its folder")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Its folder does not exist.
    #[error("the folder of {path} does not exist; create it first")]
    NoFolder {
        /// The file.
        path: PathBuf,
    },
    /// There is no room.
    #[error("the disk of {path} is full; make room, nothing was changed")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Something else.
    #[error("{path} cannot be opened: {reason}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What happened.
        reason: String,
    },
}

/// Takes the file for this process alone, makes sure that it is ours, and
/// brings it up to the newest schema.
pub(super) fn open(path: &Path, options: &Options) -> Result<(Connection, Lock), OpenError> {
    let lock = Lock::take(path)?;
    claim(path).map_err(|error| explain_io(path, &error))?;
    let connection = connect(path, options).map_err(|error| explain(path, &error))?;
    if connection.is_readonly("main").map_err(|error| explain(path, &error))? {
        return Err(OpenError::ReadOnly { path: path.to_owned() });
    }
    check_owner(&connection, path)?;
    migrate(&connection).map_err(|error| explain(path, &error))?;
    Ok((connection, lock))
}

/// An advisory lock on a file beside the database. Not on the database itself:
/// closing any handle of that one would drop the locks that SQLite has on it.
pub(super) struct Lock(File);

impl Lock {
    fn take(path: &Path) -> Result<Self, OpenError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".lock");
        let file = private().open(&beside).map_err(|error| explain_io(path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(explain_io(path, &error)),
        }
    }
}

impl Drop for Lock {
    /// Closing the file would do, were it open here alone. But a process that is
    /// being started has what its parent has, until it runs its own program.
    fn drop(&mut self) {
        // Nothing to be done about an error; closing the file is what remains.
        let _ = self.0.unlock();
    }
}

/// Creates the file if it does not exist, before SQLite does, so that nobody
/// else can read it: it holds sessions, and what logs in.
fn claim(path: &Path) -> io::Result<()> {
    if path.try_exists()? { Ok(()) } else { private().open(path).map(drop) }
}

/// How to create a file for the owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
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

fn check_owner(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let read = || -> rusqlite::Result<(i32, i32, bool)> {
        let untouched = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
        Ok((
            number("application_id")?,
            number("user_version")?,
            connection.query_one(untouched, (), |row| row.get(0))?,
        ))
    };
    let (application_id, version, untouched) = read().map_err(|error| explain(path, &error))?;
    let known = newest();
    if application_id == APPLICATION_ID && version > known {
        return Err(OpenError::Newer { path: path.to_owned(), found: version, known });
    }
    if application_id == APPLICATION_ID || (application_id == 0 && version == 0 && untouched) {
        return Ok(());
    }
    Err(OpenError::NotOurs { path: path.to_owned(), application_id })
}

fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

pub(super) fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // The log is synced at every commit: what was answered outlasts a loss of
    // power, not only a crash.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (target, migration) in (1..).zip(MIGRATIONS).filter(|(target, _)| *target > version) {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", target)?;
        transaction.commit()?;
    }
    Ok(())
}

fn explain(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Locked { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => OpenError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => OpenError::Full { path },
        _ => OpenError::Failed { path, reason: error.to_string() },
    }
}

fn explain_io(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly { path },
        io::ErrorKind::NotFound => OpenError::NoFolder { path },
        io::ErrorKind::StorageFull => OpenError::Full { path },
        _ => OpenError::Failed { path, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn images_of_an_older_file_have_what_later_ones_have() {
        let connection = Connection::open_in_memory().unwrap();
        prepare(&connection).unwrap();
        for migration in &MIGRATIONS[..2] {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", 2).unwrap();
        for platform in ["Linux", "WindowsVirtio"] {
            let sql = "INSERT INTO image SELECT ?1, 'x', NULL, uuid, 0, 'ISO', 'iso', ?1, 'x86_64', NULL, 1, 1, 'Enabled', \
                 'Ready', 0, 0, 0 FROM account";
            connection.execute(sql, [platform]).unwrap();
        }
        migrate(&connection).unwrap();
        let image = |uuid| crate::store::sqlite::load::image(&connection, uuid).unwrap().unwrap().info;
        let (linux, windows) = (image("Linux"), image("WindowsVirtio"));
        assert_eq!((linux.virtio, linux.system, linux.url), (false, false, None));
        assert_eq!((windows.virtio, windows.system, windows.url), (true, false, None));
    }

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
