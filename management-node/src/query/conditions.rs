//! Conversion of conditions: names to fields, and texts to values of their types.

use jiff::tz::TimeZone;
use zstack_runtime::Timestamp;
use zstack_runtime::query::Operator;

use super::resource::{Field, FieldKind, Resource};
use super::{Comparison, Condition, MAX_PATH_LENGTH, SubQuery, Value, tags};
use crate::suggest::closest_name;

/// The length to which texts of callers are shortened in messages, in characters.
const EXCERPT_LENGTH: usize = 64;

/// Resolves conditions whose fields and values are texts.
#[derive(Clone, Copy)]
pub(super) struct ConditionResolver<'a> {
    /// The time zone of times.
    pub(super) zone: &'a TimeZone,
}

/// The right side of a condition.
pub(super) enum Operand<'v> {
    /// Values; their number depends on the operator.
    Texts(&'v [&'v str]),
    /// The values of a field of other rows.
    Rows(Box<SubQuery>),
}

/// Finds a field of a resource, the last one of the path `whole`.
pub(super) fn field(resource: &'static Resource, name: &str, whole: &str) -> Result<&'static Field, String> {
    resource.field(name).ok_or_else(|| {
        if let Some(relation) = resource.relation(name) {
            let first = relation.to.fields.first().map_or("uuid", |field| field.name);
            return format!(
                "`{whole}` is a resource, not a value; name one of its fields, such as `{whole}.{first}`."
            );
        }
        unknown_field(resource, name, whole, resource.fields.iter().map(|field| field.name))
    })
}

impl ConditionResolver<'_> {
    /// Resolves the condition of a field, to which a path may lead.
    pub(super) fn condition(
        &self,
        resource: &'static Resource,
        whole: &str,
        operator: Operator,
        operand: Operand<'_>,
    ) -> Result<Condition, String> {
        let (relations, name) =
            whole.rsplit_once('.').map_or((None, whole), |(relations, name)| (Some(relations), name));
        let mut path = Vec::new();
        let mut target = resource;
        for part in relations.iter().flat_map(|relations| relations.split('.')) {
            if path.len() == MAX_PATH_LENGTH {
                return Err(format!(
                    "`{}` is too long; a path can have at most {MAX_PATH_LENGTH} names before the last.",
                    excerpt(whole)
                ));
            }
            let Some(relation) = target.relation(part) else {
                let known = target.relations().iter().map(|relation| relation.name);
                return Err(unknown_field(target, part, whole, known));
            };
            path.push(relation);
            target = relation.to;
        }
        Ok(Condition { path, comparison: self.comparison(target, (name, whole), operator, operand)? })
    }

    /// Resolves the comparison of a field, which is the last one of a path.
    pub(super) fn comparison(
        &self,
        resource: &'static Resource,
        (name, whole): (&str, &str),
        operator: Operator,
        operand: Operand<'_>,
    ) -> Result<Comparison, String> {
        if let Some(field) = tags::field(name) {
            return match tags::opposite(operator) {
                Some(opposite) => {
                    Ok(Comparison::Not(Box::new(self.comparison_of(field, whole, opposite, operand)?)))
                }
                None => self.comparison_of(field, whole, operator, operand),
            };
        }
        self.comparison_of(field(resource, name, whole)?, whole, operator, operand)
    }

    fn comparison_of(
        &self,
        field: &'static Field,
        whole: &str,
        operator: Operator,
        operand: Operand<'_>,
    ) -> Result<Comparison, String> {
        let texts = match operand {
            Operand::Texts(texts) => texts,
            Operand::Rows(values) => {
                let is_in = matches!(operator, Operator::Equal | Operator::In);
                return Ok(Comparison::Selected { field, is_in, values });
            }
        };
        let is_pattern = matches!(operator, Operator::Like | Operator::NotLike);
        if is_pattern && !matches!(field.kind, FieldKind::Text | FieldKind::Uuid) {
            return Err(format!(
                "`{whole}` is {}, and `{}` compares only texts; use `=`, `>` or `<`.",
                describe(field.kind),
                operator.as_str()
            ));
        }
        let parse = |text: &&str| {
            self.value(field, text).ok_or_else(|| {
                format!("`{whole}` must be {}; got `{}`.", describe(field.kind), excerpt(text))
            })
        };
        let values = if operator.takes_value() {
            texts.iter().map(parse).collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        Ok(Comparison::Field { field, operator, values })
    }

    /// Parses a value of a field; `None` if it is invalid.
    fn value(&self, field: &Field, text: &str) -> Option<Value> {
        Some(match field.kind {
            FieldKind::Text => Value::Text(text.to_owned()),
            FieldKind::Uuid => Value::Text(text.to_ascii_lowercase()),
            FieldKind::Number => Value::Number(text.trim().parse().ok()?),
            FieldKind::Decimal => {
                Value::Decimal(text.trim().parse().ok().filter(|number: &f64| number.is_finite())?)
            }
            FieldKind::Flag if text.trim().eq_ignore_ascii_case("true") => Value::Number(1),
            FieldKind::Flag if text.trim().eq_ignore_ascii_case("false") => Value::Number(0),
            FieldKind::Flag => return None,
            FieldKind::Time => {
                let time: Timestamp = text.trim().parse().ok()?;
                Value::Number(time.to_instant(self.zone).ok()?.as_second())
            }
        })
    }
}

pub(super) fn describe(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Uuid => "a UUID",
        FieldKind::Text => "a text",
        FieldKind::Number => "an integer",
        FieldKind::Decimal => "a number",
        FieldKind::Flag => "`true` or `false`",
        FieldKind::Time => "a time such as `2017-11-14 22:20:57` or `Nov 14, 2017 10:20:57 PM`",
    }
}

/// Describes a `name` in the path `whole` that is not one of the `known` names.
pub(super) fn unknown_field<'k>(
    resource: &Resource,
    name: &str,
    whole: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> String {
    let name = excerpt(name);
    let place = if name == whole { String::new() } else { format!(" in `{}`", excerpt(whole)) };
    let hint = match closest_name(&name, known.clone()) {
        Some(closest) => format!("did you mean `{closest}`?"),
        None => format!("known names: {}.", known.collect::<Vec<_>>().join(", ")),
    };
    format!("`{name}`{place} is not a field of the {}; {hint}", resource.name)
}

/// Shortens the text of a caller for a message.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
