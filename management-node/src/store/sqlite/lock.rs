//! Locks, which make sure that a database file has one store at a time.
//!
//! | lock | detects another store |
//! |---|---|
//! | a list in this process | in this process, under any name |
//! | `flock` on the file `<database>.lock` | with the same folder and name |
//! | `flock` on the database (Linux) | under any name: symbolic link, hard link, another folder |
//! | SQLite's exclusive mode at the start ([`inspect`](super::inspect)) | under any name, on every system |
//!
//! On Linux, `flock` and the `fcntl` locks of SQLite are independent. On the BSDs
//! and macOS they conflict, and on Windows a locked file cannot be read, so there
//! only SQLite's own lock at the start is used.
//!
//! `fcntl` locks belong to a process, and end when it closes any descriptor of
//! the file. So a database is opened here before SQLite opens it and closed after
//! SQLite closes it, and never while a store of this process has it open.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::errors::{OpenError, explain_io};
use crate::store::StoreError;

/// The files that stores of this process have open.
static OPEN_FILES: Mutex<BTreeSet<FileId>> = Mutex::new(BTreeSet::new());

/// The identity of a file, independent of its names: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId(u64, u64);

impl FileId {
    /// Returns the identity of the file at a path; `None` on systems without inodes.
    pub(super) fn of(path: &Path) -> io::Result<Option<Self>> {
        let metadata = fs::metadata(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Ok(Some(Self(metadata.dev(), metadata.ino())))
        }
        #[cfg(not(unix))]
        {
            drop(metadata);
            Ok(None)
        }
    }
}

/// The locks of a store on its file.
pub(super) struct Lock {
    files: Vec<File>,
    id: Option<FileId>,
}

impl Lock {
    /// Acquires all locks on an existing file.
    pub(super) fn acquire(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: io::Error| explain_io(path, &error);
        let mut lock_path = path.as_os_str().to_owned();
        lock_path.push(".lock");
        let mut lock = Self { files: Vec::new(), id: None };
        lock.files.push(lock_file(path, private_file_options().open(&lock_path).map_err(failed)?)?);
        if let Some(id) = FileId::of(path).map_err(failed)? {
            if !open_files().insert(id) {
                return Err(OpenError::Locked { path: path.to_owned() });
            }
            lock.id = Some(id);
        }
        if cfg!(target_os = "linux") {
            let database = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
            lock.files.push(lock_file(path, database)?);
        }
        Ok(lock)
    }
}

impl Drop for Lock {
    /// Unlocks the files explicitly. Closing them is not enough: a child process
    /// that is being started shares them until it executes its program.
    fn drop(&mut self) {
        for file in &self.files {
            // After an error, closing the file still unlocks it.
            let _ = file.unlock();
        }
        self.files.clear();
        if let Some(id) = self.id {
            open_files().remove(&id);
        }
    }
}

fn open_files() -> MutexGuard<'static, BTreeSet<FileId>> {
    OPEN_FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lock_file(path: &Path, file: File) -> Result<File, OpenError> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(explain_io(path, &error)),
    }
}

/// Returns options that create a file for its owner only.
pub(super) fn private_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Returns the path of the write-ahead log of a database.
pub(super) fn log_path(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// A check that the files of a store are still at their paths.
///
/// A process can still write a file that was deleted or replaced, but that data is
/// lost. The check takes two system calls.
#[derive(Debug)]
pub(super) struct FileWatch {
    files: Vec<(PathBuf, FileId)>,
}

impl FileWatch {
    /// Creates a check of the database and its log, which must both exist.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for file in [path.to_owned(), log_path(path)] {
            if let Some(id) = FileId::of(&file)? {
                files.push((file, id));
            }
        }
        Ok(Self { files })
    }

    /// Fails if a file is missing.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.missing() {
            None => Ok(()),
            Some(file) => Err(StoreError::FileMissing { file: file.display().to_string() }),
        }
    }

    /// Returns the first path at which the file is missing or another one.
    pub(super) fn missing(&self) -> Option<&Path> {
        let differs =
            |(path, id): &&(PathBuf, FileId)| !matches!(FileId::of(path), Ok(Some(now)) if now == *id);
        self.files.iter().find(differs).map(|(path, _)| path.as_path())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    fn database() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        fs::write(&path, "").unwrap();
        fs::write(log_path(&path), "").unwrap();
        (folder, path)
    }

    #[test]
    fn locks_a_file_under_all_of_its_names() {
        let (folder, path) = database();
        let other = folder.path().join("other.sqlite");
        fs::hard_link(&path, &other).unwrap();
        let lock = Lock::acquire(&path).unwrap();
        for name in [&path, &other] {
            assert!(matches!(Lock::acquire(name), Err(OpenError::Locked { .. })), "{}", name.display());
        }
        drop(lock);
        drop(Lock::acquire(&other).unwrap());
        drop(Lock::acquire(&path).unwrap());
    }

    #[test]
    fn detects_deleted_and_replaced_files() {
        let (_folder, path) = database();
        let watch = FileWatch::new(&path).unwrap();
        assert_eq!(watch.missing(), None);
        for file in [path.clone(), log_path(&path)] {
            let moved = file.with_extension("moved");
            fs::rename(&file, &moved).unwrap();
            assert_eq!(watch.missing(), Some(file.as_path()));
            fs::write(&file, "").unwrap();
            assert_eq!(watch.missing(), Some(file.as_path()));
            fs::rename(&moved, &file).unwrap();
            assert_eq!(watch.missing(), None);
        }
    }
}
