//! Writing a site, safely.
//!
//! The folder has a list of what is ours. Only what differs is written, what is
//! on the list and no page any more is removed, and a file that is not on it is
//! neither overwritten nor removed. A run that is killed leaves files on the
//! list, so that the next one does the rest.

use std::collections::BTreeSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use zstack_codegen::write::{refuse_links, remove_empty_folders};

pub use zstack_codegen::write::WriteError;

use crate::site::Site;

/// The list of what is ours, a path on each line.
pub const LIST: &str = ".site-files";

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or differ.
    pub changed: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Files that are gone.
    pub removed: usize,
}

/// Makes a folder hold a site.
///
/// # Errors
///
/// When a file that is not ours or a symbolic link is in the way: then all of
/// those are named and nothing is written. Or when a file cannot be read, written
/// or removed.
pub fn write(folder: &Utf8Path, site: &Site) -> Result<Written, WriteError> {
    refuse_links(folder, [Utf8Path::new(LIST)], "site")?;
    let ours = ours(folder)?;
    refuse_links(folder, site.files.keys().chain(&ours).map(|key| &**key), "site")?;
    let compare = |(path, bytes): (&Utf8PathBuf, &Vec<u8>)| -> io::Result<(Utf8PathBuf, Option<bool>)> {
        let is_same = match fs_err::read(folder.join(path)) {
            Ok(found) => Some(found == *bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok((path.clone(), is_same))
    };
    let compared: Vec<_> = site.files.par_iter().map(compare).collect::<io::Result<_>>()?;
    let foreign = compared.iter().filter(|(path, is_same)| *is_same == Some(false) && !ours.contains(path));
    let foreign: Vec<_> = foreign.map(|(path, _)| path.clone()).collect();
    if !foreign.is_empty() {
        let remedy = "choose another folder";
        return Err(WriteError::Foreign { files: foreign, command: "site", remedy });
    }
    let stale: Vec<_> = compared.iter().filter(|(_, it)| *it != Some(true)).map(|(path, _)| path).collect();
    let orphans: Vec<_> = ours.iter().filter(|our| !site.files.contains_key(*our)).collect();
    let written =
        Written { changed: stale.len(), unchanged: compared.len() - stale.len(), removed: orphans.len() };
    let now: BTreeSet<_> = site.files.keys().cloned().collect();
    if now == ours && stale.is_empty() {
        return Ok(written);
    }
    fs_err::create_dir_all(folder)?;
    // Whatever happens, what was and what will be is ours.
    list(folder, &now.union(&ours).cloned().collect())?;
    let folders: BTreeSet<_> = stale.iter().filter_map(|stale| stale.parent()).collect();
    for it in folders {
        fs_err::create_dir_all(folder.join(it))?;
    }
    stale.par_iter().try_for_each(|path| fs_err::write(folder.join(path), &site.files[*path]))?;
    for path in orphans {
        match fs_err::remove_file(folder.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => remove_empty_folders(folder, path),
        }
    }
    list(folder, &now)?;
    Ok(written)
}

/// What is on the list. A path that leads out of the folder is none of ours.
fn ours(folder: &Utf8Path) -> io::Result<BTreeSet<Utf8PathBuf>> {
    let text = match fs_err::read_to_string(folder.join(LIST)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    let is_below = |it: &Utf8PathBuf| {
        it.components().all(|component| matches!(component, camino::Utf8Component::Normal(_)))
            && !it.as_str().is_empty()
    };
    Ok(text.lines().map(Utf8PathBuf::from).filter(is_below).collect())
}

fn list(folder: &Utf8Path, files: &BTreeSet<Utf8PathBuf>) -> io::Result<()> {
    let lines: String = files.iter().map(|file| format!("{file}\n")).collect();
    fs_err::write(folder.join(LIST), lines)
}
