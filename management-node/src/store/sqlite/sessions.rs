//! Sessions, which are not documents.

use rusqlite::{Connection, Row, params};

use crate::model::Session;

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
