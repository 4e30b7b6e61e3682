//! Errors of SQLite and of the file system, in words for the operator.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use crate::store::StoreError;

/// How much is written to find out whether a disk is full: more than a new
/// database needs.
const PROBE: usize = 1024 * 1024;

/// The reason why a file cannot be the store.
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

/// The reason why the file cannot be opened, by an error of SQLite.
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

/// The reason why the file cannot be opened, by an error of the file system.
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

/// An error that says nothing about the changes.
pub(super) fn failed(error: &rusqlite::Error) -> StoreError {
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
            "{reason}: another program locks the database file; end it, and call again"
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
            let said = failed(&error).to_string();
            assert!(said.contains(running), "{code}: {said}");
        }
        let error = Connection::open_in_memory().unwrap().prepare("SELECT absent").unwrap_err();
        assert_eq!(reason(&error), "no such column: absent");
    }
}
