//! Which files a spec consists of, and which do not belong to it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostics::{FileProblem, Place, Problem};
use crate::schema::Kind;

/// What stands in the folder of a spec.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The files, relative to the folder, in the order of their names.
    pub(super) files: Vec<(Utf8PathBuf, Kind)>,
    pub(super) problems: Vec<Problem>,
}

/// What a folder entry is.
struct Entry {
    path: Utf8PathBuf,
    is_folder: bool,
}

/// Lists the spec in a folder.
pub(super) fn discover(dir: &Utf8Path) -> Listing {
    let mut listing = Listing::default();
    if !dir.is_dir() {
        listing.report(dir.to_owned(), FileProblem::NoFolder);
        return listing;
    }
    let mut has_api = false;
    for Entry { path, is_folder } in listing.entries(dir, Utf8Path::new("")) {
        match (path.as_str(), is_folder) {
            ("api.yaml", false) => {
                has_api = true;
                listing.files.push((path, Kind::Api));
            }
            ("types", true) => listing.yaml_files(dir, &path, Kind::Type),
            ("operations", true) => listing.categories(dir, &path),
            // The schemas for editors, which are derived.
            ("schema", true) => {}
            // What an import says of itself.
            ("report.txt", false) => {}
            _ => listing.stray(dir, &path),
        }
    }
    if !has_api {
        listing.report(dir.join("api.yaml"), FileProblem::NoApiFile);
    }
    listing
}

impl Listing {
    fn categories(&mut self, dir: &Utf8Path, folder: &Utf8Path) {
        for Entry { path, is_folder } in self.entries(dir, folder) {
            if is_folder {
                self.yaml_files(dir, &path, Kind::Operation);
            } else {
                self.stray(dir, &path);
            }
        }
    }

    fn yaml_files(&mut self, dir: &Utf8Path, folder: &Utf8Path, kind: Kind) {
        for Entry { path, is_folder } in self.entries(dir, folder) {
            if !is_folder && path.extension() == Some("yaml") {
                self.files.push((path, kind));
            } else {
                self.stray(dir, &path);
            }
        }
    }

    /// The entries of a folder by name, without hidden files and texts for
    /// people.
    fn entries(&mut self, dir: &Utf8Path, folder: &Utf8Path) -> Vec<Entry> {
        let full = dir.join(folder);
        let listed = full.read_dir_utf8().and_then(|it| it.collect::<Result<Vec<_>, _>>());
        let listed = listed.unwrap_or_else(|error| {
            self.report(full, FileProblem::Unreadable(error.to_string()));
            Vec::new()
        });
        let mut entries: Vec<_> = listed
            .iter()
            .map(|it| Entry { path: folder.join(it.file_name()), is_folder: it.path().is_dir() })
            .filter(|it| !is_ignored(&it.path))
            .collect();
        entries.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
        entries
    }

    fn stray(&mut self, dir: &Utf8Path, path: &Utf8Path) {
        let is_yaml = path.extension().is_some_and(|it| ["yml", "yaml"].contains(&&*it.to_lowercase()));
        let rename = path.with_extension("yaml");
        let rename = rename.file_name().filter(|_| is_yaml && rename != path).map(str::to_owned);
        self.report(dir.join(path), FileProblem::Stray { rename });
    }

    fn report(&mut self, file: Utf8PathBuf, problem: FileProblem) {
        let place = Place { file, position: None };
        self.problems.push(Problem { kind: problem.into(), place, related: None });
    }
}

fn is_ignored(path: &Utf8Path) -> bool {
    let hidden = path.file_name().is_some_and(|it| it.starts_with('.'));
    hidden || path.extension() == Some("md")
}
