//! Where the files of a spec are kept: on the disk, in memory, or wherever
//! else somebody can list and read them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};

use camino::{Utf8Path, Utf8PathBuf};

/// A folder of files, with folders in it. Paths are relative to it; the empty
/// one is the folder itself.
///
/// Several threads read at the same time.
pub trait Tree: Sync {
    /// The entries of a folder, in any order.
    ///
    /// # Errors
    ///
    /// What went wrong, for people; of the kind `NotFound` or `NotADirectory`
    /// if there is no such folder.
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>>;

    /// The contents of a file, if it has no more than `limit` bytes.
    ///
    /// # Errors
    ///
    /// What went wrong. A file that is too large is not read.
    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError>;
}

/// What stands in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the folder's.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or what is to be read like one.
    File,
    /// A folder.
    Folder,
    /// Neither, and nothing that could be read: what it is, in a few words.
    Other(&'static str),
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is larger than what was asked for.
    #[error("it has {0} bytes")]
    TooLarge(u64),
    /// It cannot be read at all.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A folder on the disk. It may be a symbolic link itself; links in it are not
/// followed, as they are not in a commit: what they lead to may lie elsewhere.
#[derive(Clone, Debug)]
pub struct Folder(Utf8PathBuf);

impl Folder {
    /// The folder at a path.
    pub fn new(path: impl Into<Utf8PathBuf>) -> Self {
        Self(path.into())
    }
}

const LINK: &str = "a symbolic link, which is not followed";

impl Tree for Folder {
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let entry = |it: io::Result<camino::Utf8DirEntry>| {
            let it = it?;
            let ty = it.file_type()?;
            let kind = match () {
                () if ty.is_symlink() => EntryKind::Other(LINK),
                () if ty.is_dir() => EntryKind::Folder,
                () => EntryKind::File,
            };
            Ok(Entry { name: it.file_name().to_owned(), kind })
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
            // A pipe would keep us waiting.
            return Err(io::Error::other("not a regular file").into());
        }
        if metadata.len() > limit {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        // Room for all of it and one more, so that its end is seen at once.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |it| it + 1));
        // It may have grown meanwhile.
        File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
        within(bytes, limit)
    }
}

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<Utf8PathBuf, Vec<u8>>);

impl FromIterator<(Utf8PathBuf, Vec<u8>)> for Memory {
    /// Of paths that are the same, the last one counts.
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
        within(bytes.map_err(io::Error::from)?.clone(), limit)
    }
}

fn within(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, ReadError> {
    let size = bytes.len() as u64;
    if size > limit { Err(ReadError::TooLarge(size)) } else { Ok(bytes) }
}
