//! Application of changes within a transaction.

use rusqlite::{Connection, ffi, params};

use super::cache::Caches;
use super::errors::store_error;
use super::jobs;
use super::{document, documents};
use crate::model::{Changes, DocumentEdit, Edit, Entity, Guard, Uuid};
use crate::store::StoreError;

/// Checks the guards and makes the edits. Returns the documents to which others refer now or no longer.
/// After an error, the caller must roll back.
pub(super) fn apply(
    connection: &Connection,
    caches: &Caches,
    changes: &Changes,
) -> Result<Vec<Uuid>, StoreError> {
    for guard in &changes.guards {
        check(connection, guard)?;
    }
    let mut linked = Vec::new();
    let created =
        |edit: &Edit| matches!(edit, Edit::Document(edit) if matches!(**edit, DocumentEdit::Create { .. }));
    for edits in changes.edits.chunk_by(|first, next| created(first) && created(next)) {
        // New documents may refer to each other.
        for edit in edits {
            match edit {
                Edit::Document(edit) => documents::insert(connection, edit)?,
                edit => apply_edit(connection, edit)?,
            }
        }
        for edit in edits {
            if let Edit::Document(edit) = edit {
                linked.extend(documents::apply(connection, &caches.documents, edit)?);
            }
        }
    }
    Ok(linked)
}

fn check(connection: &Connection, guard: &Guard) -> Result<(), StoreError> {
    let values = params![guard.uuid, guard.revision];
    let is_satisfied = if guard.changes {
        let sql = "UPDATE document SET revision = revision + 1 WHERE uuid = ?1 AND revision = ?2";
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map(|count| count > 0)
    } else {
        // This transaction is the only writer.
        let sql = "SELECT 1 FROM document WHERE uuid = ?1 AND revision = ?2";
        connection.prepare_cached(sql).and_then(|mut statement| statement.exists(values))
    };
    match is_satisfied {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::Conflict),
        Err(error) => Err(store_error(&error)),
    }
}

fn apply_edit(connection: &Connection, edit: &Edit) -> Result<(), StoreError> {
    let run = |sql: &str, values: &[&dyn rusqlite::types::ToSql]| {
        let mut statement = connection.prepare_cached(sql).map_err(|error| store_error(&error))?;
        statement.execute(values).map(|_| ()).map_err(|error| store_error(&error))
    };
    match edit {
        Edit::Create(entity) => {
            document::insert(connection, entity).map_err(|error| constraint_error(&error, entity))
        }
        Edit::ClaimUuid(uuid) => match document::has_uuid(connection, uuid) {
            Ok(false) => Ok(()),
            Ok(true) => Err(StoreError::Exists { kind: "resource", uuid: uuid.clone() }),
            Err(error) => Err(store_error(&error)),
        },
        // They are applied before.
        Edit::Document(_) => Ok(()),
        Edit::Load(all) => documents::load_all(connection, all),
        Edit::Clear => clear(connection).map_err(|error| store_error(&error)),
        Edit::Delete(entity) => require_row(document::delete(connection, entity), entity),
        Edit::ExtendSession { uuid, expired_date } => {
            let sql = "UPDATE session SET expired_date = max(expired_date, ?2) WHERE uuid = ?1";
            run(sql, &[uuid, expired_date])
        }
        Edit::DeleteSession(uuid) => run("DELETE FROM session WHERE uuid = ?1", &[uuid]),
        Edit::DeleteSessionsBefore(moment) => run("DELETE FROM session WHERE expired_date < ?1", &[moment]),
        Edit::Job(edit) => jobs::apply(connection, edit),
    }
}

/// Deletes all rows of all tables.
fn clear(connection: &Connection) -> rusqlite::Result<()> {
    // SQLite searches for references to each deleted row, mostly without an index.
    // Tables refer to tables that were created earlier, so in reverse order these
    // searches find empty tables.
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid DESC",
    )?;
    for table in tables.query_map((), |row| row.get::<_, String>(0))? {
        connection.execute(&format!("DELETE FROM {}", table?), ())?;
    }
    Ok(())
}

fn require_row(result: rusqlite::Result<bool>, entity: &Entity) -> Result<(), StoreError> {
    match result {
        Ok(true) => Ok(()),
        // The record existed when it was loaded.
        Ok(false) => Err(StoreError::Conflict),
        Err(error) => Err(constraint_error(&error, entity)),
    }
}

fn constraint_error(error: &rusqlite::Error, entity: &Entity) -> StoreError {
    let (kind, uuid) = (entity.kind(), entity.uuid().to_owned());
    match error.sqlite_error().map(|sqlite_error| sqlite_error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE) => {
            StoreError::Exists { kind, uuid }
        }
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => StoreError::Dangling { kind, uuid },
        _ => store_error(error),
    }
}
