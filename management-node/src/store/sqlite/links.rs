//! The references of documents that must not dangle, and documents as JSON.

use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;

use crate::model::Uuid;

/// Writes a record as JSON.
pub(super) fn json(record: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(record).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Adds a reference that must not dangle.
pub(super) fn link(connection: &Connection, source: &str, field: &str, target: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO link (source, field, target) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute([source, field, target]).map(drop)
}

/// Replaces a reference.
pub(super) fn set_link(
    connection: &Connection,
    source: &str,
    field: &str,
    target: Option<&Uuid>,
) -> rusqlite::Result<()> {
    let sql = "SELECT target FROM link WHERE source = ?1 AND field = ?2";
    let old: Option<String> =
        connection.prepare_cached(sql)?.query_row([source, field], |row| row.get(0)).optional()?;
    if old.as_ref() == target {
        return Ok(());
    }
    let sql = "DELETE FROM link WHERE source = ?1 AND field = ?2";
    connection.prepare_cached(sql)?.execute([source, field])?;
    target.map_or(Ok(()), |target| link(connection, source, field, target))
}
