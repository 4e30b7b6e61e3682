//! Conversion of a query to a selection: names to fields, and texts to values of
//! their types.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use zstack_runtime::Timestamp;
use zstack_runtime::query::{self, Operator, Query};
use zstack_runtime::record::Shape;

use super::resource::{Field, FieldKind, Resource};
use super::{Comparison, Condition, Order, Selection, Value, tags};
use crate::model::Caller;
use crate::rules::{Verdict, errors};
use crate::suggest::closest_name;

/// The default maximum number of rows.
const DEFAULT_LIMIT: i64 = 1000;

/// The maximum number of conditions. This and the next two limits stay below those
/// of SQLite.
const MAX_CONDITIONS: usize = 256;

/// The maximum number of values in all conditions.
const MAX_VALUES: usize = 10_000;

/// The maximum number of relations in the path of a condition.
const MAX_PATH_LENGTH: usize = 8;

/// The length to which texts of callers are shortened in messages, in characters.
const EXCERPT_LENGTH: usize = 64;

/// The maximum number of problems in an error.
const MAX_PROBLEMS: usize = 8;

/// Converts a query to a selection of the rows that the caller may see.
/// `inventory` is the shape of the rows in the response; `zone` is the time zone of
/// times in the query.
///
/// # Errors
///
/// `SYS.1007`, with all problems.
pub fn resolve(
    resource: &'static Resource,
    query: &Query,
    inventory: &Shape,
    zone: &TimeZone,
    caller: &Caller,
) -> Verdict<Selection> {
    let mut resolver = Resolver { zone, problems: Vec::new() };
    let mut selection = Selection::all(resource, caller);
    selection.conditions = resolver.conditions(resource, &query.conditions);
    selection.order = resolver.order(resource, query.sort.as_ref());
    selection.start = resolver.number("start", query.start, 0);
    let limit = resolver.number("limit", query.limit, DEFAULT_LIMIT);
    let only_count = query.count == Some(true);
    selection.limit = (!only_count).then_some(limit);
    selection.count = only_count || query.reply_with_count == Some(true);
    for name in query.fields.iter().flat_map(query::FieldNames::iter) {
        // Saves the time for suggestions that are not shown.
        if resolver.problems.len() == MAX_PROBLEMS {
            break;
        }
        if inventory.index_of(name).is_none() {
            let known = inventory.fields.iter().map(|field| field.name);
            resolver.problem("fields", &unknown_field(resource, name, name, known));
        }
    }
    // The node has no filters, and ignores unknown ones.
    if let Some(filter) = &query.filter_name
        && !filter.split_once(':').is_some_and(|(kind, condition)| !kind.is_empty() && !condition.is_empty())
    {
        let text = format!("`{}` is not a filter; write `type:condition`.", excerpt(filter));
        resolver.problem("filterName", &text);
    }
    if resolver.problems.is_empty() {
        Ok(selection)
    } else {
        Err(errors::invalid_argument(resolver.problems.join("\n")))
    }
}

struct Resolver<'a> {
    zone: &'a TimeZone,
    problems: Vec<String>,
}

impl Resolver<'_> {
    fn problem(&mut self, parameter: &str, text: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(format!("[{parameter}] {text}"));
        }
    }

    fn number(&mut self, parameter: &str, value: Option<i32>, default: i64) -> i64 {
        let number = value.map_or(default, i64::from);
        if number < 0 {
            self.problem(parameter, &format!("must be at least 0; got {number}."));
        }
        number
    }

    fn order(&mut self, resource: &'static Resource, sort: Option<&query::Sort>) -> Option<Order> {
        let sort = sort?;
        let name = sort.field();
        match resource.field(name) {
            Some(field) => Some(Order { field, descending: sort.is_descending() }),
            None => {
                let known = resource.fields.iter().map(|field| field.name);
                self.problem("sort", &unknown_field(resource, name, name, known));
                None
            }
        }
    }

    fn conditions(&mut self, resource: &'static Resource, conditions: &[query::Condition]) -> Vec<Condition> {
        let mut seen = HashSet::new();
        let conditions: Vec<_> = conditions.iter().filter(|condition| seen.insert(*condition)).collect();
        let count = |condition: &&query::Condition| {
            if condition.operator().takes_value() { condition.values().count() } else { 0 }
        };
        let values: usize = conditions.iter().map(count).sum();
        if conditions.len() > MAX_CONDITIONS || values > MAX_VALUES {
            let text = format!(
                "has {} conditions with {values} values; the maximum is {MAX_CONDITIONS} conditions with {MAX_VALUES} \
                 values.",
                conditions.len()
            );
            self.problem("q", &text);
            return Vec::new();
        }
        let resolve = |condition: &query::Condition| {
            self.condition(resource, condition).map_err(|text| self.problem("q", &text))
        };
        conditions.into_iter().map(resolve).filter_map(Result::ok).collect()
    }

    fn condition(
        &self,
        resource: &'static Resource,
        condition: &query::Condition,
    ) -> Result<Condition, String> {
        let whole = condition.field();
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
        Ok(Condition { path, comparison: self.comparison(target, name, condition)? })
    }

    fn comparison(
        &self,
        resource: &'static Resource,
        name: &str,
        condition: &query::Condition,
    ) -> Result<Comparison, String> {
        let operator = condition.operator();
        if let Some(field) = tags::field(name) {
            let comparison = |operator| self.comparison_of(field, operator, condition);
            return match tags::opposite(operator) {
                Some(opposite) => Ok(Comparison::Not(Box::new(comparison(opposite)?))),
                None => comparison(operator),
            };
        }
        let whole = condition.field();
        let Some(field) = resource.field(name) else {
            if let Some(relation) = resource.relation(name) {
                let first = relation.to.fields.first().map_or("uuid", |field| field.name);
                return Err(format!(
                    "`{whole}` is a resource, not a value; name one of its fields, such as `{whole}.{first}`."
                ));
            }
            return Err(unknown_field(resource, name, whole, resource.fields.iter().map(|field| field.name)));
        };
        self.comparison_of(field, operator, condition)
    }

    fn comparison_of(
        &self,
        field: &'static Field,
        operator: Operator,
        condition: &query::Condition,
    ) -> Result<Comparison, String> {
        let whole = condition.field();
        let is_pattern = matches!(operator, Operator::Like | Operator::NotLike);
        if is_pattern && !matches!(field.kind, FieldKind::Text | FieldKind::Uuid) {
            return Err(format!(
                "`{whole}` is {}, and `{}` compares only texts; use `=`, `>` or `<`.",
                describe(field.kind),
                operator.as_str()
            ));
        }
        let parse = |text: &str| {
            self.value(field, text).ok_or_else(|| {
                format!("`{whole}` must be {}; got `{}`.", describe(field.kind), excerpt(text))
            })
        };
        let values = match operator {
            Operator::IsNull | Operator::NotNull => Vec::new(),
            Operator::In | Operator::NotIn => condition.values().map(parse).collect::<Result<_, _>>()?,
            _ => vec![parse(condition.value())?],
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

fn describe(kind: FieldKind) -> &'static str {
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
fn unknown_field<'k>(
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
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
