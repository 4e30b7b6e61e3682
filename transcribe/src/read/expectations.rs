//! The fields that are expected in a value, by its type.

use std::collections::HashMap;
use std::rc::Rc;

use super::nested_tables::reference;
use crate::json::Sample;
use crate::known_types::{KnownFields, KnownTypes, key_of, list_key};
use crate::page::Field;
use crate::resolve::naming::{type_stem, type_stem_of_operation};
use crate::words::{ERROR_FIELDS, ERROR_TYPE, is_result, spec_type};

/// The deepest level of a page.
const DEPTH_LIMIT: usize = 16;

/// The facts by which the fields of a page are nested.
#[derive(Clone, Copy)]
pub(super) struct Hints<'k> {
    pub(super) types: &'k KnownTypes,
    /// The name of the operation; empty if the page does not print it.
    pub(super) operation: &'k str,
}

/// A key of a sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its place.
    pub(super) at: usize,
    /// The number of keys that would have no field without it: itself, and those of its value.
    pub(super) weight: usize,
}

impl Key {
    /// The number of keys of a value that count.
    const INNER_KEYS: usize = 5;

    fn new(at: usize, value: &Sample) -> Self {
        let inner = value.element().map_or(0, |value| value.fields().len());
        Self { at, weight: 1 + inner.min(Self::INNER_KEYS) }
    }
}

/// The fields that a value is expected to have, by its type and by its sample.
#[derive(Debug)]
pub(super) struct Expected<'s> {
    pub(super) fields: Rc<KnownFields>,
    /// The key of its type.
    pub(super) key: Option<Rc<str>>,
    /// The stem of the name of its type, in lower case: `vmnic`.
    pub(super) stem: String,
    /// The keys of the sample.
    pub(super) keys: HashMap<&'s str, Key>,
    /// The number of fields of the type that are not in the sample.
    pub(super) left_out: usize,
    /// The type is that of another list of the same name, which may have other fields.
    pub(super) is_tentative: bool,
}

impl<'s> Expected<'s> {
    fn new(fields: Rc<KnownFields>, key: Option<Rc<str>>, stem: String, sample: Option<&'s Sample>) -> Self {
        let keys = sample.map_or(&[][..], Sample::fields);
        let place = |(at, (name, value)): (usize, &'s (String, Sample))| (name.as_str(), Key::new(at, value));
        let keys: HashMap<&str, Key> = keys.iter().enumerate().map(place).collect();
        let left_out = fields.names.iter().filter(|name| !keys.contains_key(name.as_str())).count();
        Self { fields, key, stem, keys, left_out, is_tentative: false }
    }

    /// The fields at the top of a response.
    pub(super) fn top(types: &KnownTypes, sample: Option<&'s Sample>) -> Self {
        let fields =
            KnownFields { names: types.at_top().map(str::to_owned).collect(), samples: 1, tables: 0 };
        Self::new(Rc::new(fields), None, String::new(), sample)
    }
}

/// The expected fields of values, found once for each of them.
pub(super) struct Expectations<'s, 'k> {
    hints: Hints<'k>,
    found: HashMap<ValueKey, Rc<Expected<'s>>>,
}

/// A value: its field and its sample, by their addresses, and the key of the type that has it.
type ValueKey = (*const Field, Option<*const Sample>, Option<Rc<str>>);

impl<'s, 'k> Expectations<'s, 'k> {
    pub(super) fn new(hints: Hints<'k>) -> Self {
        Self { hints, found: HashMap::new() }
    }

    /// The expected fields of the value of a field, in a value with the key of an owner.
    pub(super) fn value(
        &mut self,
        owner: Option<Rc<str>>,
        field: &Field,
        sample: Option<&'s Sample>,
    ) -> Rc<Expected<'s>> {
        let hints = self.hints;
        let key = (std::ptr::from_ref(field), sample.map(std::ptr::from_ref), owner.clone());
        let found = self
            .found
            .entry(key)
            .or_insert_with(|| Rc::new(hints.expected_fields(owner.as_deref(), field, sample)));
        Rc::clone(found)
    }
}

impl Hints<'_> {
    fn expected_fields<'s>(
        self,
        owner: Option<&str>,
        field: &Field,
        sample: Option<&'s Sample>,
    ) -> Expected<'s> {
        let stem = self.stem(field);
        if field.ty == ERROR_TYPE.0 {
            let fields = Rc::new(KnownFields::complete(to_strings(ERROR_FIELDS)));
            return Expected::new(fields, Some(Rc::from(ERROR_TYPE.0)), stem, sample);
        }
        let key = key_of(self.operation, owner, field);
        // A query may find another type than its name says.
        let is_by_convention = owner.is_none() && spec_type(&field.ty).is_some();
        let fits = |fields: &Rc<KnownFields>| {
            !is_by_convention || sample.is_none_or(|sample| fields.has_most_of(sample))
        };
        let qualified = key.as_deref().and_then(|key| self.types.fields(key)).filter(fits);
        if let Some(fields) = qualified {
            return Expected::new(fields, key.map(Rc::from), stem, sample);
        }
        // A list without a name for its elements.
        let unnamed = sample.filter(|_| spec_type(&field.ty).is_some());
        let named_alike = unnamed.filter(|_| !is_result(&field.name));
        if let Some(fields) = named_alike.and_then(|sample| self.types.of_list(&field.name, sample)) {
            return Expected::new(fields, key.map(Rc::from), stem, sample);
        }
        if sample.is_none()
            && let Some(fields) =
                self.types.fields(&list_key(None, &field.name)).filter(|_| !is_result(&field.name))
        {
            let expected = Expected::new(fields, key.map(Rc::from), stem, sample);
            return Expected { left_out: 0, is_tentative: true, ..expected };
        }
        match unnamed.and_then(|sample| self.types.recognize(sample)) {
            Some(found) => {
                // A type that extends the one that was recognized has more fields than its tables.
                let fields = self.types.fields(found).unwrap_or_default();
                let fields = Rc::new(KnownFields { tables: 0, ..(*fields).clone() });
                Expected::new(fields, Some(Rc::from(found)), stem, sample)
            }
            None => Expected::new(Rc::default(), key.map(Rc::from), stem, sample),
        }
    }

    fn stem(self, field: &Field) -> String {
        let stem = match spec_type(&field.ty) {
            None => field.ty.strip_suffix("Inventory").unwrap_or(&field.ty).to_owned(),
            Some(_) if is_result(&field.name) => type_stem_of_operation(self.operation),
            Some(_) => type_stem(&field.name),
        };
        stem.to_ascii_lowercase()
    }
}

fn to_strings(names: &[&str]) -> impl Iterator<Item = String> {
    names.iter().map(|&name| name.to_owned())
}

/// Returns whether fields of the value of a field may follow, given the owners of the open levels.
pub(super) fn opens<'p>(
    mut owners: impl Iterator<Item = &'p Field>,
    field: &Field,
    sample: Option<&Sample>,
    depth: usize,
) -> bool {
    let is_inside_itself = spec_type(&field.ty).is_none() && owners.any(|owner| owner.ty == field.ty);
    !is_inside_itself && depth < DEPTH_LIMIT && may_open(field, sample)
}

/// Returns whether a value of this type may have fields.
fn may_open(field: &Field, sample: Option<&Sample>) -> bool {
    let is_object = matches!(sample, Some(Sample::Object(fields)) if !fields.is_empty());
    match spec_type(&field.ty) {
        None => true,
        // The keys of a map are not fields.
        Some("Map<String,Any>") => is_described(field),
        Some("List" | "Any") => is_object || sample.is_none() && is_described(field),
        Some(_) => false,
    }
}

/// Returns whether the page describes the value of a field: it names its type, or refers to it.
pub(super) fn is_described(field: &Field) -> bool {
    spec_type(&field.ty).is_none()
        || field.description.as_deref().is_some_and(|text| reference(text).is_some())
}
