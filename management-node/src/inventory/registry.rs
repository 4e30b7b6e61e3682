//! The declarations read so far, by name and by UUID.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use zstack_model::yaml::Mark;

use super::problem::{Problems, Spanned, closest_name, excerpt, list_names};
use crate::model::Uuid;

/// The declarations of one kind.
pub(super) struct Registry<T> {
    kind: &'static str,
    items: Vec<Declaration<T>>,
    /// The first item of each name.
    by_name: HashMap<String, usize>,
    /// The first item of each UUID.
    by_uuid: HashMap<Uuid, usize>,
}

struct Declaration<T> {
    name: String,
    value: T,
    at: Mark,
}

impl<T> Registry<T> {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, items: Vec::new(), by_name: HashMap::new(), by_uuid: HashMap::new() }
    }

    /// Adds a declaration. Its name must be unique: other declarations refer to it.
    pub(super) fn add(&mut self, name: &Spanned<String>, uuid: &str, value: T, problems: &Problems) {
        let index = self.items.len();
        match self.by_name.entry(name.value.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(index);
            }
            Entry::Occupied(first) => {
                let (kind, line) = (self.kind, self.items[*first.get()].at.line);
                let shown = excerpt(&name.value);
                problems.add(
                    name.at,
                    format!("the {kind} in line {line} is already named `{shown}`; choose another name"),
                );
            }
        }
        self.by_uuid.entry(uuid.to_owned()).or_insert(index);
        self.items.push(Declaration { name: name.value.clone(), value, at: name.at });
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.items.iter().map(|item| &item.value)
    }

    /// Finds a declaration by name or UUID; of two, the first one.
    pub(super) fn find(&self, reference: &Spanned<String>, problems: &Problems) -> Option<&T> {
        let text = &reference.value;
        let found = [self.by_name.get(text), self.by_uuid.get(text)].into_iter().flatten().min();
        if let Some(item) = found.and_then(|index| self.items.get(*index)) {
            return Some(&item.value);
        }
        let names = self.items.iter().map(|item| item.name.as_str());
        let closest = if problems.is_full() { None } else { closest_name(text, names) };
        let hint = match closest {
            Some(name) => format!("did you mean `{name}`?"),
            None if self.items.is_empty() => format!("this file declares no {}", self.kind),
            None => format!("this file declares {}", self.names()),
        };
        problems.add(reference.at, format!("unknown {} `{}`; {hint}", self.kind, excerpt(text)));
        None
    }

    /// Finds a declaration as [`find`](Self::find) does; without a reference,
    /// returns the only declaration.
    pub(super) fn find_or_only(
        &self,
        reference: Option<&Spanned<String>>,
        key: &str,
        at: Mark,
        problems: &Problems,
    ) -> Option<&T> {
        match (reference, self.items.as_slice()) {
            (Some(reference), _) => self.find(reference, problems),
            (None, [only]) => Some(&only.value),
            (None, []) => {
                problems.add(at, format!("`{key}` is missing, and this file declares no {}", self.kind));
                None
            }
            (None, _) => {
                problems.add(at, format!("`{key}` is missing; choose one of: {}", self.names()));
                None
            }
        }
    }

    fn names(&self) -> String {
        list_names(self.items.iter().map(|item| item.name.as_str()))
    }
}

/// The UUIDs of the file, which must be unique, with positions and names.
#[derive(Default)]
pub(super) struct Identities(HashMap<Uuid, (Mark, String)>);

impl Identities {
    /// Adds a UUID. A derived one (`is_explicit` is false) is a duplicate only if
    /// a name or position is, which is reported separately.
    pub(super) fn add(&mut self, uuid: &str, is_explicit: bool, name: &str, at: Mark, problems: &Problems) {
        if let Some((first, _)) = self.0.get(uuid).filter(|_| is_explicit) {
            problems.add(
                at,
                format!("the UUID {uuid} is already used in line {}; choose another one", first.line),
            );
        } else {
            self.0.entry(uuid.to_owned()).or_insert_with(|| (at, name.to_owned()));
        }
    }

    pub(super) fn find(&self, uuid: &str) -> Option<&(Mark, String)> {
        self.0.get(uuid)
    }
}
