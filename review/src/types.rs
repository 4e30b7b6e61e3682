//! Data types, with their fields and values.

use super::change::Changes;
use super::element::Element;
use super::fields::{self, List, renamed_from, said_by};
use super::history::{self, Life};
use super::models::Models;
use super::pair::pair_renamed;
use super::{bases, inherited, retirement};
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, EnumValue, TypeShape};

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
    bases::compare(models, &it, (extends.as_deref(), new.extends.as_deref()), changes);
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
