//! Checks of defaults, which may break their own constraints: 0 with a minimum of 1.

use serde_json::Value;

use zstack_model::check::values::violations;
use zstack_model::{Field, Model, Type, TypeShape};
use zstack_vocabulary::{Timestamp, is_uuid};

/// Returns whether the schema of a field allows its default.
pub(super) fn is_allowed(model: &Model, field: &Field, default: &Value) -> bool {
    matches_type(model, &field.ty, default) && violations(default, &field.ty, &field.constraints).is_empty()
}

fn matches_type(model: &Model, ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Any, _)
        | (Type::String, Value::String(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Double, Value::Number(_)) => true,
        (Type::Uuid, Value::String(text)) => is_uuid(text),
        (Type::Timestamp, Value::String(text)) => Timestamp::is_canonical(text),
        (Type::Integer, Value::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        (Type::Long, Value::Number(number)) => number.is_i64(),
        (Type::List(inner), Value::Array(items)) => items.iter().all(|item| matches_type(model, inner, item)),
        (Type::Map(inner), Value::Object(entries)) => {
            entries.values().all(|value| matches_type(model, inner, value))
        }
        (Type::Named(name), Value::String(text)) => {
            match model.data_type(name).map(|data_type| &data_type.shape) {
                Some(TypeShape::Enum { values }) => values.iter().any(|value| value.name == *text),
                _ => false,
            }
        }
        // Records have no defaults.
        _ => false,
    }
}
