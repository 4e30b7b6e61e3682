//! The files of a commit, as a tree to load a spec from.

use std::io;
use std::sync::{Mutex, PoisonError};

use camino::Utf8Path;
use git2::{ObjectType, Oid, Repository};
use zstack_model::load::{Entry, EntryKind, ReadError, Tree};

/// The mode of a symbolic link.
const LINK: i32 = 0o120_000;

/// A folder of a commit, read from git's objects.
pub(super) struct CommitTree {
    /// One of its own: one thread at a time may use it.
    repository: Mutex<Repository>,
    root: Oid,
}

impl CommitTree {
    /// The folder of which `root` is git's tree.
    pub(super) fn open(repository: &Repository, root: Oid) -> Result<Self, git2::Error> {
        Ok(Self { repository: Mutex::new(Repository::open(repository.path())?), root })
    }

    fn with<T, E>(&self, run: impl FnOnce(&Repository, git2::Tree<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<io::Error>,
    {
        // Nothing is changed, so that a thread that panics leaves nothing half done.
        let repository = self.repository.lock().unwrap_or_else(PoisonError::into_inner);
        let root = repository.find_tree(self.root).map_err(convert)?;
        run(&repository, root)
    }
}

impl Tree for CommitTree {
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.with(|repository, root| {
            let tree = if folder == "" {
                root
            } else {
                let id = root.get_path(folder.as_std_path()).map_err(convert)?.id();
                repository.find_tree(id).map_err(convert)?
            };
            tree.iter().map(|it| Ok(Entry { name: name(&it)?, kind: kind(&it) })).collect()
        })
    }

    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.with(|repository, root| {
            let id = root.get_path(file.as_std_path()).map_err(convert)?.id();
            let (size, _) = repository.odb().and_then(|it| it.read_header(id)).map_err(convert)?;
            if size as u64 > limit {
                return Err(ReadError::TooLarge(size as u64));
            }
            Ok(repository.find_blob(id).map_err(convert)?.content().to_vec())
        })
    }
}

fn name(entry: &git2::TreeEntry<'_>) -> io::Result<String> {
    let not_utf8 = || {
        let shown = String::from_utf8_lossy(entry.name_bytes()).escape_debug().to_string();
        io::Error::new(io::ErrorKind::InvalidData, format!("the name `{shown}` in it is not UTF-8"))
    };
    entry.name().map(str::to_owned).map_err(|_| not_utf8())
}

/// What an entry is. What a link leads to may lie outside of the commit, and
/// what is in a submodule always does.
pub(super) fn kind(entry: &git2::TreeEntry<'_>) -> EntryKind {
    match entry.kind() {
        Some(ObjectType::Tree) => EntryKind::Folder,
        Some(ObjectType::Blob) if entry.filemode() == LINK => {
            EntryKind::Other("a symbolic link, which is not followed in a commit")
        }
        Some(ObjectType::Blob) => EntryKind::File,
        Some(ObjectType::Commit) => EntryKind::Other("a submodule, whose files the commit does not have"),
        _ => EntryKind::Other("neither a file nor a folder"),
    }
}

fn convert(error: git2::Error) -> io::Error {
    let kind = match error.code() {
        git2::ErrorCode::NotFound => io::ErrorKind::NotFound,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error.message().to_owned())
}
