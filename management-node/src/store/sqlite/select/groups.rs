//! The SQL for groups of rows.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params_from_iter};

use super::Sql;
use crate::query::resource::{FieldKind, Resource};
use crate::query::{Cell, Column, Grouping};

/// Computes the values of groups.
pub(in super::super) fn select_groups(
    connection: &Connection,
    grouping: &Grouping,
) -> rusqlite::Result<Vec<Vec<Cell>>> {
    let Sql { text, values } = groups(grouping);
    let mut statement = connection.prepare_cached(&text)?;
    let cells = |row: &Row<'_>| (0..grouping.columns.len()).map(|index| cell(row, index)).collect();
    statement.query_map(params_from_iter(values), cells)?.collect()
}

fn groups(grouping: &Grouping) -> Sql {
    let Grouping { selection, keys, columns, order } = grouping;
    let resource = selection.resource;
    let mut sql = Sql::default();
    sql.push("SELECT ");
    for column in columns {
        sql.column(resource, *column);
        sql.push(", ");
    }
    // With it, other columns have the values of the oldest row.
    sql.push("min(createDate) FROM ");
    sql.from(selection);
    for (index, key) in keys.iter().enumerate() {
        sql.push(if index == 0 { " GROUP BY " } else { ", " });
        sql.order_key(resource, key);
    }
    sql.push(" ORDER BY ");
    for (column, is_descending) in order {
        match column {
            Column::Value(field) => sql.order_key(resource, field),
            _ => sql.column(resource, *column),
        }
        sql.push(if *is_descending { " DESC, " } else { ", " });
    }
    for key in keys {
        sql.order_key(resource, key);
        sql.push(", ");
    }
    sql.push("min(createDate) LIMIT ");
    sql.bind(selection.limit.unwrap_or_default());
    sql.push(" OFFSET ");
    sql.bind(selection.start);
    sql
}

impl Sql {
    fn column(&mut self, resource: &Resource, column: Column) {
        let (function, field) = match column {
            Column::Value(field) => return self.value_of(resource, field),
            Column::Count => return self.push("count(*)"),
            Column::CountDistinct(field) => ("count(DISTINCT ", field),
            Column::Sum(field) => ("sum(", field),
            Column::Minimum(field) => ("min(", field),
            Column::Maximum(field) => ("max(", field),
            Column::Average(field) => ("avg(", field),
        };
        self.push(function);
        self.value_of(resource, field);
        let is_distinct_text = matches!(column, Column::CountDistinct(_)) && field.kind == FieldKind::Text;
        self.push(if is_distinct_text { " COLLATE NOCASE)" } else { ")" });
    }
}

fn cell(row: &Row<'_>, index: usize) -> rusqlite::Result<Cell> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null | ValueRef::Blob(_) => Cell::Null,
        ValueRef::Integer(number) => Cell::Number(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
    })
}
