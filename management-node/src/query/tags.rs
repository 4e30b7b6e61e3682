//! Conditions on the tags of a resource, such as `__systemTag__=hostname::web`.
//!
//! A condition with a negation, such as `!=`, is satisfied by a resource that has no tag which satisfies
//! the opposite; also by one without tags.

use zstack_runtime::query::Operator;

use super::resource::{Field, FieldKind, Join};

/// The fields that every resource has for its tags.
static FIELDS: [Field; 3] = [
    Field { name: "__systemTag__", ..of_tags(FieldKind::Text, "body ->> 'tag'", SYSTEM_TAGS) },
    Field { name: "__userTag__", ..of_tags(FieldKind::Text, "body ->> 'tag'", USER_TAGS) },
    Field { name: "__tagUuid__", ..of_tags(FieldKind::Uuid, "body ->> 'tagPatternUuid'", USER_TAGS) },
];

const SYSTEM_TAGS: &str = "(SELECT body, resourceUuid FROM document WHERE base = 'SystemTag')";
const USER_TAGS: &str = "(SELECT body, resourceUuid FROM document WHERE base = 'UserTag')";

const fn of_tags(kind: FieldKind, sql: &'static str, table: &'static str) -> Field {
    let join = Join { column: "uuid", table, other_column: "resourceUuid" };
    Field { name: "", kind, sql, join: Some(join) }
}

/// Finds a field for tags by name.
pub(super) fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The opposite of an operator with a negation.
pub(super) fn opposite(operator: Operator) -> Option<Operator> {
    Some(match operator {
        Operator::NotEqual => Operator::Equal,
        Operator::NotIn => Operator::In,
        Operator::NotLike => Operator::Like,
        Operator::IsNull => Operator::NotNull,
        _ => return None,
    })
}
