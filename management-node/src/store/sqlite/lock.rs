//! Locks: a database file has one store at a time, under whatever name.
//!
//! | lock | finds another store |
//! |---|---|
//! | a list in this process | of this process, by any name |
//! | `flock` on a file beside the database | of the same folder and name |
//! | `flock` on the database (Linux) | by any name: symbolic link, hard link, another folder |
//! | SQLite's exclusive mode at the start ([`inspect`](super::inspect)) | by any name, on every system |
//!
//! On Linux `flock` and the `fcntl` locks of SQLite do not see each other. On
//! the BSDs and macOS they do, and on Windows a locked file cannot be read:
//! there SQLite's own lock at the start has to do.
//!
//! `fcntl` locks belong to a process, and end when it closes any descriptor of
//! the file. So a database is opened here before SQLite opens it and closed
//! after SQLite closes it, and never while a store of this process has it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::errors::{OpenError, explain_io};
use crate::store::StoreError;

/// The files that stores of this process have.
static HELD: Mutex<BTreeSet<FileId>> = Mutex::new(BTreeSet::new());

/// The identity of a file, whatever its names: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId(u64, u64);

impl FileId {
    /// The identity of the file at a path; `None` where the system has none.
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

/// All locks of a store on its file.
pub(super) struct Lock {
    files: Vec<File>,
    held: Option<FileId>,
}

impl Lock {
    /// Takes all locks on a file that exists.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: io::Error| explain_io(path, &error);
        let mut beside = path.as_os_str().to_owned();
        beside.push(".lock");
        let mut lock = Self { files: Vec::new(), held: None };
        lock.files.push(exclusive(path, private().open(&beside).map_err(failed)?)?);
        if let Some(id) = FileId::of(path).map_err(failed)? {
            if !held().insert(id) {
                return Err(OpenError::Locked { path: path.to_owned() });
            }
            lock.held = Some(id);
        }
        if cfg!(target_os = "linux") {
            let database = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
            lock.files.push(exclusive(path, database)?);
        }
        Ok(lock)
    }
}

impl Drop for Lock {
    /// Closing the files would do, were they open here alone. But a process
    /// that is being started has what its parent has, until it runs its own
    /// program.
    fn drop(&mut self) {
        for file in &self.files {
            // Nothing to be done about an error; closing the file is what remains.
            let _ = file.unlock();
        }
        self.files.clear();
        if let Some(id) = self.held {
            held().remove(&id);
        }
    }
}

fn held() -> MutexGuard<'static, BTreeSet<FileId>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn exclusive(path: &Path, file: File) -> Result<File, OpenError> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(explain_io(path, &error)),
    }
}

/// How to create a file for the owner alone.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The write-ahead log of a database.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// Finds out whether the files of a store are still where they were opened.
///
/// A file that was deleted or replaced can still be written by whoever has it
/// open, and what is written is lost. Looking takes two system calls.
#[derive(Debug)]
pub(super) struct Watch {
    files: Vec<(PathBuf, FileId)>,
}

impl Watch {
    /// Watches the database and its log, which both exist.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for file in [path.to_owned(), log_of(path)] {
            if let Some(id) = FileId::of(&file)? {
                files.push((file, id));
            }
        }
        Ok(Self { files })
    }

    /// Checks that every file is where it was opened.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.missing() {
            None => Ok(()),
            Some(file) => Err(StoreError::FileMissing { file: file.display().to_string() }),
        }
    }

    /// The first file that is not there any more, or is another one.
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
        fs::write(log_of(&path), "").unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_has_one_lock_under_all_of_its_names() {
        let (folder, path) = database();
        let other = folder.path().join("other.sqlite");
        fs::hard_link(&path, &other).unwrap();
        let lock = Lock::take(&path).unwrap();
        for name in [&path, &other] {
            assert!(matches!(Lock::take(name), Err(OpenError::Locked { .. })), "{}", name.display());
        }
        drop(lock);
        drop(Lock::take(&other).unwrap());
        drop(Lock::take(&path).unwrap());
    }

    #[test]
    fn a_file_that_goes_or_is_replaced_is_missing() {
        let (_folder, path) = database();
        let watch = Watch::new(&path).unwrap();
        assert_eq!(watch.missing(), None);
        for file in [path.clone(), log_of(&path)] {
            let kept = file.with_extension("kept");
            fs::rename(&file, &kept).unwrap();
            assert_eq!(watch.missing(), Some(file.as_path()));
            fs::write(&file, "").unwrap();
            assert_eq!(watch.missing(), Some(file.as_path()));
            fs::rename(&kept, &file).unwrap();
            assert_eq!(watch.missing(), None);
        }
    }
}
