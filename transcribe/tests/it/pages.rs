//! The pages next to this test, and specs made of pages.

use std::fs;
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use zstack_model::load::{Folder, Loaded, Memory, load_tree};
use zstack_transcribe::{PageFile, Report, Transcription, transcribe};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pages");

/// The pages of a form.
pub(crate) fn pages_of(form: &str) -> Vec<PageFile> {
    pages_in(&Path::new(FOLDER).join(form))
}

/// The pages in a folder, by name.
pub(crate) fn pages_in(folder: &Path) -> Vec<PageFile> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension().is_some_and(|end| ["txt", "md", "html"].iter().any(|known| end == *known))
    });
    paths.sort();
    let page = |path: &PathBuf| PageFile {
        name: path.file_name().unwrap().to_str().unwrap().to_owned(),
        bytes: fs::read(path).unwrap(),
    };
    paths.iter().map(page).collect()
}

/// A page of a text.
pub(crate) fn page(name: &str, text: &str) -> PageFile {
    PageFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// The text of a page of a form.
pub(crate) fn text_of(form: &str, name: &str) -> String {
    fs::read_to_string(Path::new(FOLDER).join(form).join(name)).unwrap()
}

/// The spec that pages become in an empty folder.
pub(crate) fn spec_of(pages: &[PageFile]) -> (Loaded, Report) {
    merge(pages, None)
}

/// The spec that a spec becomes when pages are merged.
pub(crate) fn merge(pages: &[PageFile], spec: Option<&Loaded>) -> (Loaded, Report) {
    let Transcription { files, report, .. } =
        transcribe(pages, spec).unwrap_or_else(|problems| panic!("{problems}"));
    let old = spec.into_iter().flat_map(|spec| spec.texts.clone());
    let tree: Memory = old.chain(files).map(|(path, text)| (path, text.into_bytes())).collect();
    let loaded = load_tree(&tree, Utf8Path::new("spec")).unwrap_or_else(|problems| panic!("{problems}"));
    (loaded, report)
}

/// The spec of this repository.
pub(crate) fn committed_spec() -> Loaded {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    load_tree(&Folder::new(&folder), Utf8Path::new("spec")).unwrap_or_else(|problems| panic!("{problems}"))
}
