//! JSON values reduced to what an older release has.

use serde_json::Value;

use crate::Version;
use crate::record::{Kind, Shape};

/// A field in a value that came after a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LaterField {
    /// Its path within the value, such as `.vmNics[0].ipVersion`; empty for the value itself.
    pub(crate) path: String,
    /// The release that added it.
    pub(crate) since: Version,
}

/// Removes fields and enum values that came after a release. Returns `false` if the value itself
/// came later.
pub(crate) fn remove_later(kind: Kind, value: &mut Value, at: Version) -> bool {
    let mut slice = Slicer { at, enums: true, path: String::new(), later: Vec::new() };
    slice.value(kind, value)
}

/// Removes the fields that came after a release, and returns them. Enum values stay.
#[cfg(feature = "server")]
pub(crate) fn remove_later_fields(kind: Kind, value: &mut Value, at: Version) -> Vec<LaterField> {
    let mut slice = Slicer { at, enums: false, path: String::new(), later: Vec::new() };
    slice.value(kind, value);
    slice.later
}

struct Slicer {
    at: Version,
    enums: bool,
    path: String,
    later: Vec<LaterField>,
}

impl Slicer {
    /// Returns whether the value stays.
    fn value(&mut self, kind: Kind, value: &mut Value) -> bool {
        match (kind, value) {
            (Kind::Enum(shape), Value::String(text)) if self.enums => !shape().is_later(text, self.at),
            (Kind::Record(shape), Value::Object(fields)) => {
                fields.retain(|name, value| self.field(shape(), name, value));
                true
            }
            (Kind::Map(kind), Value::Object(entries)) => {
                entries.retain(|key, value| {
                    self.with_step(&format!("[{key}]"), |slice| slice.value(*kind, value))
                });
                true
            }
            (Kind::List(kind), Value::Array(items)) => {
                let mut index = 0;
                items.retain_mut(|item| {
                    let stays = self.with_step(&format!("[{index}]"), |slice| slice.value(*kind, item));
                    index += 1;
                    stays
                });
                true
            }
            _ => true,
        }
    }

    fn field(&mut self, shape: &Shape, name: &str, value: &mut Value) -> bool {
        let Some(field) = shape.index_of(name).map(|index| &shape.fields[index]) else { return true };
        self.with_step(&format!(".{name}"), |slice| {
            if field.since <= slice.at {
                return slice.value(field.kind, value);
            }
            // Null is the same as absent.
            if !value.is_null() {
                slice.later.push(LaterField { path: slice.path.clone(), since: field.since });
            }
            false
        })
    }

    fn with_step<T>(&mut self, step: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let result = visit(self);
        self.path.truncate(length);
        result
    }
}
