//! The kind of a change from one type to another.

use std::collections::BTreeSet;

use super::models::Models;
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, Model, Type, TypeShape};

/// The use of a type: by a parameter or by a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Parameter,
    Field,
}

impl Role {
    /// Selects the kind for this role.
    pub(super) const fn pick(self, parameter: ChangeKind, field: ChangeKind) -> ChangeKind {
        match self {
            Self::Parameter => parameter,
            Self::Field => field,
        }
    }
}

/// The kind of a change between two types; `None` if they are the same.
pub(super) fn type_kind(models: Models<'_>, (old, new): (&Type, &Type), role: Role) -> Option<ChangeKind> {
    if models.renames.is_same(old, new) {
        return None;
    }
    let changed = role.pick(ChangeKind::ParamTypeChanged, ChangeKind::FieldTypeChanged);
    let widened = role.pick(ChangeKind::ParamTypeWidened, ChangeKind::FieldTypeWidened);
    let narrowed = role.pick(ChangeKind::ParamTypeNarrowed, ChangeKind::FieldTypeNarrowed);
    let scalar_list = role.pick(ChangeKind::ParamScalarListChanged, changed);
    let is_enum = |model: &Model, name: &str| {
        model.data_type(name).is_some_and(|data_type| matches!(data_type.shape, TypeShape::Enum { .. }))
    };
    Some(match (old, new) {
        // Lists or maps with different elements.
        (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => {
            return type_kind(models, (old, new), role);
        }
        (Type::List(inner), other) if models.renames.is_same(inner, other) => scalar_list,
        (other, Type::List(inner)) if models.renames.is_same(other, inner) => scalar_list,
        // Two text formats, neither of which can be read as the other.
        (Type::Timestamp, Type::Uuid) | (Type::Uuid, Type::Timestamp) => ChangeKind::FormatChanged,
        // A time as text and as a number.
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
        (Type::Named(old), Type::Named(new)) if have_same_shape(models, old, new) => {
            ChangeKind::TypeRenamedSameShape
        }
        (Type::Named(old), Type::Named(new)) if extends(models.new, old, new) => widened,
        (Type::Named(old), Type::Named(new)) if extends(models.old, new, old) => narrowed,
        _ => changed,
    })
}

/// Returns whether a record extends another one.
fn extends(model: &Model, name: &str, base: &str) -> bool {
    model.data_type(name).is_some_and(|record| model.bases(record).any(|other| other.name == base))
}

/// Returns whether two data types of different names have the same fields or values on the wire.
fn have_same_shape(models: Models<'_>, old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (models.old.data_type(old), models.new.data_type(new)) else { return false };
    match (&old.shape, &new.shape) {
        (TypeShape::Enum { values: old }, TypeShape::Enum { values: new }) => {
            old.iter().map(|value| &value.name).eq(new.iter().map(|value| &value.name))
        }
        (TypeShape::Record { .. }, TypeShape::Record { .. }) => {
            let wire = |model: &Model, record: &DataType| -> BTreeSet<(String, String, bool)> {
                let fields = model.fields(record).into_iter();
                fields.map(|field| (field.name.clone(), field.ty.to_string(), field.required)).collect()
            };
            wire(models.old, old) == wire(models.new, new)
        }
        _ => false,
    }
}
