//! Conversion of a query to a selection.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use zstack_runtime::query::{self, Operator, Query};
use zstack_runtime::record::Shape;

use super::conditions::{ConditionResolver, Operand, excerpt, field, unknown_field};
use super::resource::Resource;
use super::{Filter, MAX_CONDITIONS, MAX_VALUES, Order, Selection};
use crate::model::Caller;
use crate::rules::{Verdict, errors};

/// The default maximum number of rows.
const DEFAULT_LIMIT: i64 = 1000;

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
    let mut resolver = Resolver { conditions: ConditionResolver { zone }, problems: Vec::new() };
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
    conditions: ConditionResolver<'a>,
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

    fn order(&mut self, resource: &'static Resource, sort: Option<&query::Sort>) -> Vec<Order> {
        let Some(sort) = sort else { return Vec::new() };
        match field(resource, sort.field(), sort.field()) {
            Ok(field) => vec![Order { field, descending: sort.is_descending() }],
            Err(text) => {
                self.problem("sort", &text);
                Vec::new()
            }
        }
    }

    fn conditions(&mut self, resource: &'static Resource, conditions: &[query::Condition]) -> Vec<Filter> {
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
            let operator = condition.operator();
            let values: Vec<_> = match operator {
                Operator::In | Operator::NotIn => condition.values().collect(),
                _ => vec![condition.value()],
            };
            let found =
                self.conditions.condition(resource, condition.field(), operator, Operand::Texts(&values));
            found.map(Filter::Condition).map_err(|text| self.problem("q", &text))
        };
        conditions.into_iter().map(resolve).filter_map(Result::ok).collect()
    }
}
