//! One file: from its bytes to what it says, or to what is wrong with it.

use super::conflict;
use super::tree::{ReadError, Tree};
use crate::diagnostics::{FileProblem, ProblemKind, ShapeProblem};
use crate::findings::{At, FileId, Finding};
use crate::positions::{self, Mark, Span};
use crate::schema::{Kind, Misshapen, walk};
use crate::source::DEPTH_LIMIT;
use crate::source::read::{Source, YamlError, yaml};
use camino::Utf8Path;

/// The largest file that is read. The largest real one has a tenth of it.
const SIZE_LIMIT: u64 = 1 << 20;

/// A problem in the file at hand.
#[derive(Debug)]
pub(super) struct Fault {
    at: At,
    kind: ProblemKind,
    first: Option<Span>,
}

impl Fault {
    fn new(span: Option<Span>, kind: impl Into<ProblemKind>) -> Self {
        Self { at: span.map_or(At::File, At::Span), kind: kind.into(), first: None }
    }

    /// The same, once the file has a number.
    pub(super) fn in_file(self, file: FileId) -> Finding {
        let finding = Finding::new(file, self.at, self.kind);
        match self.first {
            Some(span) => finding.with(file, At::Span(span), "the first one"),
            None => finding,
        }
    }
}

/// What was found in a file.
#[derive(Debug)]
pub(super) struct Contents<T> {
    /// Its text; empty if it could not be read.
    pub(super) text: String,
    /// What it says. Even if something is wrong with it, most can be used.
    pub(super) parsed: Option<T>,
    pub(super) faults: Vec<Fault>,
}

/// What the text of a file says.
pub(super) fn contents<T: Source>(text: String, kind: Kind) -> Contents<T> {
    let (parsed, faults) = parse(&text, kind);
    Contents { text, parsed, faults }
}

/// A file's text, if it can be a spec file's; otherwise what of it can be shown.
pub(super) fn text(tree: &dyn Tree, path: &Utf8Path) -> Result<String, (String, positions::Fault)> {
    let bytes = tree.read(path, SIZE_LIMIT).map_err(|error| {
        let problem = match error {
            ReadError::TooLarge(size) => FileProblem::TooLarge { size, limit: SIZE_LIMIT },
            ReadError::Io(error) => FileProblem::Unreadable(error.to_string()),
        };
        (String::new(), positions::Fault { problem, span: None })
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let span = Some(end_of(&String::from_utf8_lossy(valid)));
        let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
        (shown, positions::Fault { problem: FileProblem::NotUtf8, span })
    })
}

fn parse<T: Source>(text: &str, kind: Kind) -> (Option<T>, Vec<Fault>) {
    let conflicts = conflict::find(text);
    if !conflicts.is_empty() {
        let fault = |span| Fault::new(Some(span), FileProblem::Conflict);
        return (None, conflicts.into_iter().map(fault).collect());
    }
    if needs_care(text)
        && let Err(fault) = positions::read(text)
    {
        return (None, vec![unreadable(fault)]);
    }
    match yaml(text) {
        Ok(it) => (Some(it), Vec::new()),
        Err(error) => explain(text, kind, error),
    }
}

/// Whether a text could make the fast reader do more than read: anchors and
/// tags, and brackets so deep that they take quadratic time.
fn needs_care(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|it| {
        match it {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        matches!(it, b'&' | b'*' | b'!') || depth > DEPTH_LIMIT
    })
}

/// Finds everything that is wrong with a text that the fast reader refused.
fn explain<T: Source>(text: &str, kind: Kind, error: YamlError) -> (Option<T>, Vec<Fault>) {
    let root = match positions::read(text) {
        Ok(root) => root,
        Err(fault) => return (None, vec![unreadable(fault)]),
    };
    let walked = walk(&root, kind.schema());
    if walked.problems.is_empty() {
        return (None, vec![refused(error)]);
    }
    let usable = walked.usable.and_then(T::of_usable);
    (usable, walked.problems.into_iter().map(misshapen).collect())
}

/// A text that cannot be read.
pub(super) fn unreadable(fault: positions::Fault) -> Fault {
    Fault::new(fault.span, fault.problem)
}

fn misshapen(Misshapen { problem, span, first }: Misshapen) -> Fault {
    Fault { first, ..Fault::new(Some(span), problem) }
}

/// The readers disagree; the words of the one that refuses have to do.
fn refused(error: YamlError) -> Fault {
    let span = error.at.map(|(line, column)| {
        let mark = Mark { line, column };
        Span { start: mark, end: mark }
    });
    Fault::new(span, ShapeProblem::Refused(error.message))
}

/// The place after a text.
fn end_of(text: &str) -> Span {
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    let mark = Mark { line, column: last.chars().count() + 1 };
    Span { start: mark, end: mark }
}
