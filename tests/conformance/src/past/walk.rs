//! Traverses JSON with the types of a release.

use serde_json::{Map, Value};
use zstack_model::{Field, Type, TypeShape, Version};

use super::{LaterPart, PartKind, PastApi};

/// The fields of an object: those of the release, and all of them.
pub(super) struct Fields<'a> {
    pub(super) had: Vec<&'a Field>,
    pub(super) all: Vec<&'a Field>,
}

/// The state of the traversal.
pub(super) struct Walk<'p> {
    past: &'p PastApi<'p>,
    path: String,
    pub(super) later: Vec<LaterPart>,
}

impl<'p> Walk<'p> {
    pub(super) fn new(past: &'p PastApi<'p>) -> Self {
        Self { past, path: String::new(), later: Vec::new() }
    }

    pub(super) fn object(&mut self, object: &Map<String, Value>, fields: &Fields<'_>) -> Map<String, Value> {
        let index_of = |list: &[&Field], name: &str| list.iter().position(|field| field.name == name);
        let mut had = Map::new();
        for (name, value) in object {
            let dot = if self.path.is_empty() { "" } else { "." };
            let value = self.with_step(&format!("{dot}{name}"), |walk| match index_of(&fields.had, name) {
                Some(index) => walk.value(value, &fields.had[index].ty),
                None => {
                    let since = index_of(&fields.all, name).map(|index| &fields.all[index].since);
                    walk.later(PartKind::Field, since)
                }
            });
            had.extend(value.map(|value| (name.clone(), value)));
        }
        had
    }

    /// Returns the value as of the release; `None` for a later value.
    fn value(&mut self, value: &Value, ty: &Type) -> Option<Value> {
        Some(match (ty, value) {
            (Type::List(ty), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items
                    .filter_map(|(index, item)| {
                        self.with_step(&format!("[{index}]"), |walk| walk.value(item, ty))
                    })
                    .collect()
            }
            (Type::Map(ty), Value::Object(entries)) => {
                let had = entries.iter().filter_map(|(key, value)| {
                    Some((key.clone(), self.with_step(&format!("[{key}]"), |walk| walk.value(value, ty))?))
                });
                Value::Object(had.collect())
            }
            (Type::Named(name), _) => return self.named_value(value, name),
            _ => value.clone(),
        })
    }

    /// Returns a value of a data type as of the release.
    fn named_value(&mut self, value: &Value, name: &str) -> Option<Value> {
        let past = self.past;
        let (Some(was), Some(is)) = (past.slice.data_type(name), past.newest.data_type(name)) else {
            return self
                .later(PartKind::Field, past.newest.data_type(name).map(|data_type| &data_type.since));
        };
        match (&was.shape, &is.shape, value) {
            (TypeShape::Record { .. }, _, Value::Object(object)) => {
                let fields = Fields { had: past.slice.fields(was), all: past.newest.fields(is) };
                Some(Value::Object(self.object(object, &fields)))
            }
            (TypeShape::Enum { values: had }, TypeShape::Enum { values: all }, Value::String(text))
                if had.iter().all(|had| had.name != *text) =>
            {
                match all.iter().find(|value| value.name == *text) {
                    Some(later) => self.later(PartKind::Value(text.clone()), Some(&later.since)),
                    // Enums are open: unknown values are kept.
                    None => Some(value.clone()),
                }
            }
            _ => Some(value.clone()),
        }
    }

    /// Records that the current value came later.
    fn later(&mut self, part: PartKind, since: Option<&Version>) -> Option<Value> {
        self.later.push(LaterPart {
            path: self.path.clone(),
            part,
            since: since.map_or_else(|| "no release".to_owned(), |since| since.to_string()),
        });
        None
    }

    fn with_step<T>(&mut self, step: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let seen = visit(self);
        self.path.truncate(length);
        seen
    }
}
