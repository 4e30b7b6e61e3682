//! The fields that data types have by the pages of a run, before these pages are merged.

use std::collections::HashMap;

use crate::json::Sample;
use crate::known_types::{FieldsByType, KnownFields, key_of};
use crate::page::{Field, Page};
use crate::resolve::types::{self, PrintedType};
use crate::words::spec_type;

/// Adds the fields of a page that its sample confirms.
pub(crate) fn add(types: &mut FieldsByType, page: &Page) {
    let sample = page.response_sample.as_ref().map(|sample| &sample.value);
    add_fields(types, page.operation(), &page.response, None, sample);
}

fn add_fields(
    types: &mut FieldsByType,
    operation: &str,
    fields: &[Field],
    owner: Option<&str>,
    sample: Option<&Sample>,
) {
    for field in fields {
        let Some(rows) = &field.fields else { continue };
        let key = key_of(operation, owner, field);
        let value = sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element);
        if let Some(value @ Sample::Object(_)) = value {
            let names = rows.iter().map(|row| &row.name).filter(|name| value.field(name).is_some());
            let confirmed = KnownFields { names: names.cloned().collect(), samples: 1, tables: 0 };
            let is_unnamed = spec_type(&field.ty).is_some();
            match &key {
                Some(key) if is_unnamed && owner.is_none() => add_similar(types, key.clone(), confirmed),
                Some(key) => types.entry(key.clone()).or_default().add(confirmed),
                None => {}
            }
        }
        add_fields(types, operation, rows, key.as_deref(), value);
    }
}

/// Adds fields to a type that only a convention suggests, unless it has others.
fn add_similar(types: &mut FieldsByType, key: String, confirmed: KnownFields) {
    let known = types.entry(key).or_default();
    if known.names.is_empty() || known.is_similar(&confirmed) {
        known.add(confirmed);
    }
}

/// Adds the fields of the tables whose data types the page names.
pub(crate) fn add_named(types: &mut HashMap<String, Vec<String>>, fields: &[Field]) {
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
