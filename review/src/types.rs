//! Changes of data types, with their fields and values.

use super::change::Changes;
use super::element::SpecElement;
use super::fields::{self, FieldList, compare_renamed_from, source_word};
use super::history_check::{self, Lifetime};
use super::models::Models;
use super::pair::pair_renamed;
use super::{bases, inherited, retirement};
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, EnumValue, TypeShape};

pub(super) fn compare<'a>(models: Models<'a>, changes: &mut Changes) {
    let former_name = |ty: &'a DataType| ty.renamed_from.as_deref();
    let paired = pair_renamed(&models.old.types, &models.new.types, |ty| ty.name.as_str(), former_name);
    changes.push_unpaired((ChangeKind::TypeRemoved, ChangeKind::TypeAdded), &paired, |ty| {
        SpecElement::Type(ty.name.clone())
    });
    for (old, new) in paired.both {
        compare_pair(models, old, new, changes);
    }
}

fn compare_pair(models: Models<'_>, old: &DataType, new: &DataType, changes: &mut Changes) {
    // Naming all fields makes the compiler report a new one here. The file follows from the name.
    let DataType {
        name,
        summary,
        description,
        since,
        retirement,
        extends,
        resource,
        java_class,
        shape,
        renamed_from: former,
        source,
        history: _,
        file: _,
    } = old;
    let element = SpecElement::Type(new.name.clone());
    changes.push_name(ChangeKind::TypeRenamed, &element, name);
    changes.push_prose(&element, "summary", Some(summary), Some(&new.summary));
    changes.push_prose(&element, "description", description.as_deref(), new.description.as_deref());
    retirement::compare_since(&element, (since, &new.since), changes);
    retirement::compare(&element, (retirement, &new.retirement), changes);
    bases::compare(models, &element, (extends.as_deref(), new.extends.as_deref()), changes);
    let kind = match (resource, &new.resource) {
        (None, _) => ChangeKind::TypeResourceAdded,
        (Some(_), Some(_)) => ChangeKind::TypeResourceChanged,
        (Some(_), None) => ChangeKind::TypeResourceRemoved,
    };
    changes.push_text(kind, &element, "resource", [resource.as_deref(), new.resource.as_deref()]);
    let classes = [java_class.as_deref(), new.java_class.as_deref()];
    changes.push_text(ChangeKind::TypeClassChanged, &element, "javaClass", classes);
    compare_renamed_from(&element, (name, former.as_deref()), new.renamed_from.as_deref(), changes);
    changes.push_remark(&element, "source", Some(source_word(*source)), Some(source_word(new.source)));
    let lifetime = Lifetime { since, retirement };
    history_check::compare(models, &element, (old, new), (lifetime, None), &new.since, [None; 2], changes);
    match (shape, &new.shape) {
        (
            TypeShape::Record { fields, native },
            TypeShape::Record { fields: new_fields, native: new_native },
        ) => {
            let natives = [native.as_deref(), new_native.as_deref()];
            changes.push_text(ChangeKind::TypeNativeChanged, &element, "native", natives);
            if (&old.extends, &new.extends) == (&None, &None) {
                let of = (&element, Some(lifetime), FieldList::Fields);
                fields::compare_simple_lists(models, (fields, new_fields), of, changes);
            } else {
                inherited::compare(models, (old, new), (&element, lifetime), changes);
            }
        }
        (TypeShape::Enum { values }, TypeShape::Enum { values: new_values }) => {
            compare_values(&element, (values, new_values), changes);
        }
        _ => changes.push_whole(ChangeKind::TypeKindChanged, &element),
    }
}

fn compare_values<'a>(
    owner: &SpecElement,
    (old, new): (&'a [EnumValue], &'a [EnumValue]),
    changes: &mut Changes,
) {
    let element = |value: &EnumValue| SpecElement::Value(owner.name().to_owned(), value.name.clone());
    let former_name = |value: &'a EnumValue| value.renamed_from.as_deref();
    let paired = pair_renamed(old, new, |value| value.name.as_str(), former_name);
    changes.push_unpaired((ChangeKind::EnumValueRemoved, ChangeKind::EnumValueAdded), &paired, element);
    for (old, new) in &paired.both {
        let EnumValue { name, rust_name, since, retirement, description, renamed_from: former } = old;
        let element = element(new);
        changes.push_name(ChangeKind::EnumValueRenamed, &element, name);
        // A renamed value has a renamed variant, unless the spec names the variant.
        let same_name = *name == new.name;
        if (same_name || rust_name.is_some() || new.rust_name.is_some()) && old.variant() != new.variant() {
            let (old, new) = (Some(old.variant()), Some(new.variant()));
            changes.push(ChangeKind::EnumVariantRenamed, &element, "rustName", old, new);
        } else if *rust_name != new.rust_name {
            changes.push_remark(&element, "rustName", rust_name.as_deref(), new.rust_name.as_deref());
        }
        retirement::compare_since(&element, (since, &new.since), changes);
        retirement::compare(&element, (retirement, &new.retirement), changes);
        changes.push_prose(&element, "description", description.as_deref(), new.description.as_deref());
        compare_renamed_from(&element, (name, former.as_deref()), new.renamed_from.as_deref(), changes);
    }
    changes.push_order(ChangeKind::EnumReordered, (owner, "values"), &paired, |value| &value.name);
}
