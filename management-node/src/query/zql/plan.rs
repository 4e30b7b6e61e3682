//! The conversion of a statement to selections of rows.

use std::collections::HashMap;

use zstack_runtime::query;
use zstack_runtime::record::Shape;

use super::{Comparison, Condition, Function, Groups, Operand, Operator, Problem, Search, Select, Verb};
use crate::model::Caller;
use crate::query::conditions::{self, ConditionResolver, excerpt, field, unknown_field};
use crate::query::resource::Resource;
use crate::query::restrict::shortest_path;
use crate::query::{Column, Filter, Grouping, Order, Selection, SubQuery};
use crate::rules::{Verdict, errors};

/// The fields that a search looks into.
const SEARCHED: [&str; 3] = ["name", "description", "uuid"];

/// A resource whose rows a statement reads.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    /// Its description.
    pub(crate) resource: &'static Resource,
    /// The table of its inventories.
    pub(crate) shape: &'static Shape,
}

/// Makes plans.
pub(crate) struct Planner<'a> {
    /// The time zone of times.
    pub(crate) zone: &'a jiff::tz::TimeZone,
    /// The account that sees rows.
    pub(crate) caller: &'a Caller,
    /// The resources by their names in statements.
    pub(crate) targets: &'a HashMap<String, Target>,
}

/// The selections of a statement.
pub(crate) struct Plan {
    /// The rows, if it lists them, and the names of the fields; without any, all of them.
    pub(crate) rows: Option<(Selection, Vec<String>)>,
    /// The groups, if it lists them.
    pub(crate) groups: Option<Groups>,
    /// The total, if it counts.
    pub(crate) total: Option<Total>,
}

/// The number of rows, or of different values.
pub(crate) enum Total {
    Rows(Selection),
    Values(Grouping),
}

impl Planner<'_> {
    /// Converts a statement about the rows of a resource.
    pub(crate) fn plan(&self, select: &Select<'_>) -> Verdict<Plan> {
        self.select(select).map_err(|problem| errors::invalid_argument(format!("[zql] {problem}")))
    }

    /// Selects the rows of a resource that a search finds; `None` if it has none of the fields.
    pub(crate) fn search(&self, search: &Search<'_>, target: Target) -> Verdict<Option<Selection>> {
        let invalid = |problem| errors::invalid_argument(format!("[zql] {problem}"));
        if target.resource.field("name").is_none() {
            return Ok(None);
        }
        let pattern = format!("%{}%", search.text);
        let fields = SEARCHED.iter().filter(|name| target.resource.field(name).is_some());
        let like = |name: &&str| {
            let texts = conditions::Operand::Texts(&[&pattern]);
            self.resolver().condition(target.resource, name, query::Operator::Like, texts)
        };
        let fields: Vec<_> = fields
            .map(like)
            .map(|found| found.map(Filter::Condition))
            .collect::<Result<_, _>>()
            .map_err(invalid)?;
        let mut selection = Selection::all(target.resource, self.caller);
        selection.conditions = vec![Filter::Any(fields)];
        for restriction in &search.restrictions {
            // A resource without a path to the other one cannot satisfy the restriction.
            match self.restriction(target.resource, restriction).map_err(invalid)? {
                Some(filter) => selection.conditions.push(filter),
                None => return Ok(None),
            }
        }
        Ok(Some(selection))
    }

    fn resolver(&self) -> ConditionResolver<'_> {
        ConditionResolver { zone: self.zone }
    }

    fn target(&self, name: &str) -> Result<Target, Problem> {
        let found = self.targets.get(name).copied();
        found.ok_or_else(|| format!("`{}` is not a resource.", excerpt(name)))
    }

    fn select(&self, select: &Select<'_>) -> Result<Plan, Problem> {
        let target = self.target(select.resource)?;
        let resource = target.resource;
        for name in &select.fields {
            if target.shape.index_of(name).is_none() {
                let known = target.shape.fields.iter().map(|field| field.name);
                return Err(unknown_field(resource, name, name, known));
            }
        }
        let mut rows = Selection::all(resource, self.caller);
        if let Some(condition) = &select.condition {
            rows.conditions.push(self.filter(resource, condition)?);
        }
        for restriction in &select.restrictions {
            let filter = self.restriction(resource, restriction)?.ok_or_else(|| {
                format!(
                    "`{}`: no relation leads from the {} to it.",
                    excerpt(&restriction.path),
                    resource.name
                )
            })?;
            rows.conditions.push(filter);
        }
        let count = Selection { limit: None, count: true, ..rows.clone() };
        rows.limit = Some(select.limit.unwrap_or(i64::MAX));
        rows.start = select.start;
        let mut plan = Plan { rows: None, groups: None, total: None };
        let values = match (select.function, select.fields.as_slice()) {
            (Some(Function::Distinct), [name]) => Some(Column::CountDistinct(field(resource, name, name)?)),
            (Some(Function::Distinct), [_, _, ..]) if select.verb == Verb::Count => {
                return Err("`count distinct(…)` counts the values of one field.".to_owned());
            }
            _ => None,
        };
        if select.verb == Verb::Count || select.with_total {
            plan.total = Some(match values {
                Some(column) => {
                    let selection = Selection { limit: Some(1), ..count };
                    let (keys, order) = (Vec::new(), Vec::new());
                    Total::Values(Grouping { selection, keys, columns: vec![column], order })
                }
                None => Total::Rows(count),
            });
        }
        plan.groups = Groups::new(select, rows.clone())?;
        if plan.groups.is_none() {
            let order = |order: &super::Order<'_>| {
                let field = field(resource, order.field, order.field)?;
                Ok::<_, Problem>(Order { field, descending: order.is_descending })
            };
            rows.order = select.order.iter().map(order).collect::<Result<_, _>>()?;
            let fields = select.fields.iter().map(|name| (*name).to_owned()).collect();
            plan.rows = (select.verb == Verb::Query).then_some((rows, fields));
        }
        Ok(plan)
    }

    fn filter(&self, resource: &'static Resource, condition: &Condition) -> Result<Filter, Problem> {
        let filters = |conditions: &[Condition]| {
            conditions.iter().map(|condition| self.filter(resource, condition)).collect::<Result<_, _>>()
        };
        Ok(match condition {
            Condition::All(conditions) => Filter::All(filters(conditions)?),
            Condition::Any(conditions) => Filter::Any(filters(conditions)?),
            Condition::Comparison(comparison) => self.comparison(comparison, |operator, operand| {
                self.resolver().condition(resource, &comparison.path, operator, operand)
            })?,
        })
    }

    /// Converts a comparison; `resolve` finds its field, from the resource of the statement or of a restriction.
    fn comparison(
        &self,
        comparison: &Comparison,
        resolve: impl Fn(query::Operator, conditions::Operand<'_>) -> Result<crate::query::Condition, Problem>,
    ) -> Result<Filter, Problem> {
        let values = match &comparison.operand {
            Operand::Values(values) => values,
            Operand::SubQuery(query) => {
                let Operator::Plain(operator) = comparison.operator else {
                    return Err("`has` does not compare with the values of a sub-query.".to_owned());
                };
                let rows = conditions::Operand::Rows(Box::new(self.sub_query(query)?));
                return Ok(Filter::Condition(resolve(operator, rows)?));
            }
        };
        let texts: Vec<_> = values.iter().map(String::as_str).collect();
        let equal = |text: &&str| {
            let texts = conditions::Operand::Texts(std::slice::from_ref(text));
            Ok::<_, Problem>(Filter::Condition(resolve(query::Operator::Equal, texts)?))
        };
        Ok(match comparison.operator {
            Operator::Plain(operator) => {
                Filter::Condition(resolve(operator, conditions::Operand::Texts(&texts))?)
            }
            Operator::Has => Filter::All(texts.iter().map(equal).collect::<Result<_, _>>()?),
            Operator::HasNot => {
                Filter::Not(Box::new(Filter::Any(texts.iter().map(equal).collect::<Result<_, _>>()?)))
            }
        })
    }

    fn sub_query(&self, query: &super::SubQuery) -> Result<SubQuery, Problem> {
        let resource = self.target(&query.resource)?.resource;
        let conditions = query.condition.iter().map(|condition| self.filter(resource, condition));
        let conditions = conditions.collect::<Result<_, _>>()?;
        Ok(SubQuery { resource, field: field(resource, &query.field, &query.field)?, conditions })
    }

    /// Converts a condition on the nearest rows of another resource; `None` if no relation leads to it.
    fn restriction(
        &self,
        resource: &'static Resource,
        restriction: &Comparison,
    ) -> Result<Option<Filter>, Problem> {
        let (other, name) = restriction.path.split_once('.').unwrap_or_default();
        let other = self.target(other)?.resource;
        let Some(path) = shortest_path(resource, other) else { return Ok(None) };
        let filter = self.comparison(restriction, |operator, operand| {
            let comparison =
                self.resolver().comparison(other, (name, &restriction.path), operator, operand)?;
            Ok(crate::query::Condition { path: path.clone(), comparison })
        });
        filter.map(Some)
    }
}
