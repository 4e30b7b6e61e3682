//! Making changes, within a transaction.

use rusqlite::{Connection, ffi, params};

use super::errors::failed;
use super::jobs;
use super::table::{self, of_aggregate};
use crate::model::{Changes, Edit, Entity, Guard};
use crate::store::StoreError;

/// Checks the guards and makes the edits. After an error, what was done must
/// be rolled back.
pub(super) fn apply(connection: &Connection, changes: &Changes) -> Result<(), StoreError> {
    for guard in &changes.guards {
        check(connection, guard)?;
    }
    changes.edits.iter().try_for_each(|it| edit(connection, it))
}

fn check(connection: &Connection, guard: &Guard) -> Result<(), StoreError> {
    let table = of_aggregate(guard.aggregate);
    let values = params![guard.uuid, guard.revision];
    let holds = if guard.changes {
        let sql = format!("UPDATE {table} SET revision = revision + 1 WHERE uuid = ?1 AND revision = ?2");
        connection.prepare_cached(&sql).and_then(|mut it| it.execute(values)).map(|count| count > 0)
    } else {
        // Nobody else writes until this transaction ends.
        let sql = format!("SELECT 1 FROM {table} WHERE uuid = ?1 AND revision = ?2");
        connection.prepare_cached(&sql).and_then(|mut it| it.exists(values))
    };
    match holds {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::Conflict),
        Err(error) => Err(failed(&error)),
    }
}

fn edit(connection: &Connection, edit: &Edit) -> Result<(), StoreError> {
    let run = |sql: &str, values: &[&dyn rusqlite::types::ToSql]| {
        let mut statement = connection.prepare_cached(sql).map_err(|error| failed(&error))?;
        statement.execute(values).map(|_| ()).map_err(|error| failed(&error))
    };
    match edit {
        Edit::Create(entity) => table::insert(connection, entity).map_err(|error| refused(&error, entity)),
        Edit::ClaimUuid(uuid) => match table::has_uuid(connection, uuid) {
            Ok(false) => Ok(()),
            Ok(true) => Err(StoreError::Exists { what: "resource", uuid: uuid.clone() }),
            Err(error) => Err(failed(&error)),
        },
        Edit::Clear => clear(connection).map_err(|error| failed(&error)),
        Edit::Update(entity) => found(table::update(connection, entity), entity),
        Edit::Delete(entity) => found(table::delete(connection, entity), entity),
        Edit::DeleteSnapshots { volume_uuid } => {
            run("DELETE FROM volume_snapshot WHERE volume_uuid = ?1", &[volume_uuid])
        }
        Edit::ExtendSession { uuid, expired_date } => {
            let sql = "UPDATE session SET expired_date = max(expired_date, ?2) WHERE uuid = ?1";
            run(sql, &[uuid, expired_date])
        }
        Edit::DeleteSession(uuid) => run("DELETE FROM session WHERE uuid = ?1", &[uuid]),
        Edit::DeleteSessionsBefore(moment) => run("DELETE FROM session WHERE expired_date < ?1", &[moment]),
        Edit::Job(edit) => jobs::apply(connection, edit),
    }
}

/// Deletes every row there is.
fn clear(connection: &Connection) -> rusqlite::Result<()> {
    // Whether other rows refer to a row is looked up for each one, mostly
    // without an index: in a table that is empty by then, since tables refer
    // to those that were created before them.
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid DESC",
    )?;
    for table in tables.query_map((), |row| row.get::<_, String>(0))? {
        connection.execute(&format!("DELETE FROM {}", table?), ())?;
    }
    Ok(())
}

fn found(result: rusqlite::Result<bool>, entity: &Entity) -> Result<(), StoreError> {
    match result {
        Ok(true) => Ok(()),
        // It was there when the decision was taken.
        Ok(false) => Err(StoreError::Conflict),
        Err(error) => Err(refused(&error, entity)),
    }
}

fn refused(error: &rusqlite::Error, entity: &Entity) -> StoreError {
    let (what, uuid) = (entity.what(), entity.uuid().to_owned());
    match error.sqlite_error().map(|sqlite_error| sqlite_error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE) => {
            StoreError::Exists { what, uuid }
        }
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => StoreError::Dangling { what, uuid },
        _ => failed(error),
    }
}
