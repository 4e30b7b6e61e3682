//! Types of the spec as types of Rust.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
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

/// The table entry of a type: an expression of type `Kind`.
pub(super) fn kind(model: &Model, ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(Kind::String),
        Type::Uuid => quote!(Kind::Uuid),
        Type::Boolean => quote!(Kind::Boolean),
        Type::Integer => quote!(Kind::Integer),
        Type::Long => quote!(Kind::Long),
        Type::Double => quote!(Kind::Double),
        Type::Timestamp => quote!(Kind::Timestamp),
        Type::Any => quote!(Kind::Any),
        Type::List(item) => {
            let item = kind(model, item);
            quote!(Kind::List(&#item))
        }
        Type::Map(item) => {
            let item = kind(model, item);
            quote!(Kind::Map(&#item))
        }
        Type::Named(name) => {
            let ty = ident(name);
            match model.data_type(name).map(|it| &it.shape) {
                Some(TypeShape::Enum { .. }) => quote!(Kind::Enum(enum_shape::<#ty>)),
                _ => quote!(Kind::Record(shape::<#ty>)),
            }
        }
    }
}

/// How a required value is taken as an argument, and the expression that
/// makes the field's value of the argument.
pub(super) fn argument(model: &Model, ty: &Type, name: &proc_macro2::Ident) -> (TokenStream, TokenStream) {
    match ty {
        Type::String | Type::Uuid => (quote!(impl Into<String>), quote!(#name.into())),
        Type::Named(it) if is_enum(model, it) => {
            let it = ident(it);
            (quote!(impl Into<#it>), quote!(#name.into()))
        }
        Type::List(item) if matches!(**item, Type::String | Type::Uuid) => (
            quote!(impl IntoIterator<Item = impl Into<String>>),
            quote!(#name.into_iter().map(Into::into).collect()),
        ),
        other => (value(other), quote!(#name)),
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
