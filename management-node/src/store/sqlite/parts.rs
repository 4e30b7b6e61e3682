//! Records other than documents: sessions, and the lists in documents.

use rusqlite::{Connection, Row, params};

use super::links::{json, link};
use crate::model::{BackupStorageRef, BackupStorageZone, PrimaryStorageCluster, Session};

/// The columns of a session.
pub(super) const SESSION: &str = "uuid, account_uuid, expired_date, create_date, user_uuid";

/// Reads a session from the first columns of a row.
pub(super) fn read_session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        uuid: row.get(0)?,
        account_uuid: row.get(1)?,
        expired_date: row.get(2)?,
        create_date: row.get(3)?,
        user_uuid: row.get(4)?,
    })
}

pub(super) fn insert_session(connection: &Connection, session: &Session) -> rusqlite::Result<()> {
    let sql = format!("INSERT INTO session ({SESSION}) VALUES (?1, ?2, ?3, ?4, ?5)");
    let Session { uuid, account_uuid, expired_date, create_date, user_uuid } = session;
    let values = params![uuid, account_uuid, expired_date, create_date, user_uuid];
    connection.prepare_cached(&sql)?.execute(values).map(drop)
}

/// Reads a copy of an image from the column `body`, the first one of a row.
pub(super) fn read_image_copy(row: &Row<'_>) -> rusqlite::Result<BackupStorageRef> {
    serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

pub(super) fn insert_image_copy(connection: &Connection, copy: &BackupStorageRef) -> rusqlite::Result<()> {
    append(connection, &copy.image_uuid, "backupStorageRefs", &json(copy)?)?;
    link(connection, &copy.image_uuid, "backupStorageRefs", &copy.backup_storage_uuid)
}

pub(super) fn attach_primary_storage(
    connection: &Connection,
    part: &PrimaryStorageCluster,
) -> rusqlite::Result<()> {
    append(connection, &part.primary_storage_uuid, "attachedClusterUuids", &json(&part.cluster_uuid)?)?;
    link(connection, &part.primary_storage_uuid, "attachedClusterUuids", &part.cluster_uuid)
}

pub(super) fn detach_primary_storage(
    connection: &Connection,
    part: &PrimaryStorageCluster,
) -> rusqlite::Result<bool> {
    remove(connection, &part.primary_storage_uuid, "attachedClusterUuids", &part.cluster_uuid)
}

pub(super) fn detach_backup_storage(
    connection: &Connection,
    part: &BackupStorageZone,
) -> rusqlite::Result<bool> {
    remove(connection, &part.backup_storage_uuid, "attachedZoneUuids", &part.zone_uuid)
}

pub(super) fn attach_backup_storage(
    connection: &Connection,
    part: &BackupStorageZone,
) -> rusqlite::Result<()> {
    append(connection, &part.backup_storage_uuid, "attachedZoneUuids", &json(&part.zone_uuid)?)?;
    link(connection, &part.backup_storage_uuid, "attachedZoneUuids", &part.zone_uuid)
}

/// Removes a UUID from a list in a document. Returns false if the list does not contain it.
fn remove(connection: &Connection, uuid: &str, field: &str, target: &str) -> rusqlite::Result<bool> {
    let sql = "UPDATE document SET body = json_set(body, '$.' || ?2, json(( \
         SELECT json_group_array(value) FROM json_each(body, '$.' || ?2) WHERE value <> ?3))) WHERE uuid = ?1";
    connection.prepare_cached(sql)?.execute([uuid, field, target])?;
    let sql = "DELETE FROM link WHERE source = ?1 AND field = ?2 AND target = ?3";
    connection.prepare_cached(sql)?.execute([uuid, field, target]).map(|count| count > 0)
}

/// Appends an item to a list in a document, which is created with its first item.
fn append(connection: &Connection, uuid: &str, field: &str, item: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE document SET body = json_set(body, '$.' || ?2, \
         json_insert(coalesce(body -> ?2, '[]'), '$[#]', json(?3))) WHERE uuid = ?1";
    connection.prepare_cached(sql)?.execute([uuid, field, item]).map(drop)
}
