//! From where a problem was found to the line and the column that are shown.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::SpecFile;
use crate::diagnostics::{Diagnostics, Place, Position, Problem, Related, lines};
use crate::findings::{At, FileId, Finding, Findings};
use crate::positions::locate;
use crate::yaml::{Mark, Node, Span, read};

/// Looks up the places; reads each file once more, positions and all.
pub(super) fn diagnostics(
    name: &Utf8Path,
    files: &[SpecFile],
    mut problems: Vec<Problem>,
    findings: Findings,
) -> Diagnostics {
    let mut places = Places { name, files, opened: BTreeMap::new() };
    for Finding { file, at, kind, related } in findings {
        let place = places.place(file, &at);
        let related = related
            .map(|(file, at, label)| Related { place: places.place(file, &at), label: label.to_owned() });
        problems.push(Problem { kind, place, related });
    }
    let texts = places.texts();
    Diagnostics::new(problems, texts)
}

/// The files that problems point into.
struct Places<'a> {
    name: &'a Utf8Path,
    files: &'a [SpecFile],
    opened: BTreeMap<FileId, Opened<'a>>,
}

struct Opened<'a> {
    lines: Vec<&'a str>,
    /// Nothing for a text that is not YAML.
    tree: Option<Node>,
}

impl Places<'_> {
    fn place(&mut self, file: FileId, at: &At) -> Place {
        let SpecFile { path, text } = &self.files[file];
        let opened = self.opened.entry(file);
        let Opened { lines, tree } =
            opened.or_insert_with(|| Opened { lines: lines(text), tree: read(text).ok() });
        let span = match at {
            At::File => None,
            At::Span(span) => Some(*span),
            At::Path(path, spot) => tree.as_ref().map(|it| locate(it, path, spot)),
        };
        Place { file: self.name.join(path), position: span.map(|it| position(it, lines)) }
    }

    fn texts(&self) -> BTreeMap<Utf8PathBuf, String> {
        let used = self.opened.keys().map(|file| &self.files[*file]);
        used.map(|it| (self.name.join(&it.path), it.text.clone())).collect()
    }
}

/// What goes over the end of a line is shown up to that end.
pub fn position(span: Span, lines: &[&str]) -> Position {
    let Mark { line, column } = span.start;
    let length = if span.is_on_one_line() {
        span.end.column.saturating_sub(column)
    } else {
        let rest = lines.get(line.saturating_sub(1)).map_or("", |it| it.trim_end());
        (rest.chars().count() + 1).saturating_sub(column)
    };
    Position { line, column, length: length.max(1) }
}
