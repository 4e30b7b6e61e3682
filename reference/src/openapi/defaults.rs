//! Defaults, which the platform need not accept itself: 0 for "from 1 on".

use serde_json::Value;

use zstack_model::check::values::violations;
use zstack_model::{Field, Model, Type, TypeShape};
use zstack_vocabulary::{Timestamp, is_uuid};

/// Whether the default of a field is a value that its schema allows.
pub(super) fn fits(model: &Model, field: &Field, default: &Value) -> bool {
    is_of(model, &field.ty, default) && violations(default, &field.ty, &field.constraints).is_empty()
}

fn is_of(model: &Model, ty: &Type, value: &Value) -> bool {
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
        (Type::List(inner), Value::Array(items)) => items.iter().all(|item| is_of(model, inner, item)),
        (Type::Map(inner), Value::Object(entries)) => {
            entries.values().all(|value| is_of(model, inner, value))
        }
        (Type::Named(name), Value::String(text)) => {
            match model.data_type(name).map(|data_type| &data_type.shape) {
                Some(TypeShape::Enum { values }) => values.iter().any(|value| value.name == *text),
                _ => false,
            }
        }
        // Of a record, nobody writes one.
        _ => false,
    }
}
