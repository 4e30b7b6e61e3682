//! The standard query parameters.

use serde_json::{Map, Value};

use super::{Constraints, Field, Retirement, Source, Type, Version};

/// Returns the standard query parameters, which an operation with `query: true` has in addition to its own.
#[must_use]
pub fn query_parameters() -> Vec<Field> {
    let list = Type::List(Box::new(Type::String));
    let parameters = [
        ("q", list, "Conditions that all records must meet: a field, an operator and a value."),
        ("limit", Type::Integer, "The maximum number of records."),
        ("start", Type::Integer, "The number of records to skip."),
        ("count", Type::Boolean, "Whether to return only the number of records."),
        ("groupBy", Type::String, "Accepted without effect."),
        ("replyWithCount", Type::Boolean, "Whether to return the number of records as well."),
        ("sort", Type::String, "The field to sort by; in descending order after a minus sign."),
        ("fields", Type::String, "The fields to return, separated by commas."),
        ("filterName", Type::String, "A filter of the platform: its type, a colon and a condition."),
    ];
    parameters.map(|(name, ty, description)| field(name, ty, description)).into()
}

/// Returns the columns that the request of a query names in its conditions, its order and its fields.
pub(super) fn columns(request: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let text = |name| request.get(name).and_then(Value::as_str);
    let conditions = request.get("q").and_then(Value::as_array).into_iter().flatten();
    let conditions = conditions.filter_map(Value::as_str);
    // The name ends at the operator.
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-');
    let conditions = conditions
        .filter_map(move |condition| condition.trim_start().split(|character| !is_name(character)).next());
    let sort = text("sort").map(|text| text.trim_start_matches(['+', '-', ' ']));
    let fields = text("fields").into_iter().flat_map(|text| text.split(',')).map(str::trim);
    conditions.chain(sort).chain(text("groupBy")).chain(fields)
}

fn field(name: &str, ty: Type, description: &str) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        refers: None,
        since: if name == "groupBy" { Version::new("1.9") } else { Version::new("0.6") },
        retirement: Retirement::NONE,
        required: false,
        description: Some(description.to_owned()),
        constraints: Constraints::default(),
        sensitive: false,
        default: None,
        documented: None,
        renamed_from: None,
        source: Source::Platform,
        history: Vec::new(),
    }
}
