//! Types: what a value is, and data types with their fields and values.

use std::collections::BTreeSet;

use super::change::Changes;
use super::element::Element;
use super::fields::{self, FIELDS, List, Names, PARAMETERS, renamed_from, said_by};
use super::history::{self, Life};
use super::inherited;
use super::pair::pair_renamed;
use super::renames::Renames;
use super::retirement;
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, EnumValue, Model, Type, TypeShape};

/// Both sides.
#[derive(Clone, Copy)]
pub(super) struct Models<'a> {
    pub(super) old: &'a Model,
    pub(super) new: &'a Model,
    pub(super) renames: &'a Renames<'a>,
    /// The data types whose values are on the wire, of either side.
    pub(super) held: [&'a BTreeSet<&'a str>; 2],
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
    const fn pick(self, parameter: ChangeKind, field: ChangeKind) -> ChangeKind {
        match self {
            Self::Parameter => parameter,
            Self::Field => field,
        }
    }
}

/// The rule that another type is a case of; `None` where it is the same.
pub(super) fn type_change(models: Models<'_>, (old, new): (&Type, &Type), role: Role) -> Option<ChangeKind> {
    if models.renames.is_same(old, new) {
        return None;
    }
    let changed = role.pick(ChangeKind::ParamTypeChanged, ChangeKind::FieldTypeChanged);
    let widened = role.pick(ChangeKind::ParamTypeWidened, ChangeKind::FieldTypeWidened);
    let narrowed = role.pick(ChangeKind::ParamTypeNarrowed, ChangeKind::FieldTypeNarrowed);
    let scalar_list = role.pick(ChangeKind::ParamScalarListChanged, changed);
    let is_enum = |model: &Model, name: &str| {
        model.data_type(name).is_some_and(|it| matches!(it.shape, TypeShape::Enum { .. }))
    };
    Some(match (old, new) {
        // The same list or map, of something else.
        (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => {
            return type_change(models, (old, new), role);
        }
        (Type::List(inner), other) if models.renames.is_same(inner, other) => scalar_list,
        (other, Type::List(inner)) if models.renames.is_same(other, inner) => scalar_list,
        // Texts of two forms, neither of which can be read as the other.
        (Type::Timestamp, Type::Uuid) | (Type::Uuid, Type::Timestamp) => ChangeKind::FormatChanged,
        // A moment as a text, and as a number.
        (Type::Timestamp, Type::Integer | Type::Long) | (Type::Integer | Type::Long, Type::Timestamp) => {
            ChangeKind::EncodingChanged
        }
        (Type::Integer, Type::Long | Type::Double)
        | (Type::Uuid | Type::Timestamp, Type::String)
        | (_, Type::Any) => widened,
        (Type::Long | Type::Double, Type::Integer)
        | (Type::String, Type::Uuid | Type::Timestamp)
        | (Type::Any, _) => narrowed,
        (Type::Named(name), Type::String) if is_enum(models.old, name) => ChangeKind::StoppedBeingEnum,
        (Type::String, Type::Named(name)) if is_enum(models.new, name) => ChangeKind::BecameEnum,
        (Type::Named(old), Type::Named(new)) if same_shape(models, old, new) => {
            ChangeKind::TypeRenamedSameShape
        }
        (Type::Named(old), Type::Named(new)) if extends(models.new, old, new) => widened,
        (Type::Named(old), Type::Named(new)) if extends(models.old, new, old) => narrowed,
        _ => changed,
    })
}

/// Whether a record may stand for another one.
fn extends(model: &Model, name: &str, base: &str) -> bool {
    model.data_type(name).is_some_and(|it| model.bases(it).any(|it| it.name == base))
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

pub(super) fn compare<'a>(models: Models<'a>, changes: &mut Changes) {
    let formerly = |it: &'a DataType| it.renamed_from.as_deref();
    let paired = pair_renamed(&models.old.types, &models.new.types, |it| it.name.as_str(), formerly);
    for it in paired.removed {
        changes.whole(ChangeKind::TypeRemoved, &Element::Type(it.name.clone()));
    }
    for it in paired.added {
        changes.whole(ChangeKind::TypeAdded, &Element::Type(it.name.clone()));
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
        renamed_from: former,
        source,
        history: _,
        file: _,
    } = old;
    let it = Element::Type(new.name.clone());
    changes.name(ChangeKind::TypeRenamed, &it, name);
    changes.prose(&it, "summary", Some(summary), Some(&new.summary));
    changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    retirement::since(&it, (since, &new.since), changes);
    retirement::compare(&it, (retirement, &new.retirement), changes);
    inherited::bases(models, &it, (extends.as_deref(), new.extends.as_deref()), changes);
    if *java_class != new.java_class {
        changes.push(
            ChangeKind::TypeClassChanged,
            &it,
            "javaClass",
            java_class.clone(),
            new.java_class.clone(),
        );
    }
    renamed_from(&it, (name, former.as_deref()), new.renamed_from.as_deref(), changes);
    changes.aside(&it, "source", Some(said_by(*source)), Some(said_by(new.source)));
    let life = Life { since, retirement };
    history::compare(models, &it, (old, new), (life, None), &new.since, [None; 2], changes);
    match (shape, &new.shape) {
        (
            TypeShape::Record { fields, native },
            TypeShape::Record { fields: new_fields, native: new_native },
        ) => {
            if native != new_native {
                changes.push(
                    ChangeKind::TypeNativeChanged,
                    &it,
                    "native",
                    native.clone(),
                    new_native.clone(),
                );
            }
            if (&old.extends, &new.extends) == (&None, &None) {
                let of = (&it, Some(life), List::Fields);
                fields::list(models, (fields, new_fields), of, (&[], [&[]; 2]), &|_, _| false, changes);
            } else {
                inherited::compare(models, (old, new), (&it, life), changes);
            }
        }
        (TypeShape::Enum { values }, TypeShape::Enum { values: new_values }) => {
            enum_values(&it, (values, new_values), changes);
        }
        _ => changes.whole(ChangeKind::TypeKindChanged, &it),
    }
}

fn enum_values<'a>(owner: &Element, (old, new): (&'a [EnumValue], &'a [EnumValue]), changes: &mut Changes) {
    let element = |it: &EnumValue| Element::Value(owner.name().to_owned(), it.name.clone());
    let formerly = |it: &'a EnumValue| it.renamed_from.as_deref();
    let paired = pair_renamed(old, new, |it| it.name.as_str(), formerly);
    paired.removed.iter().for_each(|it| changes.whole(ChangeKind::EnumValueRemoved, &element(it)));
    paired.added.iter().for_each(|it| changes.whole(ChangeKind::EnumValueAdded, &element(it)));
    for (old, new) in &paired.both {
        let EnumValue { name, rust_name, since, retirement, description, renamed_from: former } = old;
        let it = element(new);
        changes.name(ChangeKind::EnumValueRenamed, &it, name);
        // Of a value that has another name, the variant has one, too, unless the spec keeps it.
        let same_name = *name == new.name;
        if (same_name || rust_name.is_some() || new.rust_name.is_some()) && old.variant() != new.variant() {
            let (old, new) = (Some(old.variant()), Some(new.variant()));
            changes.push(ChangeKind::EnumVariantRenamed, &it, "rustName", old, new);
        } else if *rust_name != new.rust_name {
            changes.aside(&it, "rustName", rust_name.as_deref(), new.rust_name.as_deref());
        }
        retirement::since(&it, (since, &new.since), changes);
        retirement::compare(&it, (retirement, &new.retirement), changes);
        changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
        renamed_from(&it, (name, former.as_deref()), new.renamed_from.as_deref(), changes);
    }
    changes.order(ChangeKind::EnumReordered, (owner, "values"), &paired, |it| &it.name);
}
