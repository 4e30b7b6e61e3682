//! Sources of spec files: the file system, memory, or another implementation of [`Tree`].

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};

use camino::{Utf8Path, Utf8PathBuf};

/// A folder with files and folders. Paths are relative to it; the empty path is the folder itself.
///
/// Several threads use it at the same time.
pub trait Tree: Sync {
    /// The entries of a folder, in any order.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read, with a message for people. The kind is `NotFound` or
    /// `NotADirectory` if there is no such folder.
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>>;

    /// The contents of a file, if it has no more than `limit` bytes.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is too large.
    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError>;
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, without the folder.
    pub name: String,
    /// The kind of entry.
    pub kind: EntryKind,
}

/// The kind of an entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or another entry that can be read like one.
    File,
    /// A folder.
    Folder,
    /// Another entry that cannot be read, described in a few words.
    Other(&'static str),
}

/// A reason for which a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is larger than the limit.
    #[error("it has {0} bytes")]
    TooLarge(u64),
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A folder of the file system. It may be a symbolic link itself. Links in it are not followed, since
/// their targets may lie outside the folder and commits do not contain them.
#[derive(Clone, Debug)]
pub struct Folder(Utf8PathBuf);

impl Folder {
    /// Creates a tree for the folder at a path.
    pub fn new(path: impl Into<Utf8PathBuf>) -> Self {
        Self(path.into())
    }
}

const LINK: &str = "a symbolic link, which is not followed";

impl Tree for Folder {
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let entry = |entry: io::Result<camino::Utf8DirEntry>| {
            let entry = entry?;
            let ty = entry.file_type()?;
            let kind = match () {
                () if ty.is_symlink() => EntryKind::Other(LINK),
                () if ty.is_dir() => EntryKind::Folder,
                () => EntryKind::File,
            };
            Ok(Entry { name: entry.file_name().to_owned(), kind })
        };
        self.0.join(folder).read_dir_utf8()?.map(entry).collect()
    }

    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let path = self.0.join(file);
        let metadata = path.symlink_metadata()?;
        if metadata.is_symlink() {
            return Err(io::Error::other(LINK).into());
        }
        if !metadata.is_file() {
            // Reading a pipe could block.
            return Err(io::Error::other("not a regular file").into());
        }
        if metadata.len() > limit {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        // One more byte than the size, so that the first read finds the end.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |size| size + 1));
        // The file may have grown in the meantime.
        File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
        limit_size(bytes, limit)
    }
}

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<Utf8PathBuf, Vec<u8>>);

impl FromIterator<(Utf8PathBuf, Vec<u8>)> for Memory {
    /// The last one of several files with the same path is used.
    fn from_iter<T: IntoIterator<Item = (Utf8PathBuf, Vec<u8>)>>(files: T) -> Self {
        Self(files.into_iter().collect())
    }
}

impl Tree for Memory {
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let mut entries = BTreeMap::new();
        for path in self.0.keys().filter_map(|key| key.strip_prefix(folder).ok()) {
            let mut names = path.components();
            if let Some(name) = names.next() {
                let kind = if names.next().is_some() { EntryKind::Folder } else { EntryKind::File };
                entries.insert(name.as_str().to_owned(), kind);
            }
        }
        if entries.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(entries.into_iter().map(|(name, kind)| Entry { name, kind }).collect())
    }

    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.0.get(file).ok_or(io::ErrorKind::NotFound);
        limit_size(bytes.map_err(io::Error::from)?.clone(), limit)
    }
}

fn limit_size(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, ReadError> {
    let size = bytes.len() as u64;
    if size > limit { Err(ReadError::TooLarge(size)) } else { Ok(bytes) }
}
