//! Through JSON with the types of a release.

use serde_json::{Map, Value};
use zstack_model::{Field, Type, TypeShape, Version};

use super::{Later, Part, Past};

/// The fields of an object: those that a release had, and those of today.
pub(super) struct Fields<'a> {
    pub(super) had: Vec<&'a Field>,
    pub(super) all: Vec<&'a Field>,
}

/// What has been seen on the way through an object.
pub(super) struct Walk<'p> {
    past: &'p Past<'p>,
    path: String,
    pub(super) later: Vec<Later>,
}

impl<'p> Walk<'p> {
    pub(super) fn new(past: &'p Past<'p>) -> Self {
        Self { past, path: String::new(), later: Vec::new() }
    }

    pub(super) fn object(&mut self, object: &Map<String, Value>, fields: &Fields<'_>) -> Map<String, Value> {
        let named = |list: &[&Field], name: &str| list.iter().position(|list| list.name == name);
        let mut had = Map::new();
        for (name, value) in object {
            let dot = if self.path.is_empty() { "" } else { "." };
            let value = self.below(&format!("{dot}{name}"), |it| match named(&fields.had, name) {
                Some(index) => it.value(value, &fields.had[index].ty),
                None => {
                    let since = named(&fields.all, name).map(|index| &fields.all[index].since);
                    it.later(Part::Field, since)
                }
            });
            had.extend(value.map(|value| (name.clone(), value)));
        }
        had
    }

    /// `None` for a value that came later.
    fn value(&mut self, value: &Value, ty: &Type) -> Option<Value> {
        Some(match (ty, value) {
            (Type::List(ty), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items
                    .filter_map(|(index, item)| self.below(&format!("[{index}]"), |it| it.value(item, ty)))
                    .collect()
            }
            (Type::Map(ty), Value::Object(entries)) => {
                let had = entries.iter().filter_map(|(key, value)| {
                    Some((key.clone(), self.below(&format!("[{key}]"), |it| it.value(value, ty))?))
                });
                Value::Object(had.collect())
            }
            (Type::Named(name), _) => return self.named(value, name),
            _ => value.clone(),
        })
    }

    /// A value of a data type.
    fn named(&mut self, value: &Value, name: &str) -> Option<Value> {
        let past = self.past;
        let (Some(was), Some(is)) = (past.slice.data_type(name), past.newest.data_type(name)) else {
            return self.later(Part::Field, past.newest.data_type(name).map(|data_type| &data_type.since));
        };
        match (&was.shape, &is.shape, value) {
            (TypeShape::Record { .. }, _, Value::Object(object)) => {
                let fields = Fields { had: past.slice.fields(was), all: past.newest.fields(is) };
                Some(Value::Object(self.object(object, &fields)))
            }
            (TypeShape::Enum { values: had }, TypeShape::Enum { values: all }, Value::String(text))
                if had.iter().all(|had| had.name != *text) =>
            {
                match all.iter().find(|it| it.name == *text) {
                    Some(later) => self.later(Part::Value(text.clone()), Some(&later.since)),
                    // Enums are open: what nobody knows is kept.
                    None => Some(value.clone()),
                }
            }
            _ => Some(value.clone()),
        }
    }

    /// Keeps in mind that what stands here came later.
    fn later(&mut self, part: Part, since: Option<&Version>) -> Option<Value> {
        self.later.push(Later {
            path: self.path.clone(),
            part,
            since: since.map_or_else(|| "no release".to_owned(), |since| since.text.clone()),
        });
        None
    }

    fn below<T>(&mut self, step: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let seen = look(self);
        self.path.truncate(length);
        seen
    }
}
