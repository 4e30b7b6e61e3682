//! Lists the files of a spec, and reports other files.

use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::tree::{Entry, EntryKind, Tree};
use crate::diagnostics::FileProblem;
use crate::lock::FILE;
use crate::schema::Kind;
use crate::waivers;

/// The files in the folder of a spec.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The files, relative to the folder, sorted by name.
    pub(super) files: Vec<(Utf8PathBuf, Kind)>,
    /// The problems, with relative paths.
    pub(super) problems: Vec<(Utf8PathBuf, FileProblem)>,
}

/// Lists the files of the spec in a tree.
pub(super) fn discover(tree: &dyn Tree) -> Listing {
    let mut listing = Listing::default();
    let root = Utf8Path::new("");
    let entries = match tree.list(root) {
        Ok(entries) => entries,
        Err(error) => {
            let is_missing = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
            let problem = if is_missing { FileProblem::NoFolder } else { unreadable(&error) };
            listing.report(root, problem);
            return listing;
        }
    };
    let mut has_api = false;
    for (path, kind) in sort(root, entries) {
        has_api |= path == "api.yaml" && kind != EntryKind::Folder;
        match (path.as_str(), kind) {
            // Generated schemas for editors.
            ("schema", EntryKind::Folder | EntryKind::Other(_)) => {}
            // The report of an import.
            ("report.txt", EntryKind::File | EntryKind::Other(_)) => {}
            // The lock of releases; see `locked`.
            (FILE, EntryKind::File) => {}
            ("api.yaml", EntryKind::File) => listing.files.push((path, Kind::Api)),
            (waivers::FILE, EntryKind::File) => listing.files.push((path, Kind::Waivers)),
            ("types", EntryKind::Folder) => listing.yaml_files(tree, &path, Kind::Type),
            ("operations", EntryKind::Folder) => listing.categories(tree, &path),
            (_, kind) => listing.stray(&path, kind),
        }
    }
    if !has_api {
        listing.report(Utf8Path::new("api.yaml"), FileProblem::NoApiFile);
    }
    listing
}

impl Listing {
    fn categories(&mut self, tree: &dyn Tree, folder: &Utf8Path) {
        for (path, kind) in self.entries(tree, folder) {
            match kind {
                EntryKind::Folder => self.yaml_files(tree, &path, Kind::Operation),
                kind => self.stray(&path, kind),
            }
        }
    }

    fn yaml_files(&mut self, tree: &dyn Tree, folder: &Utf8Path, of: Kind) {
        for (path, kind) in self.entries(tree, folder) {
            if kind == EntryKind::File && path.extension() == Some("yaml") {
                self.files.push((path, of));
            } else {
                self.stray(&path, kind);
            }
        }
    }

    fn entries(&mut self, tree: &dyn Tree, folder: &Utf8Path) -> Vec<(Utf8PathBuf, EntryKind)> {
        let listed = tree.list(folder).unwrap_or_else(|error| {
            self.report(folder, unreadable(&error));
            Vec::new()
        });
        sort(folder, listed)
    }

    fn stray(&mut self, path: &Utf8Path, kind: EntryKind) {
        if let EntryKind::Other(description) = kind {
            // It may belong here, but cannot be read.
            return self.report(path, FileProblem::Unreadable(description.to_owned()));
        }
        let is_yaml =
            path.extension().is_some_and(|extension| ["yml", "yaml"].contains(&&*extension.to_lowercase()));
        let rename = path.with_extension("yaml");
        let rename = rename.file_name().filter(|_| is_yaml && rename != path).map(str::to_owned);
        self.report(path, FileProblem::Stray { rename });
    }

    fn report(&mut self, path: &Utf8Path, problem: FileProblem) {
        self.problems.push((path.to_owned(), problem));
    }
}

/// Sorts the entries of a folder by name, and removes hidden files and Markdown files.
fn sort(folder: &Utf8Path, entries: Vec<Entry>) -> Vec<(Utf8PathBuf, EntryKind)> {
    let entries = entries.into_iter().map(|entry| (folder.join(entry.name), entry.kind));
    let mut entries: Vec<_> = entries.filter(|(path, _)| !is_ignored(path)).collect();
    entries.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    entries
}

fn unreadable(error: &io::Error) -> FileProblem {
    FileProblem::Unreadable(error.to_string())
}

fn is_ignored(path: &Utf8Path) -> bool {
    let hidden = path.file_name().is_some_and(|file_name| file_name.starts_with('.'));
    hidden || path.extension() == Some("md")
}
