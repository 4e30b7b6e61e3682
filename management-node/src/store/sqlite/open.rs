//! Opening a file: it must be ours, and ours alone.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::Options;
use super::inspect::{CLOSED, IN_USE, inspect};
use super::lock::{Lock, private};

/// How long to wait for another program that has the file open.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// What made each version of the schema from the one before. The version of a
/// file is how many of these were run. Never edit one that was released.
const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
];

/// How much is written to find out whether a disk is full: more than a new
/// database needs.
const PROBE: usize = 1024 * 1024;

/// Why a file cannot be the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is not SQLite.
    #[error("{path} is not an SQLite database; choose another file with --database")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// It is a folder, a device or the like.
    #[error("{path} is not a regular file; choose another one with --database")]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// It is SQLite, but of another program.
    #[error(
        "{path} is the database of another program (application id {application_id}); choose another file with \
         --database"
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// The mark that was found.
        application_id: i32,
    },
    /// It was written by a newer release.
    #[error(
        "{path} has schema version {found}, and this release knows versions up to {known}; use a newer release; nothing \
         was changed"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version that was found.
        found: i32,
        /// The newest known version.
        known: i32,
    },
    /// Its version is one that no release writes.
    #[error(
        "{path} has schema version {found}, which no release writes (they are 1 to {known}): another program has changed \
         it; use a backup, or choose another file with --database; nothing was changed"
    )]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// The version that was found.
        found: i32,
        /// The newest known version.
        known: i32,
    },
    /// Another process has it open.
    #[error(
        "{path} is in use by another process; stop that one first, or choose another file with --database"
    )]
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
    /// The disk is full.
    #[error(
        "the disk of {path} is full, or the file has reached the size limit of the process (`ulimit -f`); free some \
         space and start again; nothing was changed"
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Its content is inconsistent.
    #[error(
        "{path} is damaged: {reason}; use a backup, or copy what can be read into a new file with `sqlite3 FILE .recover`; \
         nothing was changed"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// It was not closed, and the log that belongs to it is missing.
    #[error(
        "{path} was not closed when the last run ended, and its log {log} is missing: the last changes are lost unless \
         you put it back; if another program has opened the database since, it has taken the log into it, and nothing is \
         lost; start with --accept-missing-log to go on without it"
    )]
    MissingLog {
        /// The file.
        path: PathBuf,
        /// The file that is missing.
        log: PathBuf,
    },
    /// The disk reports an error.
    #[error("{path} cannot be read or written: {reason}; check the disk and the log of the system")]
    InputOutput {
        /// The file.
        path: PathBuf,
        /// What happened.
        reason: String,
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

pub(super) fn newest() -> i32 {
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
        transaction.pragma_update(None, "application_id", CLOSED)?;
        transaction.pragma_update(None, "user_version", target)?;
        transaction.commit()?;
    }
    Ok(())
}

pub(super) fn explain(path: &Path, error: &rusqlite::Error) -> OpenError {
    let reason = reason(error);
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            OpenError::Locked { path }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => OpenError::ReadOnly { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged { path, reason },
        Some(ErrorCode::DiskFull) => OpenError::Full { path },
        // On a full disk SQLite cannot create the files that it needs, either.
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) if is_full(&path) => {
            OpenError::Full { path }
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => OpenError::InputOutput { path, reason },
        _ => OpenError::Failed { path, reason },
    }
}

/// The message of an error, without the SQL that it is about.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    }
}

pub(super) fn explain_io(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly { path },
        io::ErrorKind::NotFound => OpenError::NoFolder { path },
        kind if means_full(kind) => OpenError::Full { path },
        _ => OpenError::InputOutput { path, reason: error.to_string() },
    }
}

/// Whether there is no room for another file in the folder of a database.
fn is_full(path: &Path) -> bool {
    let Some(folder) = path.parent() else { return false };
    let fill = || -> io::Result<()> {
        let mut file = tempfile::tempfile_in(folder)?;
        file.write_all(&vec![0; PROBE])?;
        file.sync_all()
    };
    fill().is_err_and(|error| means_full(error.kind()))
}

fn means_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

#[cfg(test)]
mod tests {
    use rusqlite::{StatementStatus, ffi};

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
    fn each_error_of_sqlite_has_a_text_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        for (code, opening, running) in [
            (ffi::SQLITE_FULL, "the disk of", "the disk of the store is full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "check the disk", "the disk of the store is full"),
            (ffi::SQLITE_IOERR_READ, "check the disk", "check the disk"),
            (ffi::SQLITE_CANTOPEN, "check the disk", "check the disk"),
            (ffi::SQLITE_READONLY, "check the permissions", "check its permissions"),
            (ffi::SQLITE_PERM, "check the permissions", "check its permissions"),
            (ffi::SQLITE_CORRUPT, "is damaged", "is damaged"),
            (ffi::SQLITE_NOTADB, "is not an SQLite database", "is damaged"),
            (ffi::SQLITE_BUSY, "in use by another process", "another program locks"),
            (ffi::SQLITE_LOCKED, "in use by another process", "another program locks"),
            (ffi::SQLITE_INTERRUPT, "cannot be opened", "longer than 10 s"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let said = explain(&path, &error).to_string();
            assert!(said.contains(opening) && said.contains("store.sqlite"), "{code}: {said}");
            let said = crate::store::sqlite::apply::failed(&error).to_string();
            assert!(said.contains(running), "{code}: {said}");
        }
        let error = Connection::open_in_memory().unwrap().prepare("SELECT absent").unwrap_err();
        assert_eq!(reason(&error), "no such column: absent");
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
