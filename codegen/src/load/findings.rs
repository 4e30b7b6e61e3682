//! Problems on their way from where they are found to where they are shown.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::SpecFile;
use crate::diagnostics::{Diagnostics, Place, Position, Problem, ProblemKind, Related, lines};
use crate::positions::{Mark, Node, Path, Span, Spot, locate, read};

/// The index of a file among the files of the spec.
pub(crate) type FileId = usize;

/// A problem that knows its file and its path, not yet its line.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) file: FileId,
    pub(crate) at: At,
    pub(crate) kind: ProblemKind,
    pub(crate) related: Option<(FileId, At, &'static str)>,
}

/// Where in a file.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// The file as a whole.
    File,
    /// A place that is known already.
    Span(Span),
    /// A place that is to be looked up.
    Path(Path, Spot),
}

/// All problems found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Finding {
    pub(crate) fn new(file: FileId, at: At, kind: impl Into<ProblemKind>) -> Self {
        Self { file, at, kind: kind.into(), related: None }
    }

    /// Adds the other place that belongs to the problem.
    pub(crate) fn with(self, file: FileId, at: At, label: &'static str) -> Self {
        Self { related: Some((file, at, label)), ..self }
    }
}

impl At {
    /// A value.
    pub(crate) fn value(path: Path) -> Self {
        Self::Path(path, Spot::Value)
    }

    /// The key that a path ends in.
    pub(crate) fn key(path: Path) -> Self {
        Self::Path(path, Spot::Key)
    }

    /// A word in a text.
    pub(crate) fn word(path: Path, word: impl Into<String>) -> Self {
        Self::Path(path, Spot::Word(word.into()))
    }
}

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Reports a problem that belongs to one place.
    pub(crate) fn report(&mut self, file: FileId, at: At, kind: impl Into<ProblemKind>) {
        self.push(Finding::new(file, at, kind));
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.0.extend(findings);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks up the places; reads each file once more, positions and all.
    pub(crate) fn locate(
        self,
        dir: &Utf8Path,
        files: &[SpecFile],
        mut problems: Vec<Problem>,
    ) -> Diagnostics {
        let mut places = Places { dir, files, opened: BTreeMap::new() };
        for Finding { file, at, kind, related } in self.0 {
            let place = places.place(file, &at);
            let related = related
                .map(|(file, at, label)| Related { place: places.place(file, &at), label: label.to_owned() });
            problems.push(Problem { kind, place, related });
        }
        let texts = places.texts();
        Diagnostics::new(problems, texts)
    }
}

/// The files that problems point into.
struct Places<'a> {
    dir: &'a Utf8Path,
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
        Place { file: self.dir.join(path), position: span.map(|it| position(it, lines)) }
    }

    fn texts(&self) -> BTreeMap<Utf8PathBuf, String> {
        let used = self.opened.keys().map(|file| &self.files[*file]);
        used.map(|it| (self.dir.join(&it.path), it.text.clone())).collect()
    }
}

/// What goes over the end of a line is shown up to that end.
fn position(span: Span, lines: &[&str]) -> Position {
    let Mark { line, column } = span.start;
    let length = if span.is_on_one_line() {
        span.end.column.saturating_sub(column)
    } else {
        let rest = lines.get(line.saturating_sub(1)).map_or("", |it| it.trim_end());
        (rest.chars().count() + 1).saturating_sub(column)
    };
    Position { line, column, length: length.max(1) }
}
