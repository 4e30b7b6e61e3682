//! Loading of aggregates and other records.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params};

use super::document::Document;
use super::parts::{SESSION, read_image_copy, read_session};
use crate::model::{
    AccessKey, Account, AttachedBackupStorage, BackupStorage, Caller, CdRom, Cluster, Host, Image, ImageInfo,
    IpRange, LoginAccount, Moment, PrimaryStorage, PrimaryStorageCluster, UsedIp, Uuid, Vm, VmInstance,
    VmNic, VmState, Volume,
};
use crate::rules::{HostLoad, Infrastructure, NetworkAddresses, Storages};
use crate::store::{AccessKeyRecord, SessionRecord};

/// A loader of VM instances with their parts.
pub(super) struct VmLoader<'a> {
    instances: CachedStatement<'a>,
    nics: CachedStatement<'a>,
    ips: CachedStatement<'a>,
    volumes: CachedStatement<'a>,
    cd_roms: CachedStatement<'a>,
}

impl<'a> VmLoader<'a> {
    pub(super) fn new(connection: &'a Connection) -> rusqlite::Result<Self> {
        let instances = "SELECT body, revision FROM vm_instance WHERE uuid = ?1";
        let of_vm = "vm_instance_uuid = ?1 ORDER BY device_id";
        Ok(Self {
            instances: connection.prepare_cached(instances)?,
            nics: VmNic::prepare(connection, of_vm)?,
            ips: UsedIp::prepare(connection, "vm_nic_uuid = ?1")?,
            volumes: Volume::prepare(connection, of_vm)?,
            cd_roms: CdRom::prepare(connection, of_vm)?,
        })
    }

    pub(super) fn load(&mut self, uuid: &str) -> rusqlite::Result<Option<Vm>> {
        let read = |row: &Row<'_>| Ok((VmInstance::read(row)?, row.get(1)?));
        let Some((instance, revision)) = self.instances.query_row([uuid], read).optional()? else {
            return Ok(None);
        };
        let nics = VmNic::all(&mut self.nics, &[&uuid])?;
        let mut ips = Vec::new();
        for nic in &nics {
            ips.extend(UsedIp::all(&mut self.ips, &[&nic.uuid])?);
        }
        ips.sort_by(|a, b| a.ip.cmp(&b.ip));
        Ok(Some(Vm {
            revision,
            nics,
            ips,
            volumes: Volume::all(&mut self.volumes, &[&uuid])?,
            cd_roms: CdRom::all(&mut self.cd_roms, &[&uuid])?,
            instance,
        }))
    }
}

/// Loads the VM instances in one of these states whose root volume is on one of
/// these primary storages; `None` if there are more than `maximum`.
pub(super) fn vms_on(
    connection: &Connection,
    primary_storages: &[Uuid],
    states: &[VmState],
    maximum: usize,
) -> rusqlite::Result<Option<Vec<Vm>>> {
    let mut uuids: Vec<Uuid> = Vec::new();
    let sql = "SELECT vm_instance.uuid FROM volume JOIN vm_instance ON vm_instance.uuid = vm_instance_uuid \
         WHERE primary_storage_uuid = ?1 AND kind = 'Root' AND vm_instance.state = ?2 LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    for storage in primary_storages {
        for state in states {
            let left = i64::try_from(maximum - uuids.len()).unwrap_or(i64::MAX).saturating_add(1);
            for uuid in statement.query_map(params![storage, state, left], |row| row.get(0))? {
                uuids.push(uuid?);
            }
            if uuids.len() > maximum {
                return Ok(None);
            }
        }
    }
    let mut loader = VmLoader::new(connection)?;
    let all = uuids.iter().filter_map(|uuid| loader.load(uuid).transpose());
    all.collect::<rusqlite::Result<_>>().map(Some)
}

pub(super) fn image(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<Image>> {
    let mut statement = connection.prepare_cached("SELECT body, revision FROM image WHERE uuid = ?1")?;
    let row =
        statement.query_row(params![uuid], |row| Ok((ImageInfo::read(row)?, row.get(1)?))).optional()?;
    let Some((info, revision)) = row else {
        return Ok(None);
    };
    let sql = "SELECT body FROM backup_storage_ref WHERE image_uuid = ?1 ORDER BY backup_storage_uuid";
    let mut statement = connection.prepare_cached(sql)?;
    let refs = statement.query_map([uuid], read_image_copy)?.collect::<rusqlite::Result<_>>()?;
    Ok(Some(Image { revision, info, refs }))
}

pub(super) fn storages(connection: &Connection) -> rusqlite::Result<Storages> {
    let mut zones: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (storage, zone) in pairs(connection, "SELECT * FROM backup_storage_zone ORDER BY zone_uuid")? {
        zones.entry(storage).or_default().push(zone);
    }
    let with_zones = |storage: BackupStorage| AttachedBackupStorage {
        zone_uuids: zones.remove(&storage.uuid).unwrap_or_default(),
        storage,
    };
    let backup = BackupStorage::select(connection, "TRUE ORDER BY create_date, uuid", &[])?;
    Ok(Storages {
        primary: PrimaryStorage::select(connection, "TRUE ORDER BY create_date, uuid", &[])?,
        backup: backup.into_iter().map(with_zones).collect(),
    })
}

/// Selects pairs of UUIDs.
fn pairs(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<(Uuid, Uuid)>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

pub(super) fn infrastructure(connection: &Connection) -> rusqlite::Result<Infrastructure> {
    let count = "SELECT host_uuid, count(*) FROM vm_instance WHERE host_uuid IS NOT NULL GROUP BY host_uuid";
    let mut statement = connection.prepare_cached(count)?;
    let counts = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let counts: HashMap<Uuid, i64> = counts.collect::<rusqlite::Result<_>>()?;
    let load = |host: Host| HostLoad { vms: counts.get(&host.uuid).copied().unwrap_or(0), host };
    let hosts = Host::select(connection, "TRUE ORDER BY create_date, uuid", &[])?;
    let attachments = pairs(connection, "SELECT * FROM primary_storage_cluster")?;
    let sql = "SELECT uuid, body ->> 'state' FROM document WHERE base IN ('Zone', 'Cluster', 'Host', 'PrimaryStorage') \
         AND body ->> 'state' IS NOT NULL";
    let states = pairs(connection, sql)?.into_iter().collect();
    Ok(Infrastructure {
        states,
        clusters: Cluster::select(connection, "TRUE ORDER BY create_date, uuid", &[])?,
        hosts: hosts.into_iter().map(load).collect(),
        storages: attachments
            .into_iter()
            .map(|(primary_storage_uuid, cluster_uuid)| PrimaryStorageCluster {
                primary_storage_uuid,
                cluster_uuid,
            })
            .collect(),
    })
}

pub(super) fn network(connection: &Connection, uuid: &str) -> rusqlite::Result<NetworkAddresses> {
    let of_network = "l3_network_uuid = ?1";
    // Not all addresses belong to NICs. An invalid one cannot conflict with a new one.
    let mut statement = connection.prepare_cached(&format!("SELECT ip FROM used_ip WHERE {of_network}"))?;
    let used = statement.query_map([uuid], |row| row.get::<_, String>(0))?;
    let used: Vec<String> = used.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT body ->> 'startIp', body ->> 'endIp' FROM link JOIN document ON document.uuid = link.source \
               WHERE link.target = ?1 AND link.field = 'l3NetworkUuid' AND kind = 'ReservedIpRange'";
    let mut statement = connection.prepare_cached(sql)?;
    let reserved =
        statement.query_map([uuid], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let reserved: Vec<_> = reserved.collect::<rusqlite::Result<_>>()?;
    Ok(NetworkAddresses {
        uuid: uuid.to_owned(),
        ranges: IpRange::select(connection, of_network, &[&uuid])?,
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
    let live = "SELECT count(*) FROM session WHERE account_uuid = account.uuid AND expired_date > ?2";
    let sql = format!("SELECT body, revision, ({live}) FROM account WHERE name = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| {
        Ok(LoginAccount { account: Account::read(row)?, revision: row.get(1)?, live_sessions: row.get(2)? })
    };
    statement.query_row(params![name, now], read).optional()
}

pub(super) fn access_key_of(connection: &Connection, id: &str) -> rusqlite::Result<Option<AccessKeyRecord>> {
    let kind = "SELECT kind FROM account WHERE account.uuid = account_uuid";
    let sql = format!("SELECT body, ({kind}) FROM access_key WHERE id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| {
        let key = AccessKey::read(row)?;
        let kind = row.get(1)?;
        let caller = Caller { account_uuid: key.account_uuid.clone(), kind };
        Ok(AccessKeyRecord { key, caller })
    };
    statement.query_row([id], read).optional()
}

pub(super) fn session(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<SessionRecord>> {
    let kind = "SELECT kind FROM account WHERE account.uuid = account_uuid";
    let sql = format!("SELECT {SESSION}, ({kind}) FROM session WHERE uuid = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| {
        let session = read_session(row)?;
        let caller = Caller { account_uuid: session.account_uuid.clone(), kind: row.get(5)? };
        Ok(SessionRecord { session, caller })
    };
    statement.query_row(params![uuid], read).optional()
}
