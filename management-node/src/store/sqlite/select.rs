//! Conversion of selections to SQL. All names come from the descriptions of
//! resources; values from callers are bound, and never part of the SQL text.

mod groups;

use std::fmt::Write as _;

use rusqlite::{params_from_iter, types};
use zstack_runtime::query::Operator;

use super::documents::{self, Snapshot};
use super::functions::fold;
use crate::model::{Document, Uuid};
use crate::query::resource::{Field, FieldKind, Join, Relation, Resource, Visibility};
use crate::query::{Comparison, Filter, Order, Page, Selection, SubQuery, Value};

pub(super) use groups::select_groups;

/// Runs a selection, and counts its rows if requested. The SQL statement filters,
/// orders and limits UUIDs; their documents are loaded in that order.
pub(super) fn select(snapshot: &Snapshot<'_>, selection: &Selection) -> rusqlite::Result<Page<Document>> {
    let mut page = Page { rows: None, total: None };
    if selection.count {
        let Sql { text, values } = count(selection);
        let mut statement = snapshot.prepare_cached(&text)?;
        page.total = Some(statement.query_row(params_from_iter(values), |row| row.get(0))?);
    }
    if let Some(limit) = selection.limit {
        let Sql { text, values } = uuids(selection, limit);
        let mut statement = snapshot.prepare_cached(&text)?;
        let uuids = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        let uuids: Vec<Uuid> = uuids.collect::<rusqlite::Result<_>>()?;
        page.rows = Some(documents::load(snapshot, &uuids)?);
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
    let direction_of = |order: &Order| if order.descending { " DESC" } else { "" };
    // The same direction as that of the last key, so that an index can be read backwards.
    let direction = selection.order.last().map_or("", direction_of);
    for (index, order) in selection.order.iter().enumerate() {
        if index + 1 == selection.order.len() && order.field.name == "createDate" {
            continue;
        }
        sql.order_key(selection.resource, order.field);
        sql.push(direction_of(order));
        sql.push(", ");
    }
    for text in ["createDate", direction, ", uuid", direction, " LIMIT "] {
        sql.push(text);
    }
    sql.bind(limit);
    sql.push(" OFFSET ");
    sql.bind(selection.start);
    sql
}

/// The text of a statement that is being built, with its bound values.
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

    /// Appends the table and the conditions of a selection.
    fn from(&mut self, selection: &Selection) {
        let account = selection.visible_to.as_deref();
        self.push(selection.resource.table);
        self.push(" WHERE ");
        self.visible(selection.resource, account);
        self.filters(selection.resource, &selection.conditions, account);
    }

    /// Appends filters, all of which must be satisfied, to a condition.
    fn filters(&mut self, from: &Resource, filters: &[Filter], account: Option<&str>) {
        for filter in filters {
            self.push(" AND ");
            self.filter(from, filter, account);
        }
    }

    fn filter(&mut self, from: &Resource, filter: &Filter, account: Option<&str>) {
        let (filters, operator) = match filter {
            Filter::Condition(condition) => {
                return self.condition(from, &condition.path, &condition.comparison, account);
            }
            Filter::All(filters) => (filters.as_slice(), " AND "),
            Filter::Any(filters) => (filters.as_slice(), " OR "),
            Filter::Not(filter) => {
                self.push("NOT ");
                (std::slice::from_ref(&**filter), "")
            }
        };
        self.push("(");
        for (index, filter) in filters.iter().enumerate() {
            if index > 0 {
                self.push(operator);
            }
            self.filter(from, filter, account);
        }
        self.push(")");
    }

    /// Appends a condition, with a subquery for each relation of its path. In a
    /// subquery, a name means a column of the innermost table that has it, so
    /// columns need no qualification.
    fn condition(
        &mut self,
        from: &Resource,
        path: &[&Relation],
        comparison: &Comparison,
        account: Option<&str>,
    ) {
        let Some((relation, rest)) = path.split_first() else {
            return self.comparison(comparison, account);
        };
        for join in &relation.joins {
            self.begin_subquery(join, "IN");
        }
        // A condition must not reveal invisible rows. The parts of a visible row
        // are visible.
        self.visible(relation.to, account.filter(|_| !is_part(relation, from)));
        self.push(" AND ");
        self.condition(relation.to, rest, comparison, account);
        self.push(&")".repeat(relation.joins.len()));
    }

    fn begin_subquery(&mut self, join: &Join, operator: &str) {
        let Join { column, table, other_column } = join;
        // Without the sign, a column with the affinity TEXT keeps SQLite from using an index of a
        // field of a document, which has no affinity. Writing to a String cannot fail.
        let _ = write!(self.text, "{column} {operator} (SELECT +{other_column} FROM {table} WHERE ");
    }

    fn visible(&mut self, resource: &Resource, account: Option<&str>) {
        let (Some(account), false) = (account, resource.visibility().is_empty()) else {
            return self.push("TRUE");
        };
        self.push("(");
        for (index, visibility) in resource.visibility().iter().enumerate() {
            if index > 0 {
                self.push(" OR ");
            }
            match visibility {
                Visibility::Owner(column) => {
                    self.push(column);
                    self.push(" = ");
                    self.bind(account.to_owned());
                }
                Visibility::Shared => self.push("_shared = 1"),
                Visibility::SharedWith => {
                    // The document of a share refers to the resource, and to the receiver if it is one.
                    self.push(
                        "uuid IN (SELECT +share.target FROM link AS receiver JOIN link AS share \
                         ON share.source = receiver.source AND share.field = 'resourceUuid' \
                         WHERE receiver.field = 'receiverAccountUuid' AND receiver.target = ",
                    );
                    self.bind(account.to_owned());
                    self.push(
                        ") OR uuid IN (SELECT +resourceUuid FROM document \
                         WHERE base = 'SharedResource' AND body ->> 'toPublic')",
                    );
                }
                Visibility::With { column, resource } => {
                    self.begin_subquery(&Join { column, table: resource.table, other_column: "uuid" }, "IN");
                    self.visible(resource, Some(account));
                    self.push(")");
                }
            }
        }
        self.push(")");
    }

    fn comparison(&mut self, comparison: &Comparison, account: Option<&str>) {
        let (field, operator, values) = match comparison {
            Comparison::Constant(value) => return self.push(if *value { "TRUE" } else { "FALSE" }),
            Comparison::Field { field, operator, values } => (*field, *operator, values.as_slice()),
            Comparison::Selected { field, is_in, values } => {
                return self.compare_selected(field, *is_in, values, account);
            }
            Comparison::Not(comparison) => {
                self.push("NOT ");
                return self.comparison(comparison, account);
            }
        };
        match (&field.join, operator) {
            (None, _) => self.compare(field, operator, values),
            // A missing row counts as null.
            (Some(join), Operator::IsNull) => {
                self.begin_subquery(join, "NOT IN");
                self.compare(field, Operator::NotNull, values);
                self.push(")");
            }
            (Some(join), _) => {
                self.begin_subquery(join, "IN");
                self.compare(field, operator, values);
                self.push(")");
            }
        }
    }

    /// Appends the comparison of a field with the values of a field of other rows.
    fn compare_selected(&mut self, field: &Field, is_in: bool, values: &SubQuery, account: Option<&str>) {
        if let Some(join) = &field.join {
            self.begin_subquery(join, "IN");
        }
        self.operand(field, false);
        self.push(if is_in { " IN (SELECT +" } else { " NOT IN (SELECT +" });
        self.value_of(values.resource, values.field);
        // Compared as times are compared with each other.
        self.push(if values.field.kind == FieldKind::Time { " / 1000 FROM " } else { " FROM " });
        self.push(values.resource.table);
        self.push(" WHERE ");
        self.visible(values.resource, account);
        self.filters(values.resource, &values.conditions, account);
        self.push(if field.join.is_some() { "))" } else { ")" });
    }

    fn compare(&mut self, field: &Field, operator: Operator, values: &[Value]) {
        if matches!(operator, Operator::Like | Operator::NotLike) {
            return self.like(field, operator, values);
        }
        let is_folded = field.kind == FieldKind::Text && !values.iter().all(Value::is_ascii);
        self.operand(field, is_folded);
        self.push(match operator {
            Operator::NotEqual => " <> ",
            Operator::In => " IN (",
            Operator::NotIn => " NOT IN (",
            Operator::IsNull => " IS NULL",
            Operator::NotNull => " IS NOT NULL",
            // The others have the same spelling in SQL.
            _ => operator.as_str(),
        });
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            match value {
                Value::Number(number) => self.bind(*number),
                Value::Decimal(number) => self.bind(*number),
                Value::Text(text) if is_folded => self.bind(fold(text)),
                Value::Text(text) => self.bind(text.clone()),
            }
        }
        if matches!(operator, Operator::In | Operator::NotIn) {
            self.push(")");
        }
    }

    /// Appends the left side of a comparison. Only for values beyond ASCII, the
    /// column has to be folded, for which no index exists.
    fn operand(&mut self, field: &Field, is_folded: bool) {
        if is_folded {
            self.push("fold(");
        }
        self.push(field.sql);
        match field.kind {
            _ if is_folded => self.push(")"),
            FieldKind::Text => self.push(" COLLATE NOCASE"),
            // Times on the wire are whole seconds.
            FieldKind::Time => self.push(" / 1000"),
            FieldKind::Uuid | FieldKind::Number | FieldKind::Decimal | FieldKind::Flag => {}
        }
    }

    fn like(&mut self, field: &Field, operator: Operator, values: &[Value]) {
        for value in values {
            let Value::Text(pattern) = value else { continue };
            self.push(if operator == Operator::NotLike { "NOT " } else { "" });
            let _ = write!(self.text, "matches({}, ", field.sql);
            self.bind(pattern.clone());
            self.push(")");
            // Lets SQLite search an index for the fixed prefix of the pattern.
            if let (Operator::Like, Some((first, end))) = (operator, prefix_range(pattern)) {
                for (operator, bound) in [(">=", first), ("<", end)] {
                    self.push(" AND ");
                    self.operand(field, false);
                    self.push(operator);
                    self.bind(bound);
                }
            }
        }
    }

    /// Appends a key of the order.
    fn order_key(&mut self, resource: &Resource, field: &Field) {
        self.value_of(resource, field);
        self.push(if field.kind == FieldKind::Text { " COLLATE NOCASE" } else { "" });
    }

    /// Appends the value of a field, if it is of another table, too.
    fn value_of(&mut self, resource: &Resource, field: &Field) {
        match field.join {
            None => self.push(field.sql),
            Some(Join { column, table, other_column }) => {
                let outer = resource.alias;
                let _ = write!(
                    self.text,
                    "(SELECT {} FROM {table} WHERE {other_column} = {outer}.{column} LIMIT 1)",
                    field.sql
                );
            }
        }
    }
}

/// Returns true if the rows of a relation are visible together with the row from
/// which it leads.
fn is_part(relation: &Relation, from: &Resource) -> bool {
    let [Join { column: "uuid", other_column, .. }] = relation.joins.as_slice() else {
        return false;
    };
    relation.to.visibility().iter().any(|visibility| {
        matches!(visibility, Visibility::With { column, resource } if column == other_column && resource.table == from.table)
    })
}

impl Value {
    fn is_ascii(&self) -> bool {
        match self {
            Self::Text(text) => text.is_ascii(),
            Self::Number(_) | Self::Decimal(_) => true,
        }
    }
}

/// Returns the half-open range of the texts that begin with the fixed ASCII prefix
/// of a pattern.
fn prefix_range(pattern: &str) -> Option<(String, String)> {
    let is_end = |character: char| !character.is_ascii() || matches!(character, '%' | '_');
    let end = pattern.find(is_end).unwrap_or(pattern.len());
    let first = pattern[..end].to_ascii_lowercase();
    let last = first.chars().next_back()?;
    // The last ASCII character has no successor in ASCII.
    let next = char::from_u32(u32::from(last) + 1).filter(char::is_ascii)?;
    let end = format!("{}{next}", &first[..first.len() - 1]);
    Some((first, end))
}

#[cfg(test)]
mod tests;
