//! Finds the parts of a request that an older server does not have.

use super::request::is_given;
use crate::operation::Operation;
use crate::record::{AnyRecord, Kind, View};
use crate::tags::{SYSTEM_TAGS, texts_of};
use crate::{Version, query};

/// Describes everything in a request that needs a newer release than `at`.
pub(super) fn find_later_parts(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Vec<String> {
    let mut found = Vec::new();
    // Nothing is newer than the newest release.
    if at == Version::NEWEST {
        return found;
    }
    if operation.since > at {
        found.push(format!("the operation needs release {}", operation.since));
    }
    Gate { at, path: String::new(), found: &mut found }.record(request);
    // A server ignores unknown tags, and would do something other than was requested.
    for tag in texts_of(request, SYSTEM_TAGS) {
        if let Some(tag) = operation.later_tag(tag, at) {
            found.push(format!("system tag `{}` needs release {}", tag.pattern, tag.since));
        }
    }
    for later in query::later_fields(operation, request, at) {
        let (field, parameter, since) = (later.field, later.parameter, later.since);
        found.push(format!("`{field}` in parameter `{parameter}` needs release {since}"));
    }
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
            self.with_step(&format!("{dot}{}", field.name), |gate| {
                if field.since > gate.at {
                    gate.found.push(format!("parameter `{}` needs release {}", gate.path, field.since));
                } else {
                    gate.value(field.kind, value);
                }
            });
        }
    }

    fn value(&mut self, kind: Kind, value: View<'_>) {
        match (kind, value) {
            (Kind::Enum(shape), View::Text(text)) => {
                if let Some(since) = shape().since(text).filter(|since| *since > self.at) {
                    self.found.push(format!("`{text}` in parameter `{}` needs release {since}", self.path));
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
