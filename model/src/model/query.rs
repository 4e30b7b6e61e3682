//! What every query takes without saying so.

use serde_json::{Map, Value};

use super::{Constraints, Field, Retirement, Source, Type, Version};

/// The platform's standard query parameters, which an operation with
/// `query: true` has besides its own.
#[must_use]
pub fn query_parameters() -> Vec<Field> {
    let list = Type::List(Box::new(Type::String));
    let parameters = [
        ("q", list, "Conditions, all of which must hold: a field, an operator, a value."),
        ("limit", Type::Integer, "At most so many."),
        ("start", Type::Integer, "Without the first so many."),
        ("count", Type::Boolean, "Whether only their number is asked for."),
        ("groupBy", Type::String, "Accepted, without effect."),
        ("replyWithCount", Type::Boolean, "Whether their number is asked for as well."),
        ("sort", Type::String, "The field to order by, after a minus sign the other way round."),
        ("fields", Type::String, "The only fields to answer, separated by commas."),
        ("filterName", Type::String, "A filter of the platform: its type, a colon, a condition."),
    ];
    parameters.map(|(name, ty, description)| field(name, ty, description)).into()
}

/// The columns that the request of a query names: in its conditions, its order,
/// and what it wants of each record.
pub(super) fn columns(request: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let text = |name| request.get(name).and_then(Value::as_str);
    let conditions = request.get("q").and_then(Value::as_array).into_iter().flatten();
    let conditions = conditions.filter_map(Value::as_str);
    // What follows is an operator.
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-');
    let conditions = conditions
        .filter_map(move |condition| condition.trim_start().split(|trim_start| !is_name(trim_start)).next());
    let sort = text("sort").map(|text| text.trim_start_matches(['+', '-', ' ']));
    let fields = text("fields").into_iter().flat_map(|text| text.split(',')).map(str::trim);
    conditions.chain(sort).chain(text("groupBy")).chain(fields)
}

fn field(name: &str, ty: Type, description: &str) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        since: if name == "groupBy" { version([1, 9]) } else { version([0, 6]) },
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

fn version([major, minor]: [u16; 2]) -> Version {
    Version { numbers: [major, minor, 0, 0], text: format!("{major}.{minor}") }
}
