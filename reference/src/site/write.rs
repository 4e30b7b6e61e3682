//! Writes a site to a folder.
//!
//! The folder has a list of the files of the site. Only files that differ are
//! written, listed files that are no longer part of the site are removed, and other
//! files are neither overwritten nor removed. A run that is killed leaves a complete
//! list, so that the next run can finish.

use std::collections::BTreeSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use zstack_codegen::write::{refuse_links, remove_empty_folders};

pub use zstack_codegen::write::WriteError;

use crate::site::Site;

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
/// written then. Or if a file cannot be read, written or removed.
pub fn write(folder: &Utf8Path, site: &Site) -> Result<WriteSummary, WriteError> {
    refuse_links(folder, [Utf8Path::new(LIST)], "site")?;
    let listed = listed_files(folder)?;
    refuse_links(folder, site.files.keys().chain(&listed).map(|key| &**key), "site")?;
    let compare = |(path, bytes): (&Utf8PathBuf, &Vec<u8>)| -> io::Result<(Utf8PathBuf, Option<bool>)> {
        let is_same = match fs_err::read(folder.join(path)) {
            Ok(found) => Some(found == *bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok((path.clone(), is_same))
    };
    let compared: Vec<_> = site.files.par_iter().map(compare).collect::<io::Result<_>>()?;
    let foreign = compared.iter().filter(|(path, is_same)| *is_same == Some(false) && !listed.contains(path));
    let foreign: Vec<_> = foreign.map(|(path, _)| path.clone()).collect();
    if !foreign.is_empty() {
        let remedy = "choose another folder";
        return Err(WriteError::Foreign { files: foreign, command: "site", remedy });
    }
    let stale: Vec<_> =
        compared.iter().filter(|(_, is_same)| *is_same != Some(true)).map(|(path, _)| path).collect();
    let orphans: Vec<_> = listed.iter().filter(|path| !site.files.contains_key(*path)).collect();
    let summary = WriteSummary {
        changed: stale.len(),
        unchanged: compared.len() - stale.len(),
        removed: orphans.len(),
    };
    let current: BTreeSet<_> = site.files.keys().cloned().collect();
    if current == listed && stale.is_empty() {
        return Ok(summary);
    }
    fs_err::create_dir_all(folder)?;
    // If this run is killed, old and new files stay listed.
    write_list(folder, &current.union(&listed).cloned().collect())?;
    let parents: BTreeSet<_> = stale.iter().filter_map(|path| path.parent()).collect();
    for parent in parents {
        fs_err::create_dir_all(folder.join(parent))?;
    }
    stale.par_iter().try_for_each(|path| fs_err::write(folder.join(path), &site.files[*path]))?;
    for path in orphans {
        match fs_err::remove_file(folder.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => remove_empty_folders(folder, path),
        }
    }
    write_list(folder, &current)?;
    Ok(summary)
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
