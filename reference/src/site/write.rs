//! Writes a site to a folder.
//!
//! The folder has a list of the files of the site. Only files that differ are
//! written, listed files that are no longer part of the site are removed, and other
//! files are neither overwritten nor removed. A run that is killed leaves a complete
//! list, so that the next run can finish.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::write::{refuse_links, remove_empty_folders};

pub use zstack_codegen::write::WriteError;

use crate::site::Files;

/// The name of the file list, which has a path on each line.
pub const LIST: &str = ".site-files";

/// The numbers of files that a run wrote, kept and removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteSummary {
    /// Files that are new or differed.
    pub changed: usize,
    /// Files that were up to date.
    pub unchanged: usize,
    /// Files that were removed.
    pub removed: usize,
}

/// Writes a site to a folder.
///
/// # Errors
///
/// If a file that is not listed, or a symbolic link, is in the way; nothing is
/// written then. Or if a file cannot be rendered, read, written or removed.
pub fn write(folder: &Utf8Path, site: &impl Files) -> Result<WriteSummary, WriteError> {
    refuse_links(folder, [Utf8Path::new(LIST)], "site")?;
    let (listed, paths) = (listed_files(folder)?, site.paths());
    refuse_links(folder, paths.iter().chain(&listed).map(|path| &**path), "site")?;
    refuse_foreign(folder, site, paths.difference(&listed))?;
    if !paths.is_subset(&listed) {
        fs_err::create_dir_all(folder)?;
        // If this run is killed, old and new files stay listed.
        write_list(folder, &paths.union(&listed).cloned().collect())?;
    }
    let changed = AtomicUsize::new(0);
    site.for_each(&|path, bytes| {
        let file = folder.join(path);
        if !is_same(&file, bytes)?.unwrap_or(false) {
            changed.fetch_add(1, Ordering::Relaxed);
            file.parent().map_or(Ok(()), fs_err::create_dir_all)?;
            fs_err::write(file, bytes)?;
        }
        Ok(())
    })?;
    let orphans: Vec<_> = listed.difference(&paths).collect();
    for path in &orphans {
        match fs_err::remove_file(folder.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => remove_empty_folders(folder, path),
        }
    }
    if paths != listed {
        write_list(folder, &paths)?;
    }
    let changed = changed.into_inner();
    Ok(WriteSummary { changed, unchanged: paths.len() - changed, removed: orphans.len() })
}

/// Returns an error if files of the site that are not listed exist with other contents.
fn refuse_foreign<'p>(
    folder: &Utf8Path,
    site: &impl Files,
    unlisted: impl Iterator<Item = &'p Utf8PathBuf>,
) -> Result<(), WriteError> {
    let existing: BTreeSet<&Utf8Path> =
        unlisted.map(|path| &**path).filter(|path| folder.join(path).exists()).collect();
    if existing.is_empty() {
        return Ok(());
    }
    let foreign = Mutex::new(BTreeSet::new());
    site.for_each(&|path, bytes| {
        if existing.contains(path) && is_same(&folder.join(path), bytes)? == Some(false) {
            foreign.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        }
        Ok(())
    })?;
    let files: Vec<_> = foreign.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect();
    let remedy = "choose another folder";
    if files.is_empty() { Ok(()) } else { Err(WriteError::Foreign { files, command: "site", remedy }) }
}

/// Returns whether a file has these contents; `None` if there is no such file.
fn is_same(file: &Utf8Path, bytes: &[u8]) -> io::Result<Option<bool>> {
    match fs_err::read(file) {
        Ok(found) => Ok(Some(found == bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The files on the list, without paths that lead out of the folder.
fn listed_files(folder: &Utf8Path) -> io::Result<BTreeSet<Utf8PathBuf>> {
    let text = match fs_err::read_to_string(folder.join(LIST)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    let is_below = |path: &Utf8PathBuf| {
        path.components().all(|component| matches!(component, camino::Utf8Component::Normal(_)))
            && !path.as_str().is_empty()
    };
    Ok(text.lines().map(Utf8PathBuf::from).filter(is_below).collect())
}

fn write_list(folder: &Utf8Path, files: &BTreeSet<Utf8PathBuf>) -> io::Result<()> {
    let lines: String = files.iter().map(|file| format!("{file}\n")).collect();
    fs_err::write(folder.join(LIST), lines)
}
