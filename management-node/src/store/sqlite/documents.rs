//! Documents of any kind: loading, and the edits of transactions.

use std::ops::Deref;

use rusqlite::{Connection, OptionalExtension as _, Row, ffi, params, params_from_iter};
use serde_json::{Map, Value};

use super::cache::{Cache, MAX_DOCUMENTS};
use super::document::delete_document;
use super::errors::store_error;
use super::indexed::{self, INSERT_TEXT, REPLACE_TEXT};
use super::links::link;
use crate::model::{Document, DocumentEdit, Existing, Link, LoadedDocument, Uuid};
use crate::query::expression;
use crate::store::StoreError;

/// The columns of a document, in the order in which `read` expects them.
const COLUMNS: &str = "document.uuid, document.kind, document.base, document.revision, document.body";

/// A state of the database, with the documents that are cached.
pub(super) struct Snapshot<'a> {
    pub(super) connection: &'a Connection,
    pub(super) cache: &'a Cache<Document, MAX_DOCUMENTS>,
    /// The number of changes of the cache before the first read.
    pub(super) changes: u64,
    /// True if other documents have to go for the ones that are read, which are few.
    pub(super) displaces: bool,
}

impl Deref for Snapshot<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Snapshot<'_> {
    /// Reads the document in a row. A cached one with the same revision saves parsing.
    fn read(&self, row: &Row<'_>) -> rusqlite::Result<Document> {
        let (uuid, revision) = (row.get_ref(0)?.as_str()?, row.get::<_, i64>(3)?);
        if let Some(document) = self.cache.find_if(uuid, |document| document.revision == revision) {
            return Ok(document);
        }
        let document = read(row)?;
        if self.displaces || self.cache.has_room() {
            self.cache.put(uuid, &document, self.changes);
        }
        Ok(document)
    }
}

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

/// Sorts documents by age, the oldest first.
fn sort_by_age<T>(items: &mut [T], document: impl Fn(&T) -> &Document) {
    items.sort_by(|a, b| age(document(a)).cmp(&age(document(b))));
}

fn age(document: &Document) -> (Option<i64>, &str) {
    (document.number("createDate"), &document.uuid)
}

/// Loads the documents with these UUIDs, in this order; missing ones are left out.
pub(super) fn load(snapshot: &Snapshot<'_>, uuids: &[Uuid]) -> rusqlite::Result<Vec<Document>> {
    let sql = format!("SELECT {COLUMNS} FROM document WHERE uuid = ?1");
    let mut statement = snapshot.prepare_cached(&sql)?;
    let mut documents = Vec::with_capacity(uuids.len());
    for uuid in uuids {
        documents.extend(statement.query_row([uuid], |row| snapshot.read(row)).optional()?);
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

/// Loads up to a number of documents of a kind and of its subtypes, the oldest first.
pub(super) fn of_base(
    snapshot: &Snapshot<'_>,
    base: &str,
    maximum: usize,
) -> rusqlite::Result<Vec<Document>> {
    let sql = format!("SELECT {COLUMNS} FROM document WHERE base = ?1 ORDER BY createDate, uuid LIMIT ?2");
    let mut statement = snapshot.prepare_cached(&sql)?;
    statement.query_map(params![base, limit(maximum)], |row| snapshot.read(row))?.collect()
}

fn limit(maximum: usize) -> i64 {
    i64::try_from(maximum).unwrap_or(i64::MAX)
}

/// Loads up to a number of documents of a kind that have a value in a field, the oldest first.
pub(super) fn with_value(
    snapshot: &Snapshot<'_>,
    kind: &'static str,
    field: &'static str,
    value: &str,
    maximum: usize,
) -> rusqlite::Result<Vec<Document>> {
    let field = expression(field);
    // With the kind in it, SQLite finds an index whose condition names it.
    let sql = format!(
        "SELECT {COLUMNS} FROM document WHERE base = '{kind}' AND kind = '{kind}' AND {field} = ?1 LIMIT ?2"
    );
    let mut statement = snapshot.prepare_cached(&sql)?;
    let found = statement.query_map(params![value, limit(maximum)], |row| snapshot.read(row))?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    sort_by_age(&mut found, |document| document);
    Ok(found)
}

/// Finds a document with these values in its fields, other than the one with a UUID.
pub(super) fn with_values(
    snapshot: &Snapshot<'_>,
    base: &str,
    values: &[(String, Value)],
    except: &str,
) -> rusqlite::Result<Option<Document>> {
    let mut sql = format!("SELECT {COLUMNS} FROM document WHERE base = ? AND uuid <> ?");
    let mut bound = vec![base, except];
    for (field, value) in values {
        if let Value::String(text) = value {
            sql.push_str(&format!(" AND {} = ?", expression(field)));
            bound.push(text);
        }
    }
    let mut statement = snapshot.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(bound), |row| snapshot.read(row))?;
    let has_values =
        |document: &Document| values.iter().all(|(field, value)| document.fields.get(field) == Some(value));
    for document in found {
        let document = document?;
        if has_values(&document) {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// Loads up to a number of documents that refer to one, the oldest first.
pub(super) fn sources(
    snapshot: &Snapshot<'_>,
    target: &str,
    maximum: usize,
) -> rusqlite::Result<Vec<(Document, String)>> {
    let sql = format!(
        "SELECT {COLUMNS}, link.field FROM link JOIN document ON document.uuid = link.source \
         WHERE link.target = ?1 LIMIT ?2"
    );
    let mut statement = snapshot.prepare_cached(&sql)?;
    let found =
        statement.query_map(params![target, limit(maximum)], |row| Ok((snapshot.read(row)?, row.get(5)?)))?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    sort_by_age(&mut found, |(document, _)| document);
    Ok(found)
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
    indexed::insert(connection, document).map_err(|error| explain(&error, edit))
}

/// Makes an edit; of a new document, adds the references. Returns the documents to which others refer now
/// or no longer. After an error, the caller must roll back.
pub(super) fn apply(
    connection: &Connection,
    cache: &Cache<Document, MAX_DOCUMENTS>,
    edit: &DocumentEdit,
) -> Result<Vec<Uuid>, StoreError> {
    let failed = |error: rusqlite::Error| explain(&error, edit);
    match edit {
        DocumentEdit::Create { document, links } => relink(connection, &document.uuid, links).map_err(failed),
        DocumentEdit::Replace { document, links } => {
            let Document { uuid, revision, .. } = document;
            let replace = || {
                let cached = cache.find_if(uuid, |cached| cached.revision == *revision);
                let before = match cached {
                    Some(cached) => Some(cached),
                    None => {
                        let sql = format!("SELECT {COLUMNS} FROM document WHERE uuid = ?1");
                        connection.prepare_cached(&sql)?.query_row([uuid], read).optional()?
                    }
                };
                let Some(before) = before else { return Ok((0, Vec::new())) };
                let is_replaced = indexed::replace(connection, (&before.kind, &before.fields), document)?;
                Ok((usize::from(is_replaced), relink(connection, uuid, links)?))
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
    let keep = format!("{} ON CONFLICT (uuid) DO NOTHING", *INSERT_TEXT);
    for LoadedDocument { uuid, kind, base, label, body, existing, .. } in all {
        let sql: &str = match existing {
            Existing::Refuse => &INSERT_TEXT,
            Existing::Keep => &keep,
            Existing::Replace => &REPLACE_TEXT,
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
    let sql =
        format!("SELECT {COLUMNS} FROM document WHERE base = ?1 AND kind = ?2 ORDER BY createDate, uuid");
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
