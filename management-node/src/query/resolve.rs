//! From the text of a query to a selection: names become fields, and texts
//! become values that fit them.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use zstack_runtime::Timestamp;
use zstack_runtime::query::{self, Operator, Query};
use zstack_runtime::record::Shape;

use super::resource::{Field, Kind, Resource};
use super::{Condition, Order, Selection, Test, Value};
use crate::inventory::meant;
use crate::model::Caller;
use crate::rules::{Verdict, errors};

/// How many rows there are without a limit.
const LIMIT: i64 = 1000;

/// How many conditions there may be, how many values in all of them, and how
/// many names in a path. Nobody needs as many, and SQLite has limits, too.
const MOST_CONDITIONS: usize = 256;
const MOST_VALUES: usize = 10_000;
const LONGEST_PATH: usize = 8;

/// How much of what a caller wrote is repeated, in characters.
const EXCERPT: usize = 64;

/// How many problems are told at once.
const MOST_PROBLEMS: usize = 8;

/// Where the platform keeps tags. This node has none.
const TAGS: [&str; 3] = ["__systemTag__", "__userTag__", "__tagUuid__"];

/// What a query selects of what the caller sees. `inventory` is the table of
/// the record that the answer lists; times are read as clocks in `zone` show
/// them.
///
/// # Errors
///
/// `SYS.1007`, with all that is wrong.
pub fn resolve(
    resource: &'static Resource,
    query: &Query,
    inventory: &Shape,
    zone: &TimeZone,
    caller: &Caller,
) -> Verdict<Selection> {
    let mut reader = Reader { zone, problems: Vec::new() };
    let mut selection = Selection::all(resource, caller);
    selection.conditions = reader.conditions(resource, &query.conditions);
    selection.order = reader.order(resource, query.sort.as_ref());
    selection.start = reader.amount("start", query.start, 0);
    let limit = reader.amount("limit", query.limit, LIMIT);
    let only_count = query.count == Some(true);
    selection.limit = (!only_count).then_some(limit);
    selection.count = only_count || query.reply_with_count == Some(true);
    for name in query.fields.iter().flat_map(query::Names::iter) {
        // A suggestion takes longer than reading a name.
        if reader.problems.len() == MOST_PROBLEMS {
            break;
        }
        if inventory.index_of(name).is_none() {
            let known = inventory.fields.iter().map(|field| field.name);
            reader.problem("fields", &no_field(resource, name, name, known));
        }
    }
    // No filter is known, and one that is not known filters nothing.
    if let Some(filter) = &query.filter_name
        && !filter.split_once(':').is_some_and(|(kind, condition)| !kind.is_empty() && !condition.is_empty())
    {
        reader.problem("filterName", &format!("`{}` is no filter; write `type:condition`.", excerpt(filter)));
    }
    if reader.problems.is_empty() {
        Ok(selection)
    } else {
        Err(errors::invalid_argument(reader.problems.join("\n")))
    }
}

struct Reader<'a> {
    zone: &'a TimeZone,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn problem(&mut self, parameter: &str, text: &str) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(format!("[{parameter}] {text}"));
        }
    }

    fn amount(&mut self, parameter: &str, given: Option<i32>, otherwise: i64) -> i64 {
        let amount = given.map_or(otherwise, i64::from);
        if amount < 0 {
            self.problem(parameter, &format!("`{amount}` is negative; write 0 or more."));
        }
        amount
    }

    fn order(&mut self, resource: &'static Resource, sort: Option<&query::Sort>) -> Option<Order> {
        let sort = sort?;
        let name = sort.field();
        match resource.field(name) {
            Some(field) => Some(Order { field, descending: sort.is_descending() }),
            None => {
                let known = resource.fields.iter().map(|field| field.name);
                self.problem("sort", &no_field(resource, name, name, known));
                None
            }
        }
    }

    fn conditions(&mut self, resource: &'static Resource, given: &[query::Condition]) -> Vec<Condition> {
        let mut seen = HashSet::new();
        let conditions: Vec<_> = given.iter().filter(|it| seen.insert(*it)).collect();
        let count =
            |it: &&query::Condition| if it.operator().takes_value() { it.values().count() } else { 0 };
        let values: usize = conditions.iter().map(count).sum();
        if conditions.len() > MOST_CONDITIONS || values > MOST_VALUES {
            let text = format!(
                "there are {} conditions with {values} values; write at most {MOST_CONDITIONS} with {MOST_VALUES}.",
                conditions.len()
            );
            self.problem("q", &text);
            return Vec::new();
        }
        let read =
            |it: &query::Condition| self.condition(resource, it).map_err(|text| self.problem("q", &text));
        conditions.into_iter().map(read).filter_map(Result::ok).collect()
    }

    fn condition(&self, resource: &'static Resource, given: &query::Condition) -> Result<Condition, String> {
        let whole = given.field();
        let (way, name) = whole.rsplit_once('.').map_or((None, whole), |(way, name)| (Some(way), name));
        let mut path = Vec::new();
        let mut here = resource;
        for part in way.iter().flat_map(|way| way.split('.')) {
            if path.len() == LONGEST_PATH {
                return Err(format!(
                    "`{}` leads too far; write at most {LONGEST_PATH} names before the last.",
                    excerpt(whole)
                ));
            }
            let Some(relation) = here.relation(part) else {
                return Err(no_field(here, part, whole, here.relations.iter().map(|relation| relation.name)));
            };
            path.push(relation);
            here = relation.to;
        }
        Ok(Condition { path, test: self.test(here, name, given)? })
    }

    fn test(
        &self,
        resource: &'static Resource,
        name: &str,
        given: &query::Condition,
    ) -> Result<Test, String> {
        let operator = given.operator();
        if TAGS.contains(&name) {
            return Ok(Test::Always(is_negation(operator)));
        }
        let whole = given.field();
        let Some(field) = resource.field(name) else {
            if let Some(relation) = resource.relation(name) {
                let first = relation.to.fields.first().map_or("uuid", |field| field.name);
                return Err(format!(
                    "`{whole}` has fields of its own; name one of them, such as `{whole}.{first}`."
                ));
            }
            return Err(no_field(resource, name, whole, resource.fields.iter().map(|field| field.name)));
        };
        let is_pattern = matches!(operator, Operator::Like | Operator::NotLike);
        if is_pattern && !matches!(field.kind, Kind::Text | Kind::Uuid) {
            return Err(format!(
                "`{whole}` is {}, and `{}` compares texts only; use `=`, `>` or `<`.",
                of_kind(field.kind),
                operator.as_str()
            ));
        }
        let read = |text: &str| {
            self.value(field, text).ok_or_else(|| {
                format!("`{whole}` is {}, and `{}` is none.", of_kind(field.kind), excerpt(text))
            })
        };
        let values = match operator {
            Operator::IsNull | Operator::NotNull => Vec::new(),
            Operator::In | Operator::NotIn => given.values().map(read).collect::<Result<_, _>>()?,
            _ => vec![read(given.value())?],
        };
        Ok(Test::Field { field, operator, values })
    }

    /// The value that a text stands for; `None` if the field cannot hold it.
    fn value(&self, field: &Field, text: &str) -> Option<Value> {
        Some(match field.kind {
            Kind::Text => Value::Text(text.to_owned()),
            Kind::Uuid => Value::Text(text.to_ascii_lowercase()),
            Kind::Number => Value::Number(text.trim().parse().ok()?),
            Kind::Flag if text.trim().eq_ignore_ascii_case("true") => Value::Number(1),
            Kind::Flag if text.trim().eq_ignore_ascii_case("false") => Value::Number(0),
            Kind::Flag => return None,
            Kind::Time => {
                let time: Timestamp = text.trim().parse().ok()?;
                Value::Number(time.to_instant(self.zone).ok()?.as_second())
            }
        })
    }
}

/// Whether what has no value satisfies it, by the rules for tags.
fn is_negation(operator: Operator) -> bool {
    matches!(operator, Operator::NotEqual | Operator::NotIn | Operator::NotLike | Operator::IsNull)
}

fn of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Uuid => "a UUID",
        Kind::Text => "a text",
        Kind::Number => "a whole number",
        Kind::Flag => "`true` or `false`",
        Kind::Time => "a time such as `2017-11-14 22:20:57` or `Nov 14, 2017 10:20:57 PM`",
    }
}

/// `name` stands in `whole`, which may be a path, and is none of `known`.
fn no_field<'k>(
    resource: &Resource,
    name: &str,
    whole: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> String {
    let name = excerpt(name);
    let place = if name == whole { String::new() } else { format!(" (in `{}`)", excerpt(whole)) };
    let hint = match meant(&name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}.", known.collect::<Vec<_>>().join(", ")),
    };
    format!("no {} has a `{name}`{place}; {hint}", resource.name)
}

/// The beginning of what a caller wrote.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
