//! Documents of any kind: loading, and the edits of transactions.

use rusqlite::{Connection, Row, ffi, params};
use serde_json::{Map, Value};

use super::document::delete_document;
use super::errors::store_error;
use super::links::{json, link};
use crate::model::{Document, DocumentEdit, Existing, Link, LoadedDocument, Uuid};
use crate::store::StoreError;

/// The columns of a document, in the order in which `read` expects them.
const COLUMNS: &str = "document.uuid, document.kind, document.base, document.revision, document.body";

fn read(row: &Row<'_>) -> rusqlite::Result<Document> {
    let fields: Map<String, Value> = serde_json::from_str(row.get_ref(4)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(Document {
        uuid: row.get(0)?,
        kind: row.get(1)?,
        base: row.get(2)?,
        revision: row.get(3)?,
        fields: fields.into(),
    })
}

/// Loads the documents with these UUIDs, in this order; missing ones are left out.
pub(super) fn load(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<Document>> {
    let sql = format!("SELECT {COLUMNS} FROM document WHERE uuid = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut documents = Vec::with_capacity(uuids.len());
    for uuid in uuids {
        for document in statement.query_map([uuid], read)? {
            documents.push(document?);
        }
    }
    Ok(documents)
}

/// Counts the documents that refer to each of these in a field.
pub(super) fn count_holders(
    connection: &Connection,
    targets: &[Uuid],
    field: &str,
) -> rusqlite::Result<Vec<i64>> {
    let sql = "SELECT count(*) FROM link WHERE target = ?1 AND field = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    targets.iter().map(|target| statement.query_row([target, field], |row| row.get(0))).collect()
}

/// Adds up the bytes that volumes, snapshots and images take on a storage: volumes in their full size.
pub(super) fn allocated_bytes(connection: &Connection, storage_uuid: &str) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(sum(body ->> iif(kind IN ('Volume', 'VolumeSnapshot'), 'size', 'actualSize')), 0) \
               FROM link JOIN document ON document.uuid = link.source \
               WHERE link.target = ?1 AND link.field IN ('primaryStorageUuid', 'backupStorageRefs') \
               AND kind IN ('Volume', 'VolumeSnapshot', 'Image', 'ImageCache')";
    connection.prepare_cached(sql)?.query_row([storage_uuid], |row| row.get(0))
}

/// Adds up the CPUs and the memory that VM instances take on a host.
pub(super) fn allocated_compute(connection: &Connection, host_uuid: &str) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT coalesce(sum(body ->> 'cpuNum'), 0), coalesce(sum(body ->> 'memorySize'), 0) \
               FROM link JOIN document ON document.uuid = link.source \
               WHERE link.target = ?1 AND link.field = 'hostUuid' AND base = 'VmInstance' \
               AND body ->> 'state' NOT IN ('Stopped', 'Created', 'Destroying', 'Destroyed')";
    connection.prepare_cached(sql)?.query_row([host_uuid], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Loads the documents of a kind and of its subtypes, the oldest first.
pub(super) fn of_base(connection: &Connection, base: &str) -> rusqlite::Result<Vec<Document>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM document WHERE base = ?1 ORDER BY body ->> 'createDate', document.uuid"
    );
    connection.prepare_cached(&sql)?.query_map([base], read)?.collect()
}

/// Loads up to a number of documents of a kind that have a value in a field, the oldest first.
pub(super) fn with_value(
    connection: &Connection,
    kind: &'static str,
    field: &'static str,
    value: &str,
    maximum: usize,
) -> rusqlite::Result<Vec<Document>> {
    // With these literals, SQLite finds the index of the field, whether that names the base or the kind.
    let sql = format!(
        "SELECT {COLUMNS} FROM document WHERE base = '{kind}' AND kind = '{kind}' AND body ->> '{field}' = ?1 \
         ORDER BY body ->> 'createDate', uuid LIMIT ?2"
    );
    let maximum = i64::try_from(maximum).unwrap_or(i64::MAX);
    connection.prepare_cached(&sql)?.query_map(params![value, maximum], read)?.collect()
}

/// Finds a document with these values in its fields, other than the one with a UUID.
pub(super) fn with_values(
    connection: &Connection,
    base: &str,
    values: &[(String, Value)],
    except: &str,
) -> rusqlite::Result<Option<Document>> {
    let mut documents = of_base(connection, base)?.into_iter();
    let has_values = |document: &Document| {
        document.uuid != except
            && values.iter().all(|(field, value)| document.fields.get(field) == Some(value))
    };
    Ok(documents.find(has_values))
}

/// A document that refers to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) uuid: Uuid,
    pub(super) field: String,
}

/// Loads up to a number of documents that refer to one, the oldest first.
pub(super) fn sources(
    connection: &Connection,
    target: &str,
    maximum: usize,
) -> rusqlite::Result<Vec<(Document, String)>> {
    let sql = format!(
        "SELECT {COLUMNS}, link.field FROM link JOIN document ON document.uuid = link.source \
         WHERE link.target = ?1 ORDER BY body ->> 'createDate', document.uuid LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let maximum = i64::try_from(maximum).unwrap_or(i64::MAX);
    statement.query_map(params![target, maximum], |row| Ok((read(row)?, row.get(5)?)))?.collect()
}

/// The references of a document.
fn links(connection: &Connection, source: &str) -> rusqlite::Result<Vec<Link>> {
    let sql = "SELECT field, target FROM link WHERE source = ?1";
    let read = |row: &Row<'_>| Ok(Link { field: row.get(0)?, target: row.get(1)? });
    connection.prepare_cached(sql)?.query_map([source], read)?.collect()
}

/// Replaces the references of a document. Returns the targets of those that changed.
fn relink(connection: &Connection, source: &str, new: &[Link]) -> rusqlite::Result<Vec<Uuid>> {
    let old = links(connection, source)?;
    let mut changed = Vec::new();
    for gone in old.iter().filter(|link| !new.contains(link)) {
        unlink(connection, source, gone)?;
        changed.push(gone.target.clone());
    }
    for added in new.iter().filter(|link| !old.contains(link)) {
        link(connection, source, &added.field, &added.target)?;
        changed.push(added.target.clone());
    }
    Ok(changed)
}

fn unlink(connection: &Connection, source: &str, link: &Link) -> rusqlite::Result<()> {
    let sql = "DELETE FROM link WHERE source = ?1 AND field = ?2 AND target = ?3";
    connection.prepare_cached(sql)?.execute([source, &link.field, &link.target]).map(drop)
}

/// Inserts a new document, without its references. Other edits wait for [`apply`].
pub(super) fn insert(connection: &Connection, edit: &DocumentEdit) -> Result<(), StoreError> {
    let DocumentEdit::Create { document, .. } = edit else { return Ok(()) };
    let sql = "INSERT INTO document (uuid, kind, base, body) VALUES (?1, ?2, ?3, ?4)";
    let Document { uuid, kind, base, fields, .. } = document;
    let insert =
        || connection.prepare_cached(sql)?.execute(params![uuid, kind, base, json(&**fields)?]).map(drop);
    insert().map_err(|error| explain(&error, edit))
}

/// Makes an edit; of a new document, adds the references. Returns the documents to which others refer now
/// or no longer. After an error, the caller must roll back.
pub(super) fn apply(connection: &Connection, edit: &DocumentEdit) -> Result<Vec<Uuid>, StoreError> {
    let failed = |error: rusqlite::Error| explain(&error, edit);
    match edit {
        DocumentEdit::Create { document, links } => relink(connection, &document.uuid, links).map_err(failed),
        DocumentEdit::Replace { document, links } => {
            let sql = "UPDATE document SET kind = ?4, body = ?3, revision = revision + 1 WHERE uuid = ?1 AND revision = ?2";
            let Document { uuid, kind, revision, fields, .. } = document;
            let replace = || {
                let count = connection.prepare_cached(sql)?.execute(params![
                    uuid,
                    revision,
                    json(&**fields)?,
                    kind
                ])?;
                Ok((count, relink(connection, uuid, links)?))
            };
            let (count, changed) = replace().map_err(failed)?;
            require_one(count).map(|()| changed)
        }
        DocumentEdit::Delete { document } => {
            let sql = "SELECT 1 FROM document WHERE uuid = ?1 AND revision = ?2";
            let Document { uuid, revision, .. } = document;
            let delete = || {
                let is_unchanged = connection.prepare_cached(sql)?.exists(params![uuid, revision])?;
                let changed = links(connection, uuid)?.into_iter().map(|link| link.target).collect();
                Ok((usize::from(is_unchanged && delete_document(connection, uuid)?), changed))
            };
            let (count, changed) = delete().map_err(failed)?;
            require_one(count).map(|()| changed)
        }
        DocumentEdit::Unlink { uuid, link } => {
            unlink(connection, uuid, link).map_err(failed)?;
            Ok(vec![link.target.clone()])
        }
    }
}

/// Inserts the documents of an inventory, and then their references, which may lead to later documents.
/// After an error, the caller must roll back.
pub(super) fn load_all(connection: &Connection, all: &[LoadedDocument]) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO document (uuid, kind, base, body) VALUES (?1, ?2, ?3, ?4)";
    let keep = format!("{INSERT} ON CONFLICT (uuid) DO NOTHING");
    let replace = format!("{INSERT} ON CONFLICT (uuid) DO UPDATE SET body = ?4, revision = revision + 1");
    for LoadedDocument { uuid, kind, base, label, body, existing, .. } in all {
        let sql = match existing {
            Existing::Refuse => INSERT,
            Existing::Keep => &keep,
            Existing::Replace => &replace,
        };
        let insert = || connection.prepare_cached(sql)?.execute(params![uuid, kind, base, body]);
        insert().map_err(|error| explain_load(&error, label, uuid))?;
        if *existing == Existing::Replace {
            let unlink = || connection.prepare_cached("DELETE FROM link WHERE source = ?1")?.execute([uuid]);
            unlink().map_err(|error| store_error(&error))?;
        }
    }
    for LoadedDocument { uuid, label, links, .. } in all {
        let insert = || links.iter().try_for_each(|new| link(connection, uuid, &new.field, &new.target));
        insert().map_err(|error| explain_load(&error, label, uuid))?;
    }
    Ok(())
}

fn explain_load(error: &rusqlite::Error, kind: &'static str, uuid: &Uuid) -> StoreError {
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE) => {
            StoreError::Exists { kind, uuid: uuid.clone() }
        }
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => StoreError::Dangling { kind, uuid: uuid.clone() },
        _ => store_error(error),
    }
}

/// Calls a function with each document, by resource and then the oldest first, until it returns false.
pub(super) fn each(connection: &Connection, mut visit: impl FnMut(Document) -> bool) -> rusqlite::Result<()> {
    let sql = "SELECT DISTINCT base, kind FROM document ORDER BY kind";
    let mut kinds = connection.prepare_cached(sql)?;
    let kinds = kinds.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let kinds: Vec<(String, String)> = kinds.collect::<rusqlite::Result<_>>()?;
    let sql = format!(
        "SELECT {COLUMNS} FROM document WHERE base = ?1 AND kind = ?2 ORDER BY body ->> 'createDate', document.uuid"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    for (base, kind) in kinds {
        for document in statement.query_map([base, kind], read)? {
            if !visit(document?) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A document that was changed or deleted in the meantime is a conflict.
fn require_one(count: usize) -> Result<(), StoreError> {
    if count == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn explain(error: &rusqlite::Error, edit: &DocumentEdit) -> StoreError {
    match (error.sqlite_error().map(|error| error.extended_code), edit) {
        (Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY), DocumentEdit::Create { document, .. }) => {
            StoreError::Exists { kind: "resource", uuid: document.uuid.clone() }
        }
        // A document that was referred to was deleted, or one that was deleted has got a new
        // reference, or another document has the same value: load and decide again.
        (Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_UNIQUE), _) => StoreError::Conflict,
        _ => store_error(error),
    }
}
