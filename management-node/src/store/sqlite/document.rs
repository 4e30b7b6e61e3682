//! Documents with the fields of records, which have types.

use rusqlite::{Connection, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::links::{json, link};
use super::sessions;
use crate::model::Entity;

/// Reads a record from the column `body`, the first one of a row.
pub(super) fn read<T: DeserializeOwned>(row: &Row<'_>) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

/// Inserts a record.
pub(super) fn insert(connection: &Connection, entity: &Entity) -> rusqlite::Result<()> {
    match entity {
        Entity::AccessKey(key) => {
            insert_document(connection, "AccessKey", &key.uuid, key)?;
            link(connection, &key.uuid, "accountUuid", &key.account_uuid)
        }
        Entity::Account(account) => insert_document(connection, "Account", &account.uuid, account),
        Entity::Session(session) => sessions::insert_session(connection, session),
    }
}

fn insert_document(
    connection: &Connection,
    kind: &str,
    uuid: &str,
    record: &impl Serialize,
) -> rusqlite::Result<()> {
    // A field that is null is removed.
    let sql = "INSERT INTO document (uuid, kind, base, body) VALUES (?1, ?2, ?2, json_patch('{}', ?3))";
    connection.prepare_cached(sql)?.execute(params![uuid, kind, json(record)?]).map(drop)
}

/// Deletes a record. Returns false if it does not exist.
pub(super) fn delete(connection: &Connection, entity: &Entity) -> rusqlite::Result<bool> {
    match entity {
        Entity::AccessKey(_) | Entity::Account(_) => delete_document(connection, entity.uuid()),
        // Sessions are deleted by an edit of their own.
        Entity::Session(_) => Ok(false),
    }
}

/// Deletes a document. Returns false if it does not exist.
pub(super) fn delete_document(connection: &Connection, uuid: &str) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("DELETE FROM document WHERE uuid = ?1")?;
    statement.execute([uuid]).map(|count| count > 0)
}

/// Returns true if a resource has this UUID. Sessions are not included, as their UUIDs are secrets.
pub(super) fn has_uuid(connection: &Connection, uuid: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM document WHERE uuid = ?1")?.exists([uuid])
}
