//! Types of the spec as types of Rust.

use std::collections::{HashMap, HashSet};

use super::uses::ident;
use zstack_model::{DataType, Field, Model, Type, TypeShape};

/// The Rust type of a value.
pub(super) fn value(ty: &Type) -> String {
    match ty {
        Type::String | Type::Uuid => "String".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer => "i32".to_owned(),
        Type::Long => "i64".to_owned(),
        Type::Double => "f64".to_owned(),
        Type::Timestamp => "Timestamp".to_owned(),
        Type::Any => "serde_json::Value".to_owned(),
        Type::List(item) => format!("Vec<{}>", value(item)),
        Type::Map(item) => format!("BTreeMap<String, {}>", value(item)),
        Type::Named(name) => ident(name).to_string(),
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

/// How a parameter is taken as an argument, and the function that makes the
/// field's value of it; no function if that is the argument as it is.
pub(super) fn argument(model: &Model, ty: &Type) -> (String, Option<&'static str>) {
    match ty {
        Type::String | Type::Uuid => ("impl Into<String>".to_owned(), Some("Into::into")),
        Type::Named(name) if is_enum(model, name) => {
            (format!("impl Into<{}>", value(ty)), Some("Into::into"))
        }
        Type::List(item) if matches!(**item, Type::String | Type::Uuid) => {
            ("impl IntoIterator<Item = impl Into<String>>".to_owned(), Some("texts"))
        }
        other => (value(other), None),
    }
}

pub(super) fn is_enum(model: &Model, name: &str) -> bool {
    model.data_type(name).is_some_and(|it| matches!(it.shape, TypeShape::Enum { .. }))
}

/// Fields, as type and field, whose value would contain itself.
pub(super) fn recursive_fields(model: &Model) -> HashSet<(&str, &str)> {
    let direct: HashMap<&str, Vec<&str>> = model
        .types
        .iter()
        .map(|ty| (ty.name.as_str(), fields(model, ty).into_iter().filter_map(named).collect()))
        .collect();
    let mut found = HashSet::new();
    for ty in &model.types {
        for field in fields(model, ty) {
            if let Some(target) = named(field)
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
