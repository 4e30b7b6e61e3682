//! ZQL, the query language of the platform.
//!
//! | module | content |
//! |---|---|
//! | `tokens` | the words, texts and signs of a text |
//! | `parser` | the conversion of a text to statements |
//! | `parse_conditions` | the same for conditions |
//! | `plan` | the conversion of a statement to selections |
//! | `groups` | the same for statements about groups of rows |

mod groups;
mod parse_conditions;
mod parser;
mod plan;
mod tokens;

use zstack_runtime::query;

pub(crate) use groups::{Form, Groups};
pub(crate) use parser::parse;
pub(crate) use plan::{Plan, Planner, Target, Total};

/// The reason why names or values do not fit.
type Problem = String;

/// A statement.
#[derive(Debug, PartialEq)]
pub(crate) enum Statement<'t> {
    Select(Select<'t>),
    Search(Search<'t>),
}

/// A statement about the rows of a resource.
#[derive(Debug, PartialEq)]
pub(crate) struct Select<'t> {
    pub(crate) verb: Verb,
    /// The function that encloses the target.
    function: Option<Function>,
    /// The name of the resource, in any case.
    resource: &'t str,
    /// The fields; without any, all of them.
    fields: Vec<&'t str>,
    condition: Option<Condition>,
    restrictions: Vec<Comparison>,
    with_total: bool,
    /// The fields by which rows are grouped.
    groups: Vec<&'t str>,
    order: Vec<Order<'t>>,
    limit: Option<i64>,
    start: i64,
    /// The name of the result.
    pub(crate) name: Option<String>,
}

/// A statement that searches texts in the names, descriptions and UUIDs of resources.
#[derive(Debug, PartialEq)]
pub(crate) struct Search<'t> {
    pub(crate) text: String,
    /// The names of resources; without any, all of them.
    pub(crate) resources: Vec<&'t str>,
    restrictions: Vec<Comparison>,
    pub(crate) limit: Option<i64>,
    pub(crate) start: i64,
}

/// The first word of a statement about the rows of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Query,
    Count,
    Sum,
}

/// A function of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Distinct,
    Minimum,
    Maximum,
    Average,
}

/// Conditions, combined.
#[derive(Debug, PartialEq)]
enum Condition {
    Comparison(Comparison),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// The comparison of a field.
#[derive(Debug, PartialEq)]
struct Comparison {
    /// The path of the field, with dots.
    path: String,
    operator: Operator,
    operand: Operand,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Plain(query::Operator),
    /// Each value is one of those of the related rows.
    Has,
    /// No value is one of those of the related rows.
    HasNot,
}

/// The right side of a comparison.
#[derive(Debug, PartialEq)]
enum Operand {
    Values(Vec<String>),
    SubQuery(Box<SubQuery>),
}

/// A statement in a condition.
#[derive(Debug, PartialEq)]
struct SubQuery {
    resource: String,
    field: String,
    condition: Option<Condition>,
}

/// A key of an order.
#[derive(Debug, PartialEq, Eq)]
struct Order<'t> {
    field: &'t str,
    is_descending: bool,
}

impl Statement<'_> {
    /// The names of the resources whose rows it reads.
    pub(crate) fn resources(&self) -> Vec<&str> {
        let mut names = Vec::new();
        match self {
            Self::Select(select) => {
                names.push(select.resource);
                if let Some(condition) = &select.condition {
                    condition.add_resources(&mut names);
                }
            }
            Self::Search(search) => names.extend(&search.resources),
        }
        self.restrictions().iter().for_each(|restriction| restriction.operand.add_resources(&mut names));
        names
    }

    /// The names of the resources that restrict others.
    pub(crate) fn restricting(&self) -> impl Iterator<Item = &str> {
        self.restrictions().iter().filter_map(|restriction| Some(restriction.path.split_once('.')?.0))
    }

    fn restrictions(&self) -> &[Comparison] {
        match self {
            Self::Select(Select { restrictions, .. }) | Self::Search(Search { restrictions, .. }) => {
                restrictions
            }
        }
    }
}

impl Select<'_> {
    /// The name of the resource in the statement.
    pub(crate) fn resource(&self) -> &str {
        self.resource
    }
}

impl Condition {
    fn add_resources<'s>(&'s self, names: &mut Vec<&'s str>) {
        match self {
            Self::Comparison(comparison) => comparison.operand.add_resources(names),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().for_each(|condition| condition.add_resources(names));
            }
        }
    }
}

impl Operand {
    fn add_resources<'s>(&'s self, names: &mut Vec<&'s str>) {
        if let Self::SubQuery(query) = self {
            names.push(&query.resource);
            if let Some(condition) = &query.condition {
                condition.add_resources(names);
            }
        }
    }
}
