//! Compares a request with the release of its server.

use super::error::ErrorKind;
use super::request::is_given;
use crate::operation::Operation;
use crate::record::{AnyRecord, Kind, View};
use crate::removal::Absence;
use crate::tags::{SYSTEM_TAGS, texts_of};
use crate::{Version, query};

/// A part of a request that does not fit the release.
#[derive(Debug)]
pub(super) struct Mismatch {
    pub(super) kind: ErrorKind,
    /// The rest of a sentence.
    pub(super) problem: String,
}

impl Mismatch {
    fn absent(part: &str, absence: Absence) -> Self {
        match absence {
            Absence::Later(since) => {
                Self { kind: ErrorKind::TooNew, problem: format!("{part} needs release {since}") }
            }
            Absence::Removed(removal) => {
                Self { kind: ErrorKind::Removed, problem: format!("{part} {removal}") }
            }
        }
    }
}

/// Finds everything in a request that the release `at` does not have, and the parameters that it
/// requires.
pub(super) fn find_mismatches(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Vec<Mismatch> {
    let mut found = Vec::new();
    // The release is unknown.
    if at == Version::NEWEST {
        return found;
    }
    found.extend(operation.absence(at).map(|absence| Mismatch::absent("the operation", absence)));
    Gate { at, path: String::new(), found: &mut found }.record(request);
    // A server ignores unknown tags, and would do something other than was requested.
    for tag in texts_of(request, SYSTEM_TAGS) {
        if let Some(tag) = operation.later_tag(tag, at) {
            let part = format!("system tag `{}`", tag.pattern);
            found.push(Mismatch::absent(&part, Absence::Later(tag.since)));
        }
    }
    for query::AbsentColumn { parameter, field, absence } in query::absent_columns(operation, request, at) {
        found.push(Mismatch::absent(&format!("`{field}` in parameter `{parameter}`"), absence));
    }
    found
}

struct Gate<'a> {
    at: Version,
    path: String,
    found: &'a mut Vec<Mismatch>,
}

impl Gate<'_> {
    fn record(&mut self, record: &dyn AnyRecord) {
        for (index, field) in record.shape().fields.iter().enumerate() {
            let (value, row) = (record.get(index), field.at(self.at));
            let absence = field.absence(self.at);
            let dot = if self.path.is_empty() { "" } else { "." };
            let step = || format!("{dot}{}", field.name);
            match (value, absence) {
                // Only a parameter that was required before, and is optional now.
                (View::Absent, None) if row.required => self.with_step(&step(), |gate| {
                    let problem = format!("it requires parameter `{}`", gate.path);
                    gate.found.push(Mismatch { kind: ErrorKind::Invalid, problem });
                }),
                _ if !is_given(row, value) => {}
                (_, None) => self.with_step(&step(), |gate| gate.value(row.kind, value)),
                (_, Some(absence)) => self.with_step(&step(), |gate| {
                    gate.found.push(Mismatch::absent(&format!("parameter `{}`", gate.path), absence));
                }),
            }
        }
    }

    fn value(&mut self, kind: Kind, value: View<'_>) {
        match (kind, value) {
            (Kind::Enum(shape), View::Text(text)) => {
                if let Some(absence) = shape().absence(text, self.at) {
                    let part = format!("`{text}` in parameter `{}`", self.path);
                    self.found.push(Mismatch::absent(&part, absence));
                }
            }
            (Kind::List(kind), View::List(items)) => {
                for index in 0..items.count() {
                    self.with_step(&format!("[{index}]"), |gate| gate.value(*kind, items.item(index)));
                }
            }
            (Kind::Map(kind), View::Map(entries)) => {
                entries.visit(&mut |key, value| {
                    self.with_step(&format!("[{key}]"), |gate| gate.value(*kind, value));
                });
            }
            (_, View::Record(record)) => self.record(record),
            _ => {}
        }
    }

    fn with_step(&mut self, step: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        visit(self);
        self.path.truncate(length);
    }
}
