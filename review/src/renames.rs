//! Renamed operations and data types.

use std::collections::HashMap;

use super::pair::pair_renamed;
use zstack_model::{Model, Type};

/// The new names of renamed operations and data types, by their old names.
#[derive(Clone, Debug, Default)]
pub(super) struct Renames<'a> {
    operations: HashMap<&'a str, &'a str>,
    types: HashMap<&'a str, &'a str>,
}

impl<'a> Renames<'a> {
    pub(super) fn new(old: &'a Model, new: &'a Model) -> Self {
        let operations = pair_renamed(
            &old.operations,
            &new.operations,
            |operation| &*operation.name,
            |operation| operation.renamed_from.as_deref(),
        );
        let types = pair_renamed(&old.types, &new.types, |ty| &*ty.name, |ty| ty.renamed_from.as_deref());
        let operations = operations.both.into_iter().map(|(old, new)| (&*old.name, &*new.name));
        let types = types.both.into_iter().map(|(old, new)| (&*old.name, &*new.name));
        Self {
            operations: operations.filter(|(old, new)| old != new).collect(),
            types: types.filter(|(old, new)| old != new).collect(),
        }
    }

    /// The new name of an operation of the old spec.
    pub(super) fn operation<'n>(&'n self, old: &'n str) -> &'n str {
        self.operations.get(old).copied().unwrap_or(old)
    }

    /// The new name of a data type of the old spec.
    pub(super) fn data_type<'n>(&'n self, old: &'n str) -> &'n str {
        self.types.get(old).copied().unwrap_or(old)
    }

    /// The old name of a data type of the new spec.
    pub(super) fn former_data_type<'n>(&'n self, new: &'n str) -> &'n str {
        self.types.iter().find(|(_, name)| **name == new).map_or(new, |(old, _)| old)
    }

    /// Returns whether an old and a new type are the same, apart from renaming.
    pub(super) fn is_same(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Named(old), Type::Named(new)) => self.data_type(old) == new,
            (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => self.is_same(old, new),
            _ => old == new,
        }
    }
}
