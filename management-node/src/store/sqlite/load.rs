//! Loading of networks, accounts, access keys and sessions.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::document::read as read_record;
use super::sessions::{SESSION, read_session};
use crate::model::{AccessKey, Caller, LoginAccount, Moment};
use crate::rules::NetworkAddresses;
use crate::store::{AccessKeyRecord, SessionRecord};

pub(super) fn network(connection: &Connection, uuid: &str) -> rusqlite::Result<NetworkAddresses> {
    // Not all addresses belong to NICs. An invalid one cannot conflict with a new one.
    let sql = "SELECT ip FROM document WHERE base = 'UsedIp' AND l3NetworkUuid = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let used = statement.query_map([uuid], |row| row.get::<_, String>(0))?;
    let used: Vec<String> = used.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT body ->> 'startIp', body ->> 'endIp' FROM link JOIN document ON document.uuid = link.source \
               WHERE link.target = ?1 AND link.field = 'l3NetworkUuid' AND kind = 'ReservedIpRange'";
    let mut statement = connection.prepare_cached(sql)?;
    let reserved =
        statement.query_map([uuid], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let reserved: Vec<_> = reserved.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT body FROM document WHERE base = 'IpRange' AND l3NetworkUuid = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let ranges = statement.query_map([uuid], read_record)?.collect::<rusqlite::Result<_>>()?;
    Ok(NetworkAddresses {
        uuid: uuid.to_owned(),
        ranges,
        used: used.iter().filter_map(|ip| ip.parse().ok()).collect(),
        reserved: reserved
            .iter()
            .filter_map(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)))
            .collect(),
    })
}

pub(super) fn account(
    connection: &Connection,
    name: &str,
    now: Moment,
) -> rusqlite::Result<Option<LoginAccount>> {
    let live = "SELECT count(*) FROM session WHERE account_uuid = document.uuid AND expired_date > ?2";
    let sql = format!("SELECT body, revision, ({live}) FROM document WHERE base = 'Account' AND name = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| {
        Ok(LoginAccount { account: read_record(row)?, revision: row.get(1)?, live_sessions: row.get(2)? })
    };
    statement.query_row(params![name, now], read).optional()
}

pub(super) fn access_key_of(connection: &Connection, id: &str) -> rusqlite::Result<Option<AccessKeyRecord>> {
    let kind = "SELECT body ->> 'type' FROM document AS account WHERE account.uuid = access_key.accountUuid";
    let sql = format!(
        "SELECT body, ({kind}) FROM document AS access_key WHERE base = 'AccessKey' AND AccessKeyID = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| {
        let key: AccessKey = read_record(row)?;
        let kind = row.get(1)?;
        let caller = Caller { account_uuid: key.account_uuid.clone(), kind };
        Ok(AccessKeyRecord { key, caller })
    };
    statement.query_row([id], read).optional()
}

pub(super) fn access_key(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<AccessKey>> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM document WHERE base = 'AccessKey' AND uuid = ?1")?;
    statement.query_row([uuid], read_record).optional()
}

pub(super) fn session(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<SessionRecord>> {
    let kind = "SELECT body ->> 'type' FROM document AS account WHERE account.uuid = account_uuid";
    let sql = format!("SELECT {SESSION}, ({kind}) FROM session WHERE uuid = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| {
        let session = read_session(row)?;
        let caller = Caller { account_uuid: session.account_uuid.clone(), kind: row.get(5)? };
        Ok(SessionRecord { session, caller })
    };
    statement.query_row(params![uuid], read).optional()
}
