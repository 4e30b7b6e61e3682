//! JSON values reduced to what a release has.

use serde_json::Value;

use crate::Version;
use crate::record::{Kind, Shape};
use crate::removal::Absence;

/// A field in a value that a release does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AbsentField {
    /// Its path within the value, such as `.vmNics[0].ipVersion`.
    pub(crate) path: String,
    /// The reason.
    pub(crate) absence: Absence,
}

/// Removes fields and enum values that a release does not have. Returns `false` if it does not have
/// the value itself.
pub(crate) fn remove_absent(kind: Kind, value: &mut Value, at: Version) -> bool {
    let mut slice = Slicer { at, enums: true, path: String::new(), absent: Vec::new() };
    slice.value(kind, value)
}

/// Removes the fields that a release does not have, and returns them. Enum values stay.
#[cfg(feature = "server")]
pub(crate) fn remove_absent_fields(kind: Kind, value: &mut Value, at: Version) -> Vec<AbsentField> {
    let mut slice = Slicer { at, enums: false, path: String::new(), absent: Vec::new() };
    slice.value(kind, value);
    slice.absent
}

struct Slicer {
    at: Version,
    enums: bool,
    path: String,
    absent: Vec<AbsentField>,
}

impl Slicer {
    /// Returns whether the value stays.
    fn value(&mut self, kind: Kind, value: &mut Value) -> bool {
        match (kind, value) {
            (Kind::Enum(shape), Value::String(text)) if self.enums => {
                shape().absence(text, self.at).is_none()
            }
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
            let Some(absence) = field.absence(slice.at) else {
                return slice.value(field.at(slice.at).kind, value);
            };
            // Null is the same as absent.
            if !value.is_null() {
                slice.absent.push(AbsentField { path: slice.path.clone(), absence });
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
