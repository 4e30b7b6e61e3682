//! JSON values as an older release has them.

use serde_json::Value;

use crate::Version;
use crate::record::{Kind, Shape};

/// A field that came after a release, and is in a value all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Later {
    /// Where, from the value on: `.vmNics[0].ipVersion`; empty for the value
    /// itself.
    pub(crate) path: String,
    /// The release that it came with.
    pub(crate) since: Version,
}

/// Takes out of a value what came after a release: fields, and values of
/// enums. `false` when nothing of it is left.
pub(crate) fn cut(kind: Kind, value: &mut Value, at: Version) -> bool {
    let mut slice = Slice { at, enums: true, path: String::new(), later: Vec::new() };
    slice.value(kind, value)
}

/// Takes out of a value the fields that came after a release, and names them.
/// Values of enums stay.
#[cfg(feature = "server")]
pub(crate) fn cut_fields(kind: Kind, value: &mut Value, at: Version) -> Vec<Later> {
    let mut slice = Slice { at, enums: false, path: String::new(), later: Vec::new() };
    slice.value(kind, value);
    slice.later
}

struct Slice {
    at: Version,
    enums: bool,
    path: String,
    later: Vec<Later>,
}

impl Slice {
    /// Whether the value stays.
    fn value(&mut self, kind: Kind, value: &mut Value) -> bool {
        match (kind, value) {
            (Kind::Enum(shape), Value::String(text)) if self.enums => !shape().is_later(text, self.at),
            (Kind::Record(shape), Value::Object(fields)) => {
                fields.retain(|name, value| self.field(shape(), name, value));
                true
            }
            (Kind::Map(kind), Value::Object(entries)) => {
                entries.retain(|key, value| self.below(&format!("[{key}]"), |it| it.value(*kind, value)));
                true
            }
            (Kind::List(kind), Value::Array(items)) => {
                let mut index = 0;
                items.retain_mut(|item| {
                    let stays = self.below(&format!("[{index}]"), |it| it.value(*kind, item));
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
        self.below(&format!(".{name}"), |it| {
            if field.since <= it.at {
                return it.value(field.kind, value);
            }
            // Null is the same as absent.
            if !value.is_null() {
                it.later.push(Later { path: it.path.clone(), since: field.since });
            }
            false
        })
    }

    fn below<T>(&mut self, step: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let result = look(self);
        self.path.truncate(length);
        result
    }
}
