//! The files of a commit, from which a spec can be loaded.

use std::collections::HashMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::{Entry, EntryKind, ReadError, Tree};

use super::objects::{self, Contents, ObjectReader, TreeEntry};

/// A folder of a commit, with the contents of its files.
#[derive(Debug, Default)]
pub(super) struct CommitTree {
    folders: HashMap<Utf8PathBuf, Vec<TreeEntry>>,
    files: HashMap<Utf8PathBuf, Contents>,
}

impl CommitTree {
    /// Reads the git tree `root` with all folders and files in it.
    pub(super) fn read(objects: &mut ObjectReader, root: &str) -> Result<Self, objects::ReadError> {
        let mut folders = HashMap::new();
        let mut files: Vec<(Utf8PathBuf, String)> = Vec::new();
        walk(objects, root, |folder, entries| {
            let is_file = |entry: &&TreeEntry| entry.kind == objects::EntryKind::File;
            for entry in entries.iter().filter(is_file) {
                if let Ok(name) = str::from_utf8(&entry.name) {
                    files.push((folder.join(name), entry.id.clone()));
                }
            }
            folders.insert(folder, entries);
        })?;
        let ids: Vec<&str> = files.iter().map(|(_, id)| id.as_str()).collect();
        let contents = objects.files(&ids)?;
        let files = files.into_iter().map(|(path, _)| path).zip(contents).collect();
        Ok(Self { folders, files })
    }
}

impl Tree for CommitTree {
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let entries = self.folders.get(folder).ok_or(io::ErrorKind::NotFound)?;
        entries.iter().map(|entry| Ok(Entry { name: name(entry)?, kind: kind(entry) })).collect()
    }

    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let contents = self.files.get(file).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        match contents {
            Contents::TooLarge(size) => Err(ReadError::TooLarge(*size)),
            Contents::Bytes(bytes) if bytes.len() as u64 > limit => {
                Err(ReadError::TooLarge(bytes.len() as u64))
            }
            Contents::Bytes(bytes) => Ok(bytes.to_vec()),
        }
    }
}

/// Visits a folder and the folders in it, with their entries. Folders with names that are not UTF-8 are
/// skipped.
pub(super) fn walk(
    objects: &mut ObjectReader,
    root: &str,
    mut visit: impl FnMut(Utf8PathBuf, Vec<TreeEntry>),
) -> Result<(), objects::ReadError> {
    let mut level = vec![(Utf8PathBuf::new(), root.to_owned())];
    while !level.is_empty() {
        let ids: Vec<&str> = level.iter().map(|(_, id)| id.as_str()).collect();
        let trees = objects.trees(&ids)?;
        let mut next = Vec::new();
        for ((folder, _), entries) in level.into_iter().zip(trees) {
            for entry in entries.iter().filter(|entry| entry.kind == objects::EntryKind::Folder) {
                if let Ok(name) = str::from_utf8(&entry.name) {
                    next.push((folder.join(name), entry.id.clone()));
                }
            }
            visit(folder, entries);
        }
        level = next;
    }
    Ok(())
}

fn name(entry: &TreeEntry) -> io::Result<String> {
    String::from_utf8(entry.name.clone()).map_err(|error| {
        let shown = String::from_utf8_lossy(error.as_bytes()).escape_debug().to_string();
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it contains the name `{shown}`, which is not UTF-8"),
        )
    })
}

/// Converts the kind of an entry for the loader. The target of a link may be outside the commit; the
/// files of a submodule always are.
pub(super) fn kind(entry: &TreeEntry) -> EntryKind {
    match entry.kind {
        objects::EntryKind::Folder => EntryKind::Folder,
        objects::EntryKind::File => EntryKind::File,
        objects::EntryKind::Link => {
            EntryKind::Other("a symbolic link, which `diff` does not follow in a commit")
        }
        objects::EntryKind::Submodule => {
            EntryKind::Other("a submodule, whose files are in another repository")
        }
        objects::EntryKind::Unknown => EntryKind::Other("neither a file nor a folder"),
    }
}
