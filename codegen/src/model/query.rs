//! What every query takes without saying so.

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
        source: Source::Platform,
    }
}

fn version([major, minor]: [u16; 2]) -> Version {
    Version { numbers: [major, minor, 0, 0], text: format!("{major}.{minor}") }
}
