//! Writing generated files, safely.
//!
//! Everything is compared before anything is written. What is equal, but for the
//! ends of lines, is not touched, what we own and no longer generate is removed, and a file without
//! our marker is never overwritten or removed. A file is replaced whole: a
//! process that is killed half-way leaves each file as it was or as it should
//! be, and the next run does the rest.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read as _, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::emit::GeneratedFile;

/// What [`plan`] found: what has to change.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files to write: new ones, and ones whose text differs.
    pub stale: Vec<GeneratedFile>,
    /// Files to remove: ours, and not generated any more.
    pub orphans: Vec<Utf8PathBuf>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.orphans.is_empty()
    }
}

/// Why nothing was written, or not all.
#[derive(Debug)]
pub enum WriteError {
    /// Files that are in the way and are not ours.
    Foreign {
        /// The files, below the folder that is written to.
        files: Vec<Utf8PathBuf>,
        /// The command that would have written them: `regen`.
        command: &'static str,
        /// What else can be done than to move them away.
        remedy: &'static str,
    },
    /// Symbolic links where files or folders are to be written: what they lead to
    /// may lie elsewhere.
    Links {
        /// The links, below the folder that is written to.
        links: Vec<Utf8PathBuf>,
        /// The command that would have written through them: `regen`.
        command: &'static str,
    },
    /// A file could not be read, written or removed. The text names it.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign { files, command, remedy } => {
                writeln!(f, "these files are in the way, and `cargo xtask {command}` did not write them:")?;
                for file in files {
                    writeln!(f, "  {file}")?;
                }
                write!(f, "move them away, or {remedy}; nothing was written")
            }
            Self::Links { links, command } => {
                writeln!(
                    f,
                    "these are symbolic links, and `cargo xtask {command}` does not write through links:"
                )?;
                for link in links {
                    writeln!(f, "  {link}")?;
                }
                write!(f, "put files and folders in their places; nothing was written")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Compares what is on disk below `root` with what should be there. `folders`
/// are those whose marked files are all ours.
///
/// # Errors
///
/// When a file cannot be read, or a file that is not ours is in the way: then
/// all of those are named.
pub fn plan(root: &Utf8Path, files: Vec<GeneratedFile>, folders: &[&str]) -> Result<Plan, WriteError> {
    let paths = files.iter().map(|file| &*file.path).chain(folders.iter().map(Utf8Path::new));
    refuse_links(root, paths, "regen")?;
    let mut orphans = Vec::new();
    for folder in folders {
        collect_orphans(root, Utf8Path::new(folder), &files, &mut orphans)?;
    }
    let compared: Vec<(GeneratedFile, OnDisk)> = files
        .into_par_iter()
        .map(|file| on_disk(root, &file).map(|found| (file, found)))
        .collect::<io::Result<_>>()?;
    let mut plan = Plan { orphans, ..Plan::default() };
    let mut foreign = Vec::new();
    for (file, found) in compared {
        match found {
            OnDisk::Equal => plan.unchanged += 1,
            OnDisk::Missing | OnDisk::Ours => plan.stale.push(file),
            OnDisk::Foreign => foreign.push(file.path),
        }
    }
    if !foreign.is_empty() {
        let remedy = "take their names out of the spec";
        return Err(WriteError::Foreign { files: foreign, command: "regen", remedy });
    }
    Ok(plan)
}

/// Refuses paths below `root` that are symbolic links, or lead through one.
/// `root` itself may be one.
///
/// # Errors
///
/// When there are such links: then all of them are named. Or when a path cannot
/// be looked at.
pub fn refuse_links<'p>(
    root: &Utf8Path,
    paths: impl IntoIterator<Item = &'p Utf8Path>,
    command: &'static str,
) -> Result<(), WriteError> {
    let mut seen = BTreeMap::new();
    for path in paths {
        // From the outermost folder on: below a link there is nothing to look at.
        let mut folders: Vec<_> = path.ancestors().filter(|ancestor| !ancestor.as_str().is_empty()).collect();
        folders.reverse();
        for path in folders {
            let is_link = match seen.get(path) {
                Some(is_link) => *is_link,
                None => {
                    let is_link = is_link(&root.join(path))?;
                    seen.insert(path.to_owned(), is_link);
                    is_link
                }
            };
            if is_link {
                break;
            }
        }
    }
    let links: Vec<_> = seen.into_iter().filter(|(_, is_link)| *is_link).map(|(path, _)| path).collect();
    if links.is_empty() { Ok(()) } else { Err(WriteError::Links { links, command }) }
}

fn is_link(path: &Utf8Path) -> io::Result<bool> {
    match fs_err::symlink_metadata(path) {
        Ok(metadata) => Ok(metadata.is_symlink()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Does what a plan says.
///
/// # Errors
///
/// When a file cannot be written or removed; what came before it is done.
pub fn apply(root: &Utf8Path, plan: &Plan) -> Result<(), WriteError> {
    for file in &plan.stale {
        replace(&root.join(&file.path), &file.text)?;
    }
    for orphan in &plan.orphans {
        fs_err::remove_file(root.join(orphan))?;
        remove_empty_folders(root, orphan);
    }
    Ok(())
}

/// What the names of files begin with that are being written.
const TEMPORARY: &str = ".regen-";

enum OnDisk {
    Missing,
    Equal,
    Ours,
    Foreign,
}

fn on_disk(root: &Utf8Path, file: &GeneratedFile) -> io::Result<OnDisk> {
    let path = root.join(&file.path);
    match fs_err::read(&path) {
        Ok(bytes) if is_same(&bytes, file.text.as_bytes()) => Ok(OnDisk::Equal),
        Ok(bytes) if has_marker(&bytes) => Ok(OnDisk::Ours),
        Ok(_) => Ok(OnDisk::Foreign),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(OnDisk::Missing),
        Err(error) => Err(error),
    }
}

/// Whether a file says the same as a text, which ends its lines with LF: a checkout may have made CRLF of
/// them.
fn is_same(bytes: &[u8], text: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    let mut expected = text.split(|text| *text == b'\n');
    bytes == text
        || std::iter::from_fn(|| {
            let line = lines.next()?;
            // What follows the last line end is no line.
            Some(if lines.peek().is_some() { line.strip_suffix(b"\r").unwrap_or(line) } else { line })
        })
        .eq(expected.by_ref())
}

/// What every file of ours says, whichever command wrote it; see
/// [`MARKER`](crate::emit::MARKER).
const OURS: &str = "Generated by `cargo xtask ";

/// It stands within the first lines.
const MARKER_WITHIN: usize = 256;

fn has_marker(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(MARKER_WITHIN)];
    head.windows(OURS.len()).any(|window| window == OURS.as_bytes())
}

fn collect_orphans(
    root: &Utf8Path,
    folder: &Utf8Path,
    files: &[GeneratedFile],
    orphans: &mut Vec<Utf8PathBuf>,
) -> io::Result<()> {
    let entries = match root.join(folder).read_dir_utf8() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut entries: Vec<_> = entries.collect::<Result<_, _>>()?;
    entries.sort_by(|a, b| a.file_name().cmp(b.file_name()));
    for entry in entries {
        let path = folder.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect_orphans(root, &path, files, orphans)?;
        } else if kind.is_file() && files.binary_search_by(|file| file.path.cmp(&path)).is_err() {
            // A temporary file of a run that was killed, perhaps before it wrote.
            if entry.file_name().starts_with(TEMPORARY) {
                orphans.push(path);
                continue;
            }
            let mut head = Vec::new();
            fs_err::File::open(root.join(&path))?.take(MARKER_WITHIN as u64).read_to_end(&mut head)?;
            if has_marker(&head) {
                orphans.push(path);
            }
        }
    }
    Ok(())
}

/// Writes a file: beside it first, and then renamed, which is atomic.
///
/// # Errors
///
/// When the folder takes no file, or the file no other text.
pub fn replace(path: &Utf8Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    fs_err::create_dir_all(folder)?;
    let name = |error: io::Error| io::Error::new(error.kind(), format!("cannot write `{path}`: {error}"));
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder).map_err(name)?;
    // A temporary file is for its owner only; source files are for all.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = match fs_err::metadata(path) {
            Ok(metadata) => metadata.permissions().mode(),
            Err(_) => 0o644,
        };
        file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).map_err(name)?;
    }
    file.write_all(text.as_bytes()).map_err(name)?;
    file.persist(path).map_err(|error| name(error.error))?;
    Ok(())
}

/// Removes the folders that the removal of a file left empty. One that is not
/// empty stays, which is why errors mean nothing here.
pub fn remove_empty_folders(root: &Utf8Path, orphan: &Utf8Path) {
    for folder in orphan.ancestors().skip(1) {
        if folder.as_str().is_empty() || std::fs::remove_dir(root.join(folder)).is_err() {
            return;
        }
    }
}
