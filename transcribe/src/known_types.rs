//! The fields that data types are known to have before the pages of a run are merged: by the spec,
//! by tables, and by samples.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::json::Sample;
use crate::page::Field;
use crate::words::{COMMON_FIELDS, is_result, spec_type};

/// The known fields of a data type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KnownFields {
    pub(crate) names: HashSet<String>,
    /// The number of samples that show a value of the type. A field that it does not have is in none.
    pub(crate) samples: u32,
    /// The number of tables of the type on other pages, which leave out nothing.
    pub(crate) tables: u32,
}

impl KnownFields {
    /// More samples than are ever counted: all fields are known.
    const COMPLETE: u32 = 1_000;

    /// All fields of a type.
    pub(crate) fn complete(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().collect(), samples: Self::COMPLETE, tables: 0 }
    }

    /// Returns whether all fields are known.
    pub(crate) fn is_complete(&self) -> bool {
        self.samples >= Self::COMPLETE
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

    /// Returns whether a sample has hardly any other field.
    pub(crate) fn has_most_of(&self, sample: &Sample) -> bool {
        let keys = sample.fields();
        let shared = keys.iter().filter(|(key, _)| self.contains(key)).count();
        keys.len() > 1 && shared * 5 >= keys.len() * 4
    }

    /// Adds what another source says of the same type.
    pub(crate) fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.samples = self.samples.saturating_add(other.samples).min(Self::COMPLETE);
        self.tables = self.tables.saturating_add(other.tables);
    }
}

/// The fields at the top of responses.
pub(crate) const TOP_FIELDS: [&str; 3] = ["error", "success", "total"];

/// The known fields by the names of types, and by the keys of lists.
pub(crate) type FieldsByType = HashMap<String, KnownFields>;

/// The data types of a run.
#[derive(Debug, Default)]
pub(crate) struct KnownTypes {
    types: HashMap<String, Rc<KnownFields>>,
    owners: Owners,
    /// Those of [`TOP_FIELDS`] that hardly any page of the run has.
    rare_at_top: Vec<&'static str>,
}

impl KnownTypes {
    pub(crate) fn new(types: &FieldsByType) -> Self {
        let owners = Owners::new(types);
        let types = types.iter().map(|(ty, fields)| (ty.clone(), Rc::new(fields.clone()))).collect();
        Self { types, owners, rare_at_top: Vec::new() }
    }

    /// The same types; these fields are not expected at the top of a response.
    pub(crate) fn without_at_top(self, rare_at_top: Vec<&'static str>) -> Self {
        Self { rare_at_top, ..self }
    }

    /// The fields that are expected at the top of a response.
    pub(crate) fn at_top(&self) -> impl Iterator<Item = &'static str> {
        TOP_FIELDS.into_iter().filter(|name| !self.rare_at_top.contains(name))
    }

    /// The fields of a type or a list, by its key.
    pub(crate) fn fields(&self, key: &str) -> Option<Rc<KnownFields>> {
        self.types.get(key).cloned()
    }

    /// The fields of the elements of a list that no page qualifies, if a sample does not contradict
    /// them: lists of one name may have elements of several types.
    pub(crate) fn of_list(&self, list: &str, sample: &Sample) -> Option<Rc<KnownFields>> {
        list_keys(list).map_while(|key| self.fields(&key)).find(|fields| fields.has_most_of(sample))
    }

    /// The type whose fields a sample has, if it is distinctive.
    pub(crate) fn recognize(&self, sample: &Sample) -> Option<&str> {
        let (shared, count) = self.owners.count_shared(sample.fields().iter().map(|(key, _)| key.as_str()));
        let fits = shared.into_iter().filter(|(_, shared)| *shared > 1 && shared * 10 >= count * 9);
        // Of several ones, that with the fewest other fields.
        fits.min_by_key(|&(ty, shared)| (self.owners.size(ty).saturating_sub(shared), ty)).map(|(ty, _)| ty)
    }
}

/// The named types that have a field, by its name.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    by_field: HashMap<String, Vec<String>>,
    /// The number of all fields of a type.
    sizes: HashMap<String, usize>,
}

impl Owners {
    pub(crate) fn new(types: &FieldsByType) -> Self {
        let mut owners = Self::default();
        for (ty, fields) in types.iter().filter(|(ty, _)| !is_list_key(ty)) {
            for name in fields.names.iter().filter(|name| !COMMON_FIELDS.contains(&name.as_str())) {
                owners.by_field.entry(name.clone()).or_default().push(ty.clone());
            }
            owners.sizes.insert(ty.clone(), fields.names.len());
        }
        owners
    }

    fn size(&self, ty: &str) -> usize {
        self.sizes.get(ty).copied().unwrap_or(0)
    }

    /// The numbers of distinctive fields that types share with some names, and that of these names.
    fn count_shared<'n>(&self, names: impl Iterator<Item = &'n str>) -> (HashMap<&str, usize>, usize) {
        let mut shared: HashMap<&str, usize> = HashMap::new();
        let mut count = 0;
        for name in names.filter(|name| !COMMON_FIELDS.contains(name)) {
            count += 1;
            for owner in self.by_field.get(name).into_iter().flatten() {
                *shared.entry(owner).or_default() += 1;
            }
        }
        (shared, count)
    }

    /// The type that has most of the fields of another one, and the fewest others.
    pub(crate) fn most_alike(&self, fields: &KnownFields) -> Option<&str> {
        let (shared, _) = self.count_shared(fields.names.iter().map(String::as_str));
        let others = |ty: &str, shared: usize| self.size(ty).saturating_sub(shared);
        let score =
            |ty: &str, shared: usize| shared as f64 / (fields.names.len() + others(ty, shared)) as f64;
        let best = shared.into_iter().map(|(ty, shared)| (score(ty, shared), ty));
        best.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(one.1))).map(|(_, ty)| ty)
    }
}

/// The end of the key of the elements of a list.
const LIST: &str = "[]";

/// Returns whether a key is that of the elements of a list.
pub(crate) fn is_list_key(key: &str) -> bool {
    key.contains(LIST)
}

/// The number of types by which lists of one name are distinguished.
pub(crate) const TYPES_OF_LIST: usize = 8;

/// The keys of the elements of all lists of a name. The first one is that of most of them.
pub(crate) fn list_keys(list: &str) -> impl Iterator<Item = String> {
    let first = list_key(None, list);
    (0..TYPES_OF_LIST).map(move |nth| if nth == 0 { first.clone() } else { format!("{first}{nth}") })
}

/// The key of the elements of a list, in the type that has it, or in any.
pub(crate) fn list_key(owner: Option<&str>, list: &str) -> String {
    match owner {
        Some(owner) => format!("{owner}.{list}{LIST}"),
        None => format!("{list}{LIST}"),
    }
}

/// The key of the type of a field, in a value with the key of an owner. Lists in responses are named
/// alike whatever they contain, so that those have none, except for the results of queries.
pub(crate) fn key_of(operation: &str, owner: Option<&str>, field: &Field) -> Option<String> {
    match (spec_type(&field.ty), owner) {
        (None, _) => Some(field.ty.clone()),
        (Some(_), Some(owner)) => Some(list_key(Some(owner), &field.name)),
        (Some(_), None) => queried_type(operation).filter(|_| is_result(&field.name)),
    }
}

/// The type that a query finds: `QueryZone` finds `ZoneInventory`.
fn queried_type(operation: &str) -> Option<String> {
    let stem = operation.strip_prefix("Query").filter(|stem| !stem.is_empty())?;
    Some(format!("{stem}Inventory"))
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
