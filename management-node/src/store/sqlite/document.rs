//! Documents with the fields of records, which have types.

use rusqlite::{Connection, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::links::link;
use super::{indexed, sessions};
use crate::model::{Document, Entity};

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
    let record = serde_json::to_value(record);
    let record = record.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let mut fields = record.as_object().cloned().unwrap_or_default();
    fields.retain(|_, value| !value.is_null());
    let (uuid, kind) = (uuid.to_owned(), kind.to_owned());
    indexed::insert(
        connection,
        &Document { uuid, base: kind.clone(), kind, revision: 0, fields: fields.into() },
    )
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
