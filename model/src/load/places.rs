//! Looks up lines and columns of findings.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::SpecFile;
use crate::diagnostics::{Diagnostics, Place, Problem, Related};
use crate::findings::{At, FileId, Finding, Findings};
use crate::positions::Positions;

/// Looks up the positions of findings. Only files with findings are read with positions.
pub(super) fn diagnostics(
    name: &Utf8Path,
    files: &[SpecFile],
    mut problems: Vec<Problem>,
    findings: Findings,
) -> Diagnostics {
    let mut places = OpenedFiles { name, files, opened: BTreeMap::new() };
    for Finding { file, at, kind, related } in findings {
        let place = places.place(file, &at);
        let related = related
            .map(|(file, at, label)| Related { place: places.place(file, &at), label: label.to_owned() });
        problems.push(Problem { kind, place, related });
    }
    let texts = places.texts();
    Diagnostics::new(problems, texts)
}

/// The files with findings.
struct OpenedFiles<'a> {
    name: &'a Utf8Path,
    files: &'a [SpecFile],
    opened: BTreeMap<FileId, Positions<'a>>,
}

impl OpenedFiles<'_> {
    fn place(&mut self, file: FileId, at: &At) -> Place {
        let SpecFile { path, text } = &self.files[file];
        let positions = self.opened.entry(file).or_insert_with(|| Positions::new(text));
        let position = match at {
            At::File => None,
            At::Span(span) => Some(positions.position(*span)),
            At::Path(path, spot) => positions.find(path, spot),
        };
        Place { file: self.name.join(path), position }
    }

    fn texts(&self) -> BTreeMap<Utf8PathBuf, String> {
        let used = self.opened.keys().map(|file| &self.files[*file]);
        used.map(|file| (self.name.join(&file.path), file.text.clone())).collect()
    }
}
