//! Types of the spec as types of Rust.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::uses::ident;
use crate::model::{DataType, Field, Model, Type, TypeShape};

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
        Type::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// A type in a table: the text of an expression of type `Kind`.
pub(super) fn kind(model: &Model, ty: &Type) -> String {
    match ty {
        Type::String => "Kind::String".to_owned(),
        Type::Uuid => "Kind::Uuid".to_owned(),
        Type::Boolean => "Kind::Boolean".to_owned(),
        Type::Integer => "Kind::Integer".to_owned(),
        Type::Long => "Kind::Long".to_owned(),
        Type::Double => "Kind::Double".to_owned(),
        Type::Timestamp => "Kind::Timestamp".to_owned(),
        Type::Any => "Kind::Any".to_owned(),
        Type::List(item) => format!("Kind::List(&{})", kind(model, item)),
        Type::Map(item) => format!("Kind::Map(&{})", kind(model, item)),
        Type::Named(name) if is_enum(model, name) => format!("Kind::Enum(enum_shape::<{name}>)"),
        Type::Named(name) => format!("Kind::Record(shape::<{name}>)"),
    }
}

/// How a value is taken as an argument, and the expression that makes the
/// field's value of it; `None` if that is the argument as it is.
pub(super) fn argument(model: &Model, ty: &Type, name: &Ident) -> (TokenStream, Option<TokenStream>) {
    match ty {
        Type::String | Type::Uuid => (quote!(impl Into<String>), Some(quote!(#name.into()))),
        Type::Named(it) if is_enum(model, it) => {
            let it = ident(it);
            (quote!(impl Into<#it>), Some(quote!(#name.into())))
        }
        Type::List(item) if matches!(**item, Type::String | Type::Uuid) => (
            quote!(impl IntoIterator<Item = impl Into<String>>),
            Some(quote!(#name.into_iter().map(Into::into).collect())),
        ),
        other => (value(other), None),
    }
}

fn is_enum(model: &Model, name: &str) -> bool {
    model.data_type(name).is_some_and(|it| matches!(it.shape, TypeShape::Enum { .. }))
}

/// Fields, as type and field, whose value would contain itself.
pub(super) fn recursive_fields(model: &Model) -> HashSet<(&str, &str)> {
    let direct: HashMap<&str, Vec<&str>> = model
        .types
        .iter()
        .map(|ty| (ty.name.as_str(), fields(ty).iter().filter_map(named).collect()))
        .collect();
    let mut found = HashSet::new();
    for ty in &model.types {
        for field in fields(ty) {
            if let Some(target) = named(field)
                && reaches(&direct, target, &ty.name)
            {
                found.insert((ty.name.as_str(), field.name.as_str()));
            }
        }
    }
    found
}

fn fields(ty: &DataType) -> &[Field] {
    match &ty.shape {
        TypeShape::Record { fields, native: None } => fields,
        TypeShape::Record { .. } | TypeShape::Enum { .. } => &[],
    }
}

fn named(field: &Field) -> Option<&str> {
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
