//! Types: what a value is, and data types with their fields and values.

use std::collections::BTreeSet;

use super::change::{Changes, pair};
use super::element::Element;
use super::fields::{self, FIELDS, Names, PARAMETERS, said_by};
use super::retirement;
use crate::model::{DataType, EnumValue, Model, Type, TypeShape};

/// Both sides.
#[derive(Clone, Copy)]
pub(super) struct Models<'a> {
    pub(super) old: &'a Model,
    pub(super) new: &'a Model,
}

/// Whether something is asked for or is part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Parameter,
    Field,
}

impl Role {
    pub(super) const fn names(self) -> &'static Names {
        match self {
            Self::Parameter => &PARAMETERS,
            Self::Field => &FIELDS,
        }
    }

    /// The rule of this role.
    const fn pick(self, parameter: &'static str, field: &'static str) -> &'static str {
        match self {
            Self::Parameter => parameter,
            Self::Field => field,
        }
    }
}

/// The rule that another type is a case of; `None` where it is the same.
pub(super) fn type_change(
    models: Models<'_>,
    (old, new): (&Type, &Type),
    role: Role,
) -> Option<&'static str> {
    if old == new {
        return None;
    }
    let changed = role.pick("param-type-changed", "field-type-changed");
    let widened = role.pick("param-type-widened", "field-type-widened");
    let narrowed = role.pick("param-type-narrowed", "field-type-narrowed");
    let is_enum = |model: &Model, name: &str| {
        model.data_type(name).is_some_and(|it| matches!(it.shape, TypeShape::Enum { .. }))
    };
    Some(match (old, new) {
        // The same list or map, of something else.
        (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => {
            return type_change(models, (old, new), role);
        }
        (Type::List(inner), other) | (other, Type::List(inner)) if **inner == *other => {
            role.pick("param-scalar-list-changed", "field-type-changed")
        }
        (Type::String, Type::Uuid) | (Type::Uuid, Type::String) => "format-changed",
        (Type::Integer, Type::Long | Type::Double) | (_, Type::Any) => widened,
        (Type::Long | Type::Double, Type::Integer) | (Type::Any, _) => narrowed,
        (Type::Named(name), Type::String) if is_enum(models.old, name) => "stopped-being-enum",
        (Type::String, Type::Named(name)) if is_enum(models.new, name) => "became-enum",
        (Type::Named(old), Type::Named(new)) if same_shape(models, old, new) => "type-renamed-same-shape",
        _ => changed,
    })
}

/// Whether two data types of different names have the same fields, or the same
/// values, on the wire.
fn same_shape(models: Models<'_>, old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (models.old.data_type(old), models.new.data_type(new)) else { return false };
    match (&old.shape, &new.shape) {
        (TypeShape::Enum { values: old }, TypeShape::Enum { values: new }) => {
            old.iter().map(|it| &it.name).eq(new.iter().map(|it| &it.name))
        }
        (TypeShape::Record { .. }, TypeShape::Record { .. }) => {
            let wire = |model: &Model, it: &DataType| -> BTreeSet<(String, String, bool)> {
                let fields = model.fields(it);
                fields.iter().map(|it| (it.name.clone(), it.ty.to_string(), it.required)).collect()
            };
            wire(models.old, old) == wire(models.new, new)
        }
        _ => false,
    }
}

pub(super) fn compare(models: Models<'_>, changes: &mut Changes) {
    let paired = pair(&models.old.types, &models.new.types, |it| it.name.as_str());
    for it in paired.removed {
        changes.whole("type-removed", &Element::Type(it.name.clone()));
    }
    for it in paired.added {
        changes.whole("type-added", &Element::Type(it.name.clone()));
    }
    for (old, new) in paired.both {
        one(models, old, new, changes);
    }
}

fn one(models: Models<'_>, old: &DataType, new: &DataType, changes: &mut Changes) {
    // All of it is named, so that what a data type gets later is not forgotten
    // here. The file follows from the name.
    let DataType {
        name,
        summary,
        description,
        since,
        retirement,
        extends,
        java_class,
        shape,
        source,
        file: _,
    } = old;
    let it = Element::Type(name.clone());
    changes.prose(&it, "summary", Some(summary), Some(&new.summary));
    changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    retirement::since(&it, (since, &new.since), changes);
    retirement::compare(&it, (retirement, &new.retirement), changes);
    if *extends != new.extends {
        let rule = match (extends, &new.extends) {
            (None, _) => "subtype-added",
            (Some(_), _) => "subtype-removed",
        };
        changes.push(rule, &it, "extends", extends.clone(), new.extends.clone());
    }
    if *java_class != new.java_class {
        changes.push("type-class-changed", &it, "javaClass", java_class.clone(), new.java_class.clone());
    }
    changes.attribute("doc-changed", &it, "source", (source, &new.source), said_by);
    match (shape, &new.shape) {
        (
            TypeShape::Record { fields, native },
            TypeShape::Record { fields: new_fields, native: new_native },
        ) => {
            if native != new_native {
                changes.push("type-native-changed", &it, "native", native.clone(), new_native.clone());
            }
            let element = |field: &str| Element::Field(name.clone(), field.to_owned());
            let lists = (&**fields, &**new_fields);
            fields::list(models, lists, (&it, element), Role::Field, |it| it, |_, _, _, _| {}, changes);
        }
        (TypeShape::Enum { values }, TypeShape::Enum { values: new_values }) => {
            enum_values(name, (values, new_values), changes);
        }
        _ => changes.whole("type-kind-changed", &it),
    }
}

fn enum_values(name: &str, (old, new): (&[EnumValue], &[EnumValue]), changes: &mut Changes) {
    let element = |it: &EnumValue| Element::Value(name.to_owned(), it.name.clone());
    let paired = pair(old, new, |it| it.name.as_str());
    paired.removed.into_iter().for_each(|it| changes.whole("enum-value-removed", &element(it)));
    paired.added.into_iter().for_each(|it| changes.whole("enum-value-added", &element(it)));
    for (old, new) in paired.both {
        let EnumValue { name: _, since, retirement, description } = old;
        let it = element(old);
        retirement::since(&it, (since, &new.since), changes);
        retirement::compare(&it, (retirement, &new.retirement), changes);
        changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    }
    if paired.reordered {
        let order = |list: &[EnumValue]| Some(list.iter().map(|it| &*it.name).collect::<Vec<_>>().join(", "));
        changes.push("enum-reordered", &Element::Type(name.to_owned()), "values", order(old), order(new));
    }
}
