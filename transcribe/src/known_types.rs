//! The fields that data types are known to have before the pages of a run are merged: by the spec,
//! by tables, and by samples.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::json::Sample;
use crate::page::Field;
use crate::words::{COMMON_FIELDS, spec_type};

/// The known fields of a data type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KnownFields {
    pub(crate) names: HashSet<String>,
    /// The number of samples that show a value of the type. A field that it does not have is in none.
    pub(crate) samples: u32,
}

impl KnownFields {
    /// More samples than are ever counted: all fields are known.
    const COMPLETE: u32 = 1_000;

    /// All fields of a type.
    pub(crate) fn complete(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().collect(), samples: Self::COMPLETE }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Returns whether the elements of two lists may have the same type: they share half of the
    /// distinctive fields of the smaller one.
    pub(crate) fn is_similar(&self, other: &Self) -> bool {
        let distinctive = |fields: &Self| {
            fields.names.iter().filter(|name| !COMMON_FIELDS.contains(&name.as_str())).count()
        };
        let is_shared =
            |name: &&String| !COMMON_FIELDS.contains(&name.as_str()) && self.names.contains(*name);
        let shared = other.names.iter().filter(is_shared).count();
        shared > 0 && shared * 2 >= distinctive(self).min(distinctive(other))
    }

    /// Adds what another source says of the same type.
    pub(crate) fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.samples = self.samples.saturating_add(other.samples).min(Self::COMPLETE);
    }
}

/// The known fields by the names of types, and by the keys of lists.
pub(crate) type FieldsByType = HashMap<String, KnownFields>;

/// The data types of a run.
#[derive(Debug, Default)]
pub(crate) struct KnownTypes {
    types: HashMap<String, Rc<KnownFields>>,
    /// The named types that have a field, by its name.
    owners: HashMap<String, Vec<String>>,
}

impl KnownTypes {
    pub(crate) fn new(types: &FieldsByType) -> Self {
        let mut owners: HashMap<String, Vec<String>> = HashMap::new();
        for (ty, fields) in types.iter().filter(|(ty, _)| !ty.ends_with(LIST)) {
            for name in fields.names.iter().filter(|name| !COMMON_FIELDS.contains(&name.as_str())) {
                owners.entry(name.clone()).or_default().push(ty.clone());
            }
        }
        let types = types.iter().map(|(ty, fields)| (ty.clone(), Rc::new(fields.clone()))).collect();
        Self { types, owners }
    }

    /// The fields of a type or a list, by its key.
    pub(crate) fn fields(&self, key: &str) -> Option<Rc<KnownFields>> {
        self.types.get(key).cloned()
    }

    /// The fields of the elements of a list that no page qualifies, if a sample does not contradict
    /// them: lists of one name may have elements of several types.
    pub(crate) fn of_list(&self, list: &str, sample: &Sample) -> Option<Rc<KnownFields>> {
        let fields = self.fields(&list_key(None, list))?;
        let keys = sample.fields();
        let shared = keys.iter().filter(|(key, _)| fields.contains(key)).count();
        (keys.len() > 1 && shared * 5 >= keys.len() * 4).then_some(fields)
    }

    /// The type whose fields a sample has, if it is distinctive.
    pub(crate) fn recognize(&self, sample: &Sample) -> Option<&str> {
        let keys = sample.fields().iter().filter(|(key, _)| !COMMON_FIELDS.contains(&key.as_str()));
        let mut shared: HashMap<&str, usize> = HashMap::new();
        let mut count = 0;
        for (key, _) in keys {
            count += 1;
            for owner in self.owners.get(key).into_iter().flatten() {
                *shared.entry(owner).or_default() += 1;
            }
        }
        let fits = shared.into_iter().filter(|(_, shared)| *shared > 1 && shared * 10 >= count * 9);
        // Of several ones, that with the fewest other fields.
        let others =
            |ty: &str, shared: usize| self.types.get(ty).map_or(0, |fields| fields.names.len()) - shared;
        fits.min_by_key(|&(ty, shared)| (others(ty, shared), ty)).map(|(ty, _)| ty)
    }
}

/// The end of the key of the elements of a list.
const LIST: &str = "[]";

/// The key of the elements of a list, in the type that has it, or in any.
pub(crate) fn list_key(owner: Option<&str>, list: &str) -> String {
    match owner {
        Some(owner) => format!("{owner}.{list}{LIST}"),
        None => format!("{list}{LIST}"),
    }
}

/// The key of the type of a field, in a value with the key of an owner. Lists in responses are named
/// alike whatever they contain, so that those have none.
pub(crate) fn key_of(owner: Option<&str>, field: &Field) -> Option<String> {
    match spec_type(&field.ty) {
        None => Some(field.ty.clone()),
        Some(_) => owner.map(|owner| list_key(Some(owner), &field.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read_text;

    fn complete_types(types: &[(&str, &[&str])]) -> KnownTypes {
        let fields = |names: &[&str]| KnownFields::complete(names.iter().map(|&name| name.to_owned()));
        KnownTypes::new(&types.iter().map(|(ty, names)| ((*ty).to_owned(), fields(names))).collect())
    }

    #[test]
    fn types_are_recognized_by_distinctive_fields() {
        let types = complete_types(&[
            ("ShelfInventory", &["uuid", "name", "capacity", "depth"]),
            ("RoomInventory", &["uuid", "name", "capacity", "depth", "height"]),
            ("UserInventory", &["uuid", "name"]),
            ("shelves[]", &["capacity", "depth"]),
        ]);
        let recognize = |sample: &str| types.recognize(&read_text(sample).unwrap());
        assert_eq!(recognize("{\"uuid\": 1, \"capacity\": 1, \"depth\": 1}"), Some("ShelfInventory"));
        assert_eq!(recognize("{\"capacity\": 1, \"depth\": 1, \"height\": 1}"), Some("RoomInventory"));
        assert_eq!(recognize("{\"capacity\": 1, \"depth\": 1, \"owner\": 1}"), None);
        assert_eq!(recognize("{\"uuid\": 1, \"name\": 1}"), None);
    }
}
