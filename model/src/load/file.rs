//! Reads one file of the spec: its contents, or its problems.

use camino::Utf8Path;

use super::conflict;
use super::tree::{ReadError, Tree};
use crate::diagnostics::{FileProblem, ProblemKind, ShapeProblem};
use crate::findings::{At, FileId, Finding};
use crate::schema::{Kind, walk};
use crate::source::SourceFile;
use crate::yaml::{self, DEPTH_LIMIT, ErrorKind, Mark, Span};

/// The maximum size of a file, in bytes. The largest real file has a tenth of it.
const SIZE_LIMIT: u64 = 1 << 20;

/// Reads the text of a file; with a problem, the text is the part that can be shown.
pub(super) fn read_text(file: FileId, tree: &dyn Tree, path: &Utf8Path) -> (String, Option<Finding>) {
    let bytes = match tree.read(path, SIZE_LIMIT) {
        Ok(bytes) => bytes,
        Err(error) => {
            let problem = match error {
                ReadError::TooLarge(size) => FileProblem::TooLarge { size, limit: SIZE_LIMIT },
                ReadError::Io(error) => FileProblem::Unreadable(error.to_string()),
            };
            return (String::new(), Some(finding(file, None, problem)));
        }
    };
    String::from_utf8(bytes).map_or_else(
        |error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let span = end_of(&String::from_utf8_lossy(valid));
            let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (shown, Some(finding(file, Some(span), FileProblem::NotUtf8)))
        },
        |text| (text, None),
    )
}

/// Reads the contents of a file, or the usable part of a file with problems.
pub(super) fn parse<T: SourceFile>(file: FileId, text: &str, kind: Kind) -> (Option<T>, Vec<Finding>) {
    let conflicts = conflict::find(text);
    if !conflicts.is_empty() {
        let conflict = |span| finding(file, Some(span), FileProblem::Conflict);
        return (None, conflicts.into_iter().map(conflict).collect());
    }
    if needs_care(text)
        && let Err(error) = yaml::read(text)
    {
        return (None, vec![not_yaml(file, error)]);
    }
    match yaml::parse(text) {
        Ok(contents) => (Some(contents), Vec::new()),
        Err(refusal) => explain(file, text, kind, refusal),
    }
}

/// Returns whether a text has anchors or tags, which are not allowed, or deeply nested brackets, for
/// which the fast reader takes quadratic time.
fn needs_care(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        matches!(byte, b'&' | b'*' | b'!') || depth > DEPTH_LIMIT
    })
}

/// Finds all problems of a text that the fast reader refused.
fn explain<T: SourceFile>(
    file: FileId,
    text: &str,
    kind: Kind,
    refusal: yaml::Refusal,
) -> (Option<T>, Vec<Finding>) {
    let root = match yaml::read(text) {
        Ok(root) => root,
        Err(error) => return (None, vec![not_yaml(file, error)]),
    };
    let (problems, usable) = walk(file, &root, kind.schema());
    if problems.is_empty() {
        // The schema allows it, so only the reader has a message.
        return (None, vec![finding(file, refusal.span, ShapeProblem::Rejected(refusal.message))]);
    }
    (usable.and_then(T::from_usable), problems)
}

fn not_yaml(file: FileId, error: yaml::Error) -> Finding {
    let problem = match error.kind {
        ErrorKind::Empty => FileProblem::Empty,
        ErrorKind::Syntax(message) => FileProblem::Syntax(message),
        ErrorKind::SeveralDocuments => FileProblem::SeveralDocuments,
        ErrorKind::Alias => FileProblem::AliasNotAllowed,
        ErrorKind::Tag => FileProblem::TagNotAllowed,
        ErrorKind::NestingTooDeep => FileProblem::NestingTooDeep,
    };
    finding(file, error.span, problem)
}

fn finding(file: FileId, span: Option<Span>, kind: impl Into<ProblemKind>) -> Finding {
    Finding::new(file, span.map_or(At::File, At::Span), kind)
}

/// The position after a text.
fn end_of(text: &str) -> Span {
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    Span::point(Mark { line, column: last.chars().count() + 1 })
}
