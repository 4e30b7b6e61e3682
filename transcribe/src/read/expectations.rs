//! The fields that are expected in a value, by its type.

use super::nested_tables::reference;
use crate::json::Sample;
use crate::page::Field;
use crate::words::{ERROR_FIELDS, ERROR_TYPE, spec_type};

/// The deepest level of a page.
const DEPTH_LIMIT: usize = 16;

/// The fields at the top of responses.
pub(super) const TOP_FIELDS: &[&str] = &["error", "success", "total"];

/// The names of the fields of a data type, if it is known.
pub(super) type FieldNames<'k> = &'k dyn Fn(&str) -> Option<Vec<String>>;

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
    let is_referred = field.description.as_deref().is_some_and(|text| reference(text).is_some());
    match spec_type(&field.ty) {
        None => true,
        // The keys of a map are not fields.
        Some("Map<String,Any>") => is_referred,
        Some("List" | "Any") => is_object || sample.is_none() && is_referred,
        Some(_) => false,
    }
}

/// The names of the fields of a type that other pages or the spec describe. The type of a list is
/// found by the name of the list, if the sample does not contradict it.
pub(super) fn known_names(field: &Field, sample: Option<&Sample>, types: FieldNames<'_>) -> Vec<String> {
    if field.ty == ERROR_TYPE.0 {
        return ERROR_FIELDS.iter().map(|&name| name.to_owned()).collect();
    }
    if spec_type(&field.ty).is_none() {
        return types(&field.ty).unwrap_or_default();
    }
    let keys = sample.map_or(&[][..], Sample::fields);
    let names = types(&list_key(&field.name)).unwrap_or_default();
    let shared = keys.iter().filter(|(key, _)| names.contains(key)).count();
    if keys.len() > 1 && shared * 5 >= keys.len() * 4 { names } else { Vec::new() }
}

/// The key of the fields of the elements of a list, among the names of data types.
pub(crate) fn list_key(list: &str) -> String {
    format!("{list}[]")
}
