//! What the old spec calls the operations and the data types that have another
//! name now.

use std::collections::HashMap;

use super::pair::pair_renamed;
use zstack_model::{Model, Type};

/// New names by old ones, of what was renamed.
#[derive(Clone, Debug, Default)]
pub(super) struct Renames<'a> {
    operations: HashMap<&'a str, &'a str>,
    types: HashMap<&'a str, &'a str>,
}

impl<'a> Renames<'a> {
    pub(super) fn new(old: &'a Model, new: &'a Model) -> Self {
        let operations =
            pair_renamed(&old.operations, &new.operations, |it| &*it.name, |it| it.renamed_from.as_deref());
        let types = pair_renamed(&old.types, &new.types, |it| &*it.name, |it| it.renamed_from.as_deref());
        let operations = operations.both.into_iter().map(|(old, new)| (&*old.name, &*new.name));
        let types = types.both.into_iter().map(|(old, new)| (&*old.name, &*new.name));
        Self {
            operations: operations.filter(|(old, new)| old != new).collect(),
            types: types.filter(|(old, new)| old != new).collect(),
        }
    }

    /// What the new spec calls an operation of the old one.
    pub(super) fn operation<'n>(&'n self, old: &'n str) -> &'n str {
        self.operations.get(old).copied().unwrap_or(old)
    }

    /// What the new spec calls a data type of the old one.
    pub(super) fn data_type<'n>(&'n self, old: &'n str) -> &'n str {
        self.types.get(old).copied().unwrap_or(old)
    }

    /// What the old spec calls a data type of the new one.
    pub(super) fn former_data_type<'n>(&'n self, new: &'n str) -> &'n str {
        self.types.iter().find(|(_, name)| **name == new).map_or(new, |(old, _)| old)
    }

    /// Whether two types are the same one, by its old and its new name.
    pub(super) fn is_same(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Named(old), Type::Named(new)) => self.data_type(old) == new,
            (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => self.is_same(old, new),
            _ => old == new,
        }
    }
}
