//! Selections as SQL. Names are those of the descriptions of resources; what a
//! caller wrote is bound, and never part of the text.

use std::fmt::Write as _;

use rusqlite::{Connection, params_from_iter, types};
use zstack_runtime::query::Operator;

use super::functions::fold;
use crate::model::Uuid;
use crate::query::resource::{Field, Join, Kind, Relation, Resource, Visible};
use crate::query::{Order, Page, Selection, Test, Value};

/// The rows of a selection, and how many there are in all. Filtering, ordering
/// and cutting is done on UUIDs; `load` loads what is left, in that order.
pub(super) fn select<T>(
    connection: &Connection,
    selection: &Selection,
    load: impl FnOnce(&Connection, &[Uuid]) -> rusqlite::Result<Vec<T>>,
) -> rusqlite::Result<Page<T>> {
    let mut page = Page { rows: None, total: None };
    if selection.count {
        let Sql { text, values } = count(selection);
        let mut statement = connection.prepare_cached(&text)?;
        page.total = Some(statement.query_row(params_from_iter(values), |row| row.get(0))?);
    }
    if let Some(limit) = selection.limit {
        let Sql { text, values } = uuids(selection, limit);
        let mut statement = connection.prepare_cached(&text)?;
        let uuids = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        let uuids: Vec<Uuid> = uuids.collect::<rusqlite::Result<_>>()?;
        page.rows = Some(load(connection, &uuids)?);
    }
    Ok(page)
}

fn count(selection: &Selection) -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT count(*) FROM ");
    sql.from(selection);
    sql
}

fn uuids(selection: &Selection, limit: i64) -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT uuid FROM ");
    sql.from(selection);
    sql.push(" ORDER BY ");
    // All in one direction, so that an index can be read backwards.
    let direction = match selection.order {
        Some(Order { descending: true, .. }) => " DESC",
        _ => "",
    };
    if let Some(Order { field, .. }) = selection.order.filter(|order| order.field.sql != "create_date") {
        sql.key(selection.resource, field);
        sql.push(direction);
        sql.push(", ");
    }
    for text in ["create_date", direction, ", uuid", direction, " LIMIT "] {
        sql.push(text);
    }
    sql.bind(limit);
    sql.push(" OFFSET ");
    sql.bind(selection.start);
    sql
}

/// A statement in the making, with what is bound to its places.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<types::Value>,
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: impl Into<types::Value>) {
        self.push("?");
        self.values.push(value.into());
    }

    /// The table, and which of its rows.
    fn from(&mut self, selection: &Selection) {
        let account = selection.visible_to.as_deref();
        self.push(selection.resource.table);
        self.push(" WHERE ");
        self.visible(selection.resource, account);
        for condition in &selection.conditions {
            self.push(" AND ");
            self.condition(selection.resource, &condition.path, &condition.test, account);
        }
    }

    /// Within a subquery, a name is one of the innermost table that has it:
    /// columns need no qualification.
    fn condition(&mut self, from: &Resource, path: &[&Relation], test: &Test, account: Option<&str>) {
        let Some((relation, rest)) = path.split_first() else {
            return self.test(test);
        };
        for join in relation.joins {
            self.within(join, "IN");
        }
        // Nobody learns by a condition what it may not see. What is part of
        // something visible is visible.
        self.visible(relation.to, account.filter(|_| !is_part(relation, from)));
        self.push(" AND ");
        self.condition(relation.to, rest, test, account);
        self.push(&")".repeat(relation.joins.len()));
    }

    /// Begins a subquery.
    fn within(&mut self, join: &Join, operator: &str) {
        let Join { ours, table, theirs } = join;
        // An error would say that there is no memory, which ends the process.
        let _ = write!(self.text, "{ours} {operator} (SELECT {theirs} FROM {table} WHERE ");
    }

    fn visible(&mut self, resource: &Resource, account: Option<&str>) {
        let (Some(account), false) = (account, resource.visible.is_empty()) else {
            return self.push("TRUE");
        };
        self.push("(");
        for (index, visible) in resource.visible.iter().enumerate() {
            if index > 0 {
                self.push(" OR ");
            }
            match visible {
                Visible::ToOwner => {
                    self.push("account_uuid = ");
                    self.bind(account.to_owned());
                }
                Visible::IfShared => self.push("shared = 1"),
                Visible::With { ours, resource } => {
                    self.within(&Join { ours, table: resource.table, theirs: "uuid" }, "IN");
                    self.visible(resource, Some(account));
                    self.push(")");
                }
            }
        }
        self.push(")");
    }

    fn test(&mut self, test: &Test) {
        let (field, operator, values) = match test {
            Test::Always(holds) => return self.push(if *holds { "TRUE" } else { "FALSE" }),
            Test::Field { field, operator, values } => (*field, *operator, values.as_slice()),
        };
        match (&field.row, operator) {
            (None, _) => self.compare(field, operator, values),
            // What is not there has no value either.
            (Some(row), Operator::IsNull) => {
                self.within(row, "NOT IN");
                self.compare(field, Operator::NotNull, values);
                self.push(")");
            }
            (Some(row), _) => {
                self.within(row, "IN");
                self.compare(field, operator, values);
                self.push(")");
            }
        }
    }

    fn compare(&mut self, field: &Field, operator: Operator, values: &[Value]) {
        if matches!(operator, Operator::Like | Operator::NotLike) {
            return self.resemble(field, operator, values);
        }
        let is_folded = field.kind == Kind::Text && !values.iter().all(Value::is_ascii);
        self.operand(field, is_folded);
        self.push(match operator {
            Operator::NotEqual => " <> ",
            Operator::In => " IN (",
            Operator::NotIn => " NOT IN (",
            Operator::IsNull => " IS NULL",
            Operator::NotNull => " IS NOT NULL",
            // The rest is called the same.
            _ => operator.as_str(),
        });
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            match value {
                Value::Number(number) => self.bind(*number),
                Value::Text(text) if is_folded => self.bind(fold(text)),
                Value::Text(text) => self.bind(text.clone()),
            }
        }
        if matches!(operator, Operator::In | Operator::NotIn) {
            self.push(")");
        }
    }

    /// The left side of a comparison. Only what is not ASCII has to be folded
    /// in a way that no index has.
    fn operand(&mut self, field: &Field, is_folded: bool) {
        if is_folded {
            self.push("fold(");
        }
        self.push(field.sql);
        match field.kind {
            _ if is_folded => self.push(")"),
            Kind::Text => self.push(" COLLATE NOCASE"),
            // What the wire shows has no fraction.
            Kind::Time => self.push(" / 1000"),
            Kind::Uuid | Kind::Number | Kind::Flag => {}
        }
    }

    fn resemble(&mut self, field: &Field, operator: Operator, values: &[Value]) {
        for value in values {
            let Value::Text(pattern) = value else { continue };
            self.push(if operator == Operator::NotLike { "NOT " } else { "" });
            let _ = write!(self.text, "matches({}, ", field.sql);
            self.bind(pattern.clone());
            self.push(")");
            // An index finds what begins with the same.
            if let (Operator::Like, Some((first, end))) = (operator, beginning(pattern)) {
                for (operator, bound) in [(">=", first), ("<", end)] {
                    self.push(" AND ");
                    self.operand(field, false);
                    self.push(operator);
                    self.bind(bound);
                }
            }
        }
    }

    /// What rows are ordered by.
    fn key(&mut self, resource: &Resource, field: &Field) {
        let collation = if field.kind == Kind::Text { " COLLATE NOCASE" } else { "" };
        match field.row {
            None => self.push(field.sql),
            Some(Join { ours, table, theirs }) => {
                let outer = resource.table;
                let _ = write!(
                    self.text,
                    "(SELECT {} FROM {table} WHERE {theirs} = {outer}.{ours} LIMIT 1)",
                    field.sql
                );
            }
        }
        self.push(collation);
    }
}

/// Whether a relation leads to what is visible with what it comes from.
fn is_part(relation: &Relation, from: &Resource) -> bool {
    let [Join { ours: "uuid", theirs, .. }] = relation.joins else {
        return false;
    };
    let with = |it: &Visible| matches!(it, Visible::With { ours, resource } if ours == theirs && resource.table == from.table);
    relation.to.visible.iter().any(with)
}

impl Value {
    fn is_ascii(&self) -> bool {
        match self {
            Self::Text(text) => text.is_ascii(),
            Self::Number(_) => true,
        }
    }
}

/// Between which texts all lie that match a pattern, if it begins with ASCII:
/// from the first one, up to but without the second.
fn beginning(pattern: &str) -> Option<(String, String)> {
    let end = pattern.find(|it: char| !it.is_ascii() || matches!(it, '%' | '_')).unwrap_or(pattern.len());
    let first = pattern[..end].to_ascii_lowercase();
    let last = first.chars().next_back()?;
    // The last one of ASCII has no next one.
    let next = char::from_u32(u32::from(last) + 1).filter(char::is_ascii)?;
    let end = format!("{}{next}", &first[..first.len() - 1]);
    Some((first, end))
}

#[cfg(test)]
mod tests;
