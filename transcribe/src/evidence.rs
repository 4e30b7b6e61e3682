//! The fields that data types have by the pages of a run, before these pages are merged.

use std::collections::HashMap;

use crate::json::Sample;
use crate::page::{Field, Page};
use crate::read::list_key;
use crate::resolve::types::{self, PrintedType};
use crate::words::{COMMON_FIELDS, spec_type};

/// The names of the fields of data types, and of the elements of lists.
pub(crate) type TypeFields = HashMap<String, Vec<String>>;

/// Adds the fields of a page that its sample confirms.
pub(crate) fn add(types: &mut TypeFields, page: &Page) {
    let sample = page.response_sample.as_ref().map(|sample| &sample.value);
    add_fields(types, &page.response, sample);
}

fn add_fields(types: &mut TypeFields, fields: &[Field], sample: Option<&Sample>) {
    for field in fields {
        let Some(rows) = &field.fields else { continue };
        let Some(value) = sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element)
        else {
            continue;
        };
        let is_named = spec_type(&field.ty).is_none();
        // The elements of these differ from operation to operation.
        let is_result = matches!(&*field.name, "inventory" | "inventories");
        if is_named || !is_result {
            let key = if is_named { field.ty.clone() } else { list_key(&field.name) };
            let names = rows.iter().map(|row| &row.name).filter(|name| value.field(name).is_some());
            let names: Vec<&String> = names.collect();
            let known = types.entry(key).or_default();
            if is_named || known.is_empty() || is_similar(known, &names) {
                let new: Vec<String> =
                    names.into_iter().filter(|name| !known.contains(name)).cloned().collect();
                known.extend(new);
            }
        }
        add_fields(types, rows, Some(value));
    }
}

/// Adds the fields of the tables whose data types the page names.
pub(crate) fn add_named(types: &mut TypeFields, fields: &[Field]) {
    for field in fields {
        let Some(rows) = &field.fields else { continue };
        let names = match types::read(&field.ty) {
            PrintedType::Named(name) => Some(types.entry(name).or_default()),
            _ => None,
        };
        if let Some(names) = names {
            let new = rows.iter().filter(|row| !names.contains(&row.name));
            let new: Vec<String> = new.map(|row| row.name.clone()).collect();
            names.extend(new);
        }
        add_named(types, rows);
    }
}

/// Returns whether two lists of the same name have elements of the same type, by their fields.
fn is_similar(known: &[String], names: &[&String]) -> bool {
    let is_distinctive = |name: &&String| !COMMON_FIELDS.contains(&name.as_str());
    let own: Vec<&String> = names.iter().copied().filter(is_distinctive).collect();
    let shared = own.iter().filter(|name| known.contains(name)).count();
    shared > 0 && shared * 2 >= own.len().min(known.iter().filter(is_distinctive).count())
}
