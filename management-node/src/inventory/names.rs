//! The names and UUIDs of the entries of a file.

use std::collections::HashMap;

use zstack_model::yaml::Mark;

use super::kinds::Kind;
use super::problem::{Problems, Spanned, excerpt, list_names};
use crate::model::Uuid;
use crate::suggest::closest_name;

/// The names of the entries, by the bases of their resources.
#[derive(Default)]
pub(super) struct Names(HashMap<&'static str, Group>);

#[derive(Default)]
struct Group {
    names: Vec<String>,
    /// The UUIDs in the order of the file.
    uuids: Vec<Uuid>,
    /// With the position; none for documents that every node has.
    by_name: HashMap<String, (Uuid, Option<Mark>)>,
}

impl Names {
    /// Adds an entry. If its name is taken, returns the position of the first entry with it.
    pub(super) fn add(&mut self, base: &'static str, name: &Spanned<String>, uuid: &str) -> Option<Mark> {
        let group = self.0.entry(base).or_default();
        group.uuids.push(uuid.to_owned());
        if let Some((_, Some(first))) = group.by_name.get(&name.value) {
            return Some(*first);
        }
        group.names.push(name.value.clone());
        group.by_name.insert(name.value.clone(), (uuid.to_owned(), Some(name.at)));
        None
    }

    /// Adds a name of a document that every node has.
    pub(super) fn add_built_in(&mut self, base: &'static str, name: &str, uuid: &str) {
        let group = self.0.entry(base).or_default();
        group.by_name.insert(name.to_owned(), (uuid.to_owned(), None));
    }

    pub(super) fn find(&self, base: &str, name: &str) -> Option<&Uuid> {
        self.0.get(base)?.by_name.get(name).map(|(uuid, _)| uuid)
    }

    /// The UUIDs of the entries of a base.
    pub(super) fn uuids(&self, base: &str) -> &[Uuid] {
        self.0.get(base).map_or(&[], |group| &group.uuids)
    }

    /// Reports a reference to an entry that does not exist.
    pub(super) fn report_unknown(
        &self,
        base: &str,
        label: &str,
        name: &Spanned<String>,
        problems: &Problems,
    ) {
        let known = self.names_of(base);
        let closest = if problems.is_full() {
            None
        } else {
            closest_name(&name.value, known.iter().map(String::as_str))
        };
        let hint = match closest {
            Some(name) => format!("did you mean `{name}`?"),
            None if known.is_empty() => format!("this file declares no {label}"),
            None => format!("this file declares {}", list_names(known.iter().map(String::as_str))),
        };
        problems.add(name.at, format!("unknown {label} `{}`; {hint}", excerpt(&name.value)));
    }

    /// Reports that a reference is missing although several entries, or none, are possible.
    pub(super) fn report_missing(&self, base: &str, label: &str, key: &str, at: Mark, problems: &Problems) {
        let known = self.names_of(base);
        if known.is_empty() {
            problems.add(at, format!("`{key}` is missing, and this file declares no {label}"));
        } else {
            let names = list_names(known.iter().map(String::as_str));
            problems.add(at, format!("`{key}` is missing; choose one of: {names}"));
        }
    }

    fn names_of(&self, base: &str) -> &[String] {
        self.0.get(base).map_or(&[], |group| &group.names)
    }
}

/// The UUIDs of the file, which must be unique, with positions and descriptions.
#[derive(Default)]
pub(super) struct Identities(HashMap<Uuid, Identity>);

/// The entry with a UUID.
pub(super) struct Identity {
    pub(super) at: Mark,
    /// The name, or the UUID.
    pub(super) name: String,
    pub(super) kind: &'static Kind,
}

impl Identities {
    /// Adds a UUID. A derived one (`is_explicit` is false) is a duplicate only if
    /// a name or position is, which is reported separately.
    pub(super) fn add(&mut self, uuid: &str, is_explicit: bool, new: Identity, problems: &Problems) {
        if let Some(first) = self.0.get(uuid).filter(|_| is_explicit) {
            let line = first.at.line;
            problems
                .add(new.at, format!("the UUID {uuid} is already used in line {line}; choose another one"));
        } else {
            self.0.entry(uuid.to_owned()).or_insert(new);
        }
    }

    pub(super) fn find(&self, uuid: &str) -> Option<&Identity> {
        self.0.get(uuid)
    }
}
