//! Who sends and who receives a data type: which operations lead to it, and in
//! which direction.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{Model, Operation};

/// The operations that lead to something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached<'a> {
    /// Those whose callers send it.
    pub(super) requests: BTreeSet<&'a str>,
    /// Those whose callers receive it.
    pub(super) responses: BTreeSet<&'a str>,
}

/// What uses a data type.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum User<'a> {
    Type(&'a str),
    Request(&'a str),
    Response(&'a str),
    /// The envelope, which all answers have.
    Envelope,
}

/// The users of each data type of a model, one step away.
pub(super) struct Users<'a> {
    model: &'a Model,
    of: HashMap<&'a str, Vec<User<'a>>>,
}

impl<'a> Users<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut of: HashMap<&str, Vec<User<'_>>> = HashMap::new();
        let mut add = |name: Option<&'a str>, user| {
            if let Some(name) = name {
                of.entry(name).or_default().push(user);
            }
        };
        for Operation { name, parameters, response, .. } in &model.operations {
            parameters.iter().for_each(|it| add(it.field.ty.named(), User::Request(name)));
            response.iter().for_each(|it| add(it.ty.named(), User::Response(name)));
        }
        model.service.envelope.iter().for_each(|it| add(it.ty.named(), User::Envelope));
        for it in &model.types {
            it.own_fields().iter().for_each(|field| add(field.ty.named(), User::Type(&it.name)));
            if let Some(base) = &it.extends {
                // An extension has the fields of its base, and may stand for it.
                add(Some(base), User::Type(&it.name));
                add(Some(&it.name), User::Type(base));
            }
        }
        Self { model, of }
    }

    /// The operations that lead to a data type, by however many steps.
    pub(super) fn reached(&self, name: &str) -> Reached<'a> {
        let mut reached = Reached::default();
        for user in self.all(name) {
            match user {
                User::Type(_) => {}
                User::Request(operation) => drop(reached.requests.insert(operation)),
                User::Response(operation) => drop(reached.responses.insert(operation)),
                User::Envelope => reached.responses.extend(self.model.operations.iter().map(|it| &*it.name)),
            }
        }
        reached
    }

    /// Whether a value of a data type may hold one of the same.
    pub(super) fn holds_itself(&self, name: &str) -> bool {
        self.all(name).contains(&User::Type(name))
    }

    fn all(&self, name: &str) -> HashSet<User<'a>> {
        let mut found = HashSet::new();
        let mut open: Vec<_> = self.of.get(name).into_iter().flatten().copied().collect();
        while let Some(user) = open.pop() {
            if found.insert(user)
                && let User::Type(name) = user
            {
                open.extend(self.of.get(name).into_iter().flatten());
            }
        }
        found
    }
}
