//! The parts of a request that an older server does not have.

use super::request::is_given;
use crate::operation::Operation;
use crate::record::{AnyRecord, Kind, View};
use crate::tags::{SYSTEM_TAGS, texts_of};
use crate::{Version, query};

/// Everything that needs a newer release than `at`, as sentences.
pub(super) fn too_new(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Vec<String> {
    let mut found = Vec::new();
    // Nothing is newer than the newest release.
    if at == Version::NEWEST {
        return found;
    }
    if operation.since > at {
        found.push(format!("the operation needs release {}", operation.since));
    }
    Gate { at, path: String::new(), found: &mut found }.record(request);
    // A server ignores a tag that it does not know, and would do something else
    // than was asked.
    for tag in texts_of(request, SYSTEM_TAGS) {
        if let Some(it) = operation.later_tag(tag, at) {
            found.push(format!("system tag `{}` needs release {}", it.pattern, it.since));
        }
    }
    found.extend(
        query::later(operation, request, at)
            .into_iter()
            .map(|it| format!("`{}` of parameter `{}` needs release {}", it.field, it.parameter, it.since)),
    );
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
                if let Some(since) = shape().since(text).filter(|since| *since > self.at) {
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
