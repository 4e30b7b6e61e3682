//! What of a request an older server does not have.

use super::request::is_given;
use crate::Version;
use crate::operation::Operation;
use crate::record::{AnyRecord, Kind, View};

/// Everything that needs a newer release than `at`, as sentences.
pub(super) fn too_new(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Vec<String> {
    let mut found = Vec::new();
    // Nothing is newer than the newest, and no time is spent on finding that out.
    if at == Version::NEWEST {
        return found;
    }
    if operation.since > at {
        found.push(format!("the operation needs release {}", operation.since));
    }
    Gate { at, path: String::new(), found: &mut found }.record(request);
    found
}

struct Gate<'a> {
    at: Version,
    path: String,
    found: &'a mut Vec<String>,
}

impl Gate<'_> {
    fn record(&mut self, record: &dyn AnyRecord) {
        for (index, field) in record.shape().fields.iter().enumerate() {
            let value = record.get(index);
            if !is_given(field, value) {
                continue;
            }
            let dot = if self.path.is_empty() { "" } else { "." };
            self.below(&format!("{dot}{}", field.name), |it| {
                if field.since > it.at {
                    it.found.push(format!("parameter `{}` needs release {}", it.path, field.since));
                } else {
                    it.value(field.kind, value);
                }
            });
        }
    }

    fn value(&mut self, kind: Kind, value: View<'_>) {
        match (kind, value) {
            (Kind::Enum(shape), View::Text(text)) => {
                let since = shape().values.iter().find(|(name, _)| *name == text).map(|(_, since)| *since);
                if let Some(since) = since.filter(|since| *since > self.at) {
                    self.found.push(format!("`{text}` of parameter `{}` needs release {since}", self.path));
                }
            }
            (Kind::List(kind), View::List(items)) => {
                for index in 0..items.count() {
                    self.below(&format!("[{index}]"), |it| it.value(*kind, items.item(index)));
                }
            }
            (Kind::Map(kind), View::Map(entries)) => {
                entries.visit(&mut |key, value| self.below(&format!("[{key}]"), |it| it.value(*kind, value)));
            }
            (_, View::Record(record)) => self.record(record),
            _ => {}
        }
    }

    fn below(&mut self, step: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        look(self);
        self.path.truncate(length);
    }
}
