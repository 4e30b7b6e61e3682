//! Zones: creating, renaming and deleting a resource without rules of its own.

use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};
use zstack_runtime::Timestamp;

use crate::Failure;

/// A zone of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Zone {
    pub(super) uuid: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ZoneChange {
    Create(Zone),
    Rename(Zone),
    Delete { uuid: String },
}

impl ZoneChange {
    /// Returns the line and the body of its request.
    pub(super) fn request(&self) -> (String, String) {
        match self {
            Self::Create(Zone { uuid, name }) => {
                let body = json!({"params": {"name": name, "resourceUuid": uuid}});
                ("POST /zstack/v1/zones".to_owned(), body.to_string())
            }
            Self::Rename(Zone { uuid, name }) => (
                format!("PUT /zstack/v1/zones/{uuid}/actions"),
                json!({"updateZone": {"name": name}}).to_string(),
            ),
            Self::Delete { uuid } => (format!("DELETE /zstack/v1/zones/{uuid}"), String::new()),
        }
    }

    /// Reads a request: the segments of its path after `zones`, and its body.
    pub(super) fn parse(path: &[&str], body: &[u8]) -> Option<Self> {
        let parse = || serde_json::from_slice::<Value>(body).ok();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match path {
            [] => {
                let body = parse()?;
                let parameters = &body["params"];
                let uuid = text(&parameters["resourceUuid"])?;
                Some(Self::Create(Zone { uuid, name: text(&parameters["name"])? }))
            }
            [uuid, "actions"] => {
                let name = text(&parse()?["updateZone"]["name"])?;
                Some(Self::Rename(Zone { uuid: (*uuid).to_owned(), name }))
            }
            [uuid] => Some(Self::Delete { uuid: (*uuid).to_owned() }),
            _ => None,
        }
    }
}

/// Creates the tables of zones and of the clusters in them, as a person would for these operations.
pub(super) fn create_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS by_hand_zone (
             uuid TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, type TEXT NOT NULL,
             is_default INTEGER NOT NULL, create_date INTEGER NOT NULL, last_op_date INTEGER NOT NULL
         ) STRICT;
         CREATE INDEX IF NOT EXISTS by_hand_zone_name ON by_hand_zone (name, create_date);
         CREATE TABLE IF NOT EXISTS by_hand_cluster (
             uuid TEXT PRIMARY KEY, zone_uuid TEXT NOT NULL REFERENCES by_hand_zone
         ) STRICT;
         CREATE INDEX IF NOT EXISTS by_hand_cluster_zone ON by_hand_cluster (zone_uuid)",
    )
}

/// Makes a change; the response is empty if only the writes are wanted.
pub(super) fn apply(
    connection: &Connection,
    change: &ZoneChange,
    now: i64,
    with_response: bool,
) -> Result<Vec<u8>, Failure> {
    let uuid = match change {
        ZoneChange::Create(Zone { uuid, name }) => {
            let sql = "INSERT INTO by_hand_zone VALUES (?1, ?2, 'Enabled', 'zstack', 0, ?3, ?3)";
            connection.prepare_cached(sql)?.execute(params![uuid, name, now])?;
            uuid
        }
        ZoneChange::Rename(Zone { uuid, name }) => {
            let sql = "UPDATE by_hand_zone SET name = ?2, last_op_date = ?3 WHERE uuid = ?1";
            let count = connection.prepare_cached(sql)?.execute(params![uuid, name, now])?;
            if count != 1 {
                return Err("the zone does not exist".into());
            }
            uuid
        }
        ZoneChange::Delete { uuid } => {
            let sql = "SELECT 1 FROM by_hand_cluster WHERE zone_uuid = ?1";
            if connection.prepare_cached(sql)?.exists([uuid])? {
                return Err("the zone has clusters".into());
            }
            connection.prepare_cached("DELETE FROM by_hand_zone WHERE uuid = ?1")?.execute([uuid])?;
            return Ok(if with_response { b"{}".to_vec() } else { Vec::new() });
        }
    };
    if !with_response {
        return Ok(Vec::new());
    }
    let sql = "SELECT uuid, name, state, type, is_default, create_date, last_op_date FROM by_hand_zone \
               WHERE uuid = ?1";
    connection.prepare_cached(sql)?.query_row([uuid], |row| Ok(inventory(row)))?
}

fn inventory(row: &Row<'_>) -> Result<Vec<u8>, Failure> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let time = |column: usize| -> Result<String, Failure> {
        let time = jiff::Timestamp::from_millisecond(row.get(column)?)?;
        Ok(Timestamp::from_instant(time, &jiff::tz::TimeZone::UTC).to_string())
    };
    let inventory = json!({"inventory": {
        "uuid": text(0)?, "name": text(1)?, "state": text(2)?, "type": text(3)?,
        "isDefault": row.get::<_, bool>(4)?, "createDate": time(5)?, "lastOpDate": time(6)?,
    }});
    Ok(serde_json::to_vec(&inventory)?)
}
