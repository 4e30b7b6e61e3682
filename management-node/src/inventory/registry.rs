//! What was declared so far, by name and by UUID.

use std::collections::HashMap;

use super::problem::{Mark, Problems, Spanned, meant};
use crate::model::Uuid;

/// Things of one kind.
pub(super) struct Registry<T> {
    what: &'static str,
    items: Vec<Declared<T>>,
}

struct Declared<T> {
    name: String,
    uuid: Uuid,
    thing: T,
    at: Mark,
}

impl<T> Registry<T> {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, items: Vec::new() }
    }

    /// Adds one. Its name must be new: others refer to it.
    pub(super) fn add(&mut self, name: &Spanned<String>, uuid: &str, thing: T, problems: &Problems) {
        if let Some(first) = self.items.iter().find(|it| it.name == name.value) {
            let (what, line) = (self.what, first.at.line);
            problems.add(
                name.at,
                format!("line {line} has a {what} named `{}` already; choose another name", name.value),
            );
        }
        self.items.push(Declared { name: name.value.clone(), uuid: uuid.to_owned(), thing, at: name.at });
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|it| &it.thing)
    }

    /// The thing that a name or a UUID refers to.
    pub(super) fn find(&self, reference: &Spanned<String>, problems: &Problems) -> Option<&T> {
        let text = &reference.value;
        let found = self.items.iter().find(|it| it.name == *text || it.uuid == *text);
        if found.is_none() {
            let hint = match meant(text, self.items.iter().map(|it| it.name.as_str())) {
                Some(name) => format!("; did you mean `{name}`?"),
                None if self.items.is_empty() => format!("; this file declares no {}", self.what),
                None => format!("; there is: {}", self.names()),
            };
            problems.add(reference.at, format!("there is no {} `{text}`{hint}", self.what));
        }
        found.map(|it| &it.thing)
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
        self.items.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ")
    }
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
