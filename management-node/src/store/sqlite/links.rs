//! The references of documents that must not dangle, and documents as JSON.

use rusqlite::Connection;
use serde::Serialize;

/// Writes a record as JSON.
pub(super) fn json(record: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(record).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Adds a reference that must not dangle.
pub(super) fn link(connection: &Connection, source: &str, field: &str, target: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO link (source, field, target) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute([source, field, target]).map(drop)
}
