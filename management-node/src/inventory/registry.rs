//! What was declared so far, by name and by UUID.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use zstack_model::yaml::Mark;

use super::problem::{Problems, Spanned, excerpt, list_names, meant};
use crate::model::Uuid;

/// Things of one kind.
pub(super) struct Registry<T> {
    what: &'static str,
    items: Vec<Declared<T>>,
    /// The first item of each name.
    by_name: HashMap<String, usize>,
    /// The first item of each UUID.
    by_uuid: HashMap<Uuid, usize>,
}

struct Declared<T> {
    name: String,
    thing: T,
    at: Mark,
}

impl<T> Registry<T> {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, items: Vec::new(), by_name: HashMap::new(), by_uuid: HashMap::new() }
    }

    /// Adds one. Its name must be new: others refer to it.
    pub(super) fn add(&mut self, name: &Spanned<String>, uuid: &str, thing: T, problems: &Problems) {
        let index = self.items.len();
        match self.by_name.entry(name.value.clone()) {
            Entry::Vacant(free) => {
                free.insert(index);
            }
            Entry::Occupied(first) => {
                let (what, line) = (self.what, self.items[*first.get()].at.line);
                let name_ = excerpt(&name.value);
                problems.add(
                    name.at,
                    format!("line {line} has a {what} named `{name_}` already; choose another name"),
                );
            }
        }
        self.by_uuid.entry(uuid.to_owned()).or_insert(index);
        self.items.push(Declared { name: name.value.clone(), thing, at: name.at });
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.items.iter().map(|item| &item.thing)
    }

    /// The thing that a name or a UUID refers to; of two, the one that is
    /// declared first.
    pub(super) fn find(&self, reference: &Spanned<String>, problems: &Problems) -> Option<&T> {
        let text = &reference.value;
        let found = [self.by_name.get(text), self.by_uuid.get(text)].into_iter().flatten().min();
        if let Some(item) = found.and_then(|index| self.items.get(*index)) {
            return Some(&item.thing);
        }
        let hint = match meant_unless_full(text, self.items.iter().map(|item| item.name.as_str()), problems) {
            Some(name) => format!("; did you mean `{name}`?"),
            None if self.items.is_empty() => format!("; this file declares no {}", self.what),
            None => format!("; there is: {}", self.names()),
        };
        problems.add(reference.at, format!("there is no {} `{}`{hint}", self.what, excerpt(text)));
        None
    }

    /// The thing referred to, or the only one there is.
    pub(super) fn find_or_only(
        &self,
        reference: Option<&Spanned<String>>,
        key: &str,
        at: Mark,
        problems: &Problems,
    ) -> Option<&T> {
        match (reference, self.items.as_slice()) {
            (Some(reference), _) => self.find(reference, problems),
            (None, [only]) => Some(&only.thing),
            (None, []) => {
                problems.add(at, format!("`{key}` is missing, and this file declares no {}", self.what));
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

/// A suggestion, unless problems are only counted by now.
fn meant_unless_full<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
    problems: &Problems,
) -> Option<&'a str> {
    if problems.is_full() { None } else { meant(found, known) }
}

/// Every UUID of the file, with its position and what it is: no two things may
/// share one.
#[derive(Default)]
pub(super) struct Identities(HashMap<Uuid, (Mark, String)>);

impl Identities {
    /// A UUID that was made up - `written` is false - clashes only where names
    /// or places do, which is reported there.
    pub(super) fn claim(&mut self, uuid: &str, written: bool, name: &str, at: Mark, problems: &Problems) {
        if let Some((first, _)) = self.0.get(uuid).filter(|_| written) {
            problems
                .add(at, format!("the UUID {uuid} is used already, in line {}; choose another", first.line));
        } else {
            self.0.entry(uuid.to_owned()).or_insert_with(|| (at, name.to_owned()));
        }
    }

    pub(super) fn find(&self, uuid: &str) -> Option<&(Mark, String)> {
        self.0.get(uuid)
    }
}
