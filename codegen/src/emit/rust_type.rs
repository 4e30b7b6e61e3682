//! Rust types for the types of the spec.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::imports::ident;
use zstack_model::{DataType, Field, Model, Type, TypeShape};

/// The Rust type of a value.
pub(super) fn value(ty: &Type) -> TokenStream {
    match ty {
        Type::String | Type::Uuid => quote!(String),
        Type::Boolean => quote!(bool),
        Type::Integer => quote!(i32),
        Type::Long => quote!(i64),
        Type::Double => quote!(f64),
        Type::Timestamp => quote!(Timestamp),
        Type::Any => quote!(serde_json::Value),
        Type::List(item) => {
            let item = value(item);
            quote!(Vec<#item>)
        }
        Type::Map(item) => {
            let item = value(item);
            quote!(BTreeMap<String, #item>)
        }
        Type::Named(name) => ident(name).to_token_stream(),
    }
}

/// Returns whether the strings of a type are UUIDs. Their Rust type is `String`, too.
pub(super) fn is_uuid(ty: &Type) -> bool {
    match ty {
        Type::Uuid => true,
        Type::List(item) | Type::Map(item) => is_uuid(item),
        _ => false,
    }
}

/// Returns whether a data type is an enum.
pub(super) fn is_enum(model: &Model, name: &str) -> bool {
    model.data_type(name).is_some_and(|data_type| matches!(data_type.shape, TypeShape::Enum { .. }))
}

/// The fields whose values would contain themselves, as type and field.
pub(super) fn recursive_fields(model: &Model) -> HashSet<(&str, &str)> {
    let direct: HashMap<&str, Vec<&str>> = model
        .types
        .iter()
        .map(|ty| (ty.name.as_str(), fields(model, ty).into_iter().filter_map(named_type).collect()))
        .collect();
    let mut found = HashSet::new();
    for ty in &model.types {
        for field in fields(model, ty) {
            if let Some(target) = named_type(field)
                && reaches(&direct, target, &ty.name)
            {
                found.insert((ty.name.as_str(), field.name.as_str()));
            }
        }
    }
    found
}

fn fields<'a>(model: &'a Model, ty: &'a DataType) -> Vec<&'a Field> {
    match &ty.shape {
        TypeShape::Record { native: None, .. } => model.fields(ty),
        TypeShape::Record { .. } | TypeShape::Enum { .. } => Vec::new(),
    }
}

fn named_type(field: &Field) -> Option<&str> {
    if let Type::Named(name) = &field.ty { Some(name) } else { None }
}

fn reaches(direct: &HashMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(direct.get(name).into_iter().flatten());
        }
    }
    false
}
