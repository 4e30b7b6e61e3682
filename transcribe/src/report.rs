//! The report of a run: guesses, omissions and contradictions, each with its position.

use std::fmt;

use serde_json::{Value, json};

/// A position in a page or a spec file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourcePosition {
    /// The name of the file.
    pub file: String,
    /// The line, from 1; 0 means the file as a whole.
    pub line: usize,
}

impl fmt::Display for SourcePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// The kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A page, or a part of one, from which no operation can be made.
    Invalid,
    /// A page that contradicts another page or the spec.
    Conflict,
    /// A fact of a page that the spec does not have, when both are compared.
    Missing,
    /// A line that was not understood.
    Unreadable,
    /// A line, or a fact, that has no place in the spec.
    Ignored,
    /// A fact that the page does not print, and that no rule gives.
    Guessed,
    /// A fact that the page does not print, and that a rule gives.
    Decided,
    /// An element of the spec that no page prints.
    Silent,
}

impl NoteKind {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Ignored => "ignored",
            Self::Guessed => "guessed",
            Self::Decided => "decided",
            Self::Silent => "silent",
        }
    }
}

/// One entry of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its kind.
    pub kind: NoteKind,
    /// The position that the note is about.
    pub at: SourcePosition,
    /// The text of the note.
    pub message: String,
    /// The other place, of a conflict.
    pub other: Option<SourcePosition>,
}

/// The notes of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    notes: Vec<Note>,
}

impl Report {
    pub(crate) fn add(&mut self, kind: NoteKind, at: SourcePosition, message: impl Into<String>) {
        self.notes.push(Note { kind, at, message: message.into(), other: None });
    }

    pub(crate) fn conflict(&mut self, at: SourcePosition, message: impl Into<String>, other: SourcePosition) {
        self.notes.push(Note { kind: NoteKind::Conflict, at, message: message.into(), other: Some(other) });
    }

    /// Removes the notes of a kind.
    pub(crate) fn remove(&mut self, kind: NoteKind) {
        self.notes.retain(|note| note.kind != kind);
    }

    /// Sorts by place, and removes repetitions.
    pub(crate) fn finish(&mut self) {
        self.notes.sort_by(|one, other| {
            (&one.at, one.kind, &one.message).cmp(&(&other.at, other.kind, &other.message))
        });
        self.notes.dedup();
    }

    /// All notes, in the order of files and lines.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Returns whether there is a note of a kind.
    pub fn has(&self, kind: NoteKind) -> bool {
        self.notes.iter().any(|note| note.kind == kind)
    }

    /// The notes as JSON.
    pub fn to_json(&self) -> Value {
        let note = |note: &Note| {
            let place = |at: &SourcePosition| json!({ "file": at.file, "line": at.line });
            let mut value =
                json!({ "kind": note.kind.word(), "at": place(&note.at), "message": note.message });
            if let Some(other) = &note.other {
                value["other"] = place(other);
            }
            value
        };
        self.notes.iter().map(note).collect()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.at, self.kind.word(), self.message)?;
        match &self.other {
            Some(other) => write!(f, " ({other})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}

/// The notes of one page, whose file is known only to the caller.
#[derive(Debug, Default)]
pub(crate) struct PageNotes(Vec<(NoteKind, usize, String)>);

impl PageNotes {
    pub(crate) fn add(&mut self, kind: NoteKind, line: usize, message: impl Into<String>) {
        self.0.push((kind, line, message.into()));
    }

    pub(crate) fn report(self, file: &str, report: &mut Report) {
        for (kind, line, message) in self.0 {
            report.add(kind, SourcePosition { file: file.to_owned(), line }, message);
        }
    }
}
