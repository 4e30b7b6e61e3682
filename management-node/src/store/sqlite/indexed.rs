//! The columns of documents that repeat fields, for queries: see [`INDEXED`].

use std::sync::LazyLock;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params_from_iter};
use serde_json::{Map, Value};

use super::links::json;
use crate::model::Document;
use crate::query::INDEXED;

/// Inserts a document whose fields are JSON text; the columns are taken from it.
pub(super) static INSERT_TEXT: LazyLock<String> = LazyLock::new(|| {
    let values = INDEXED.iter().map(|field| format!(", ?4 ->> '{field}'"));
    insertion(&values.collect::<String>())
});

/// Sets the fields of an existing document instead, after [`INSERT_TEXT`].
pub(super) static REPLACE_TEXT: LazyLock<String> = LazyLock::new(|| {
    let columns = INDEXED.iter().map(|field| format!(", {field} = excluded.{field}"));
    let columns = columns.collect::<String>();
    format!("{} ON CONFLICT (uuid) DO UPDATE SET body = ?4, revision = revision + 1{columns}", *INSERT_TEXT)
});

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let values = (5..).zip(INDEXED).map(|(number, _)| format!(", ?{number}"));
    insertion(&values.collect::<String>())
});

fn insertion(values: &str) -> String {
    let columns = INDEXED.join(", ");
    format!("INSERT INTO document (uuid, kind, base, body, {columns}) VALUES (?1, ?2, ?3, ?4{values})")
}

/// The value of a column. No field that is searched contains a list or an object.
struct Column<'a>(Option<&'a Value>);

impl ToSql for Column<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Some(Value::String(text)) => text.as_str().into(),
            Some(Value::Bool(value)) => (*value).into(),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(number) => number.into(),
                None => number.as_f64().unwrap_or_default().into(),
            },
            None | Some(Value::Null | Value::Array(_) | Value::Object(_)) => rusqlite::types::Null.into(),
        })
    }
}

/// Inserts a document.
pub(super) fn insert(connection: &Connection, document: &Document) -> rusqlite::Result<()> {
    let Document { uuid, kind, base, fields, .. } = document;
    let body = json(&**fields)?;
    let columns: Vec<_> = INDEXED.iter().map(|field| Column(fields.get(*field))).collect();
    let values: [&dyn ToSql; 4] = [uuid, kind, base, &body];
    let values = values.into_iter().chain(columns.iter().map(|column| column as &dyn ToSql));
    connection.prepare_cached(&INSERT)?.execute(params_from_iter(values)).map(drop)
}

/// Replaces a document, and sets the columns whose values differ from those before: SQLite writes only
/// the indexes of columns that a statement sets. Returns false if there is no document with this revision.
pub(super) fn replace(
    connection: &Connection,
    before: (&str, &Map<String, Value>),
    after: &Document,
) -> rusqlite::Result<bool> {
    let Document { uuid, kind, revision, fields, .. } = after;
    let mut sql = "UPDATE document SET body = ?1, revision = revision + 1".to_owned();
    let body = json(&**fields)?;
    let changed = INDEXED.iter().filter(|field| before.1.get(**field) != fields.get(**field));
    let changed: Vec<_> = changed.map(|field| (*field, Column(fields.get(*field)))).collect();
    let mut values: Vec<&dyn ToSql> = vec![&body];
    for (field, column) in &changed {
        values.push(column);
        sql.push_str(&format!(", {field} = ?"));
    }
    if before.0 != kind {
        values.push(kind);
        sql.push_str(", kind = ?");
    }
    sql.push_str(" WHERE uuid = ? AND revision = ?");
    values.push(uuid);
    values.push(revision);
    connection.prepare_cached(&sql)?.execute(params_from_iter(values)).map(|count| count == 1)
}
