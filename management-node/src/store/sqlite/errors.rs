//! Conversion of errors of SQLite and of the file system to messages for the
//! operator.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use crate::store::StoreError;

/// The size of a file that is written to test whether a disk is full, in bytes:
/// more than a new database needs.
const PROBE_BYTES: usize = 1024 * 1024;

/// An error of opening a database file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file is not an SQLite database.
    #[error("{path} is not an SQLite database; choose another file with --database")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The path is a folder, a device or the like.
    #[error("{path} is not a regular file; choose another file with --database")]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SQLite database of another program.
    #[error(
        "{path} is the database of another program (application id {application_id}); choose another file with \
         --database"
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// The application id of the file.
        application_id: i32,
    },
    /// A newer release wrote the file.
    #[error(
        "{path} has schema version {found}, but this release of zstack-node supports versions up to {known}; use a newer \
         release; nothing was changed"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: i32,
        /// The newest supported version.
        known: i32,
    },
    /// The schema version of the file is invalid.
    #[error(
        "{path} has schema version {found}, but valid versions are 1 to {known}, so another program has changed it; use a \
         backup, or choose another file with --database; nothing was changed"
    )]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: i32,
        /// The newest supported version.
        known: i32,
    },
    /// Another process has the file open.
    #[error("{path} is in use by another process; stop that process, or choose another file with --database")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("{path} cannot be written; check the permissions of the file and of its folder")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The folder of the file does not exist.
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
    /// The content of the file is inconsistent.
    #[error(
        "{path} is damaged: {reason}; use a backup, or copy what can be read into a new file with `sqlite3 FILE .recover`; \
         nothing was changed"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The findings.
        reason: String,
    },
    /// The last run did not close the file, and its log is missing.
    #[error(
        "the last run did not close {path}, and its log {log} is missing, so the last changes may be lost; restore the \
         log, or start with --accept-missing-log to continue without it; nothing is lost if another program has opened \
         the database since, because it has then merged the log into the database"
    )]
    MissingLog {
        /// The file.
        path: PathBuf,
        /// The path of the log.
        log: PathBuf,
    },
    /// The disk reports an error.
    #[error("{path} cannot be read or written: {reason}; check the disk and the log of the system")]
    InputOutput {
        /// The file.
        path: PathBuf,
        /// The message of the system.
        reason: String,
    },
    /// Another failure.
    #[error("{path} cannot be opened: {reason}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// The message of SQLite or of the system.
        reason: String,
    },
}

/// Converts an error of SQLite to an error of opening a file.
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
        // On a full disk, SQLite cannot create the other files that it needs.
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) if is_full(&path) => {
            OpenError::Full { path }
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => OpenError::InputOutput { path, reason },
        _ => OpenError::Failed { path, reason },
    }
}

/// Returns the message of an error, without the SQL statement.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    }
}

/// Converts an error of the file system to an error of opening a file.
pub(super) fn explain_io(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly { path },
        io::ErrorKind::NotFound => OpenError::NoFolder { path },
        kind if means_full(kind) => OpenError::Full { path },
        _ => OpenError::InputOutput { path, reason: error.to_string() },
    }
}

/// Returns true if the folder of a database has no space for another file.
fn is_full(path: &Path) -> bool {
    let Some(folder) = path.parent() else { return false };
    let fill = || -> io::Result<()> {
        let mut file = tempfile::tempfile_in(folder)?;
        file.write_all(&vec![0; PROBE_BYTES])?;
        file.sync_all()
    };
    fill().is_err_and(|error| means_full(error.kind()))
}

fn means_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

/// Converts an error of SQLite that does not depend on particular changes.
pub(super) fn store_error(error: &rusqlite::Error) -> StoreError {
    let reason = reason(error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        // The file that readers and the writer share in memory cannot grow.
        Some(ErrorCode::SystemIoFailure)
            if error.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHMSIZE) =>
        {
            StoreError::Full
        }
        Some(ErrorCode::OperationInterrupted) => StoreError::TooSlow,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Failed(format!(
            "{reason}: another program has locked the database file; stop it, and try again"
        )),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::Failed(format!(
            "{reason}: the database file cannot be written; check its permissions and those of its folder"
        )),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Failed(format!(
            "{reason}: the database file is damaged; stop the node and use a backup"
        )),
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
            StoreError::Failed(format!("{reason}: check the disk and the log of the system"))
        }
        _ => StoreError::Failed(reason),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn describes_each_error_of_sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        for (code, opening, running) in [
            (ffi::SQLITE_FULL, "the disk of", "the disk of the database is full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "check the disk", "the disk of the database is full"),
            (ffi::SQLITE_IOERR_READ, "check the disk", "check the disk"),
            (ffi::SQLITE_CANTOPEN, "check the disk", "check the disk"),
            (ffi::SQLITE_READONLY, "check the permissions", "check its permissions"),
            (ffi::SQLITE_PERM, "check the permissions", "check its permissions"),
            (ffi::SQLITE_CORRUPT, "is damaged", "is damaged"),
            (ffi::SQLITE_NOTADB, "is not an SQLite database", "is damaged"),
            (ffi::SQLITE_BUSY, "in use by another process", "another program has locked"),
            (ffi::SQLITE_LOCKED, "in use by another process", "another program has locked"),
            (ffi::SQLITE_INTERRUPT, "cannot be opened", "longer than 10 s"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let message = explain(&path, &error).to_string();
            assert!(message.contains(opening) && message.contains("store.sqlite"), "{code}: {message}");
            let message = store_error(&error).to_string();
            assert!(message.contains(running), "{code}: {message}");
        }
        let error = Connection::open_in_memory().unwrap().prepare("SELECT absent").unwrap_err();
        assert_eq!(reason(&error), "no such column: absent");
    }
}
