//! Loading aggregates.

use std::collections::HashMap;

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::table::Table;
use crate::model::{
    Account, AttachedBackupStorage, BackupStorage, BackupStorageRef, BackupStorageZone, Caller, CdRom, Image,
    ImageInfo, LoginAccount, Moment, PrimaryStorage, Session, UsedIp, Uuid, Vm, VmInstance, VmNic, Volume,
};
use crate::rules::Storages;
use crate::store::SessionRecord;

/// The VM instances that satisfy a condition, with everything in them. As many
/// statements for a thousand as for one.
pub(super) fn vms(
    connection: &Connection,
    condition: &str,
    values: &[&dyn ToSql],
) -> rusqlite::Result<Vec<Vm>> {
    let sql = format!("SELECT {}, revision FROM vm_instance WHERE {condition}", VmInstance::columns());
    let mut statement = connection.prepare_cached(&sql)?;
    let last = VmInstance::COLUMNS.len();
    let rows = statement.query_map(values, |row| Ok((VmInstance::read(row)?, row.get::<_, i64>(last)?)))?;
    let instances: Vec<(VmInstance, i64)> = rows.collect::<Result<_, _>>()?;

    let theirs = format!("vm_instance_uuid IN (SELECT uuid FROM vm_instance WHERE {condition})");
    let by_device = format!("{theirs} ORDER BY device_id");
    let by_nic = format!("vm_nic_uuid IN (SELECT uuid FROM vm_nic WHERE {theirs}) ORDER BY ip");
    let nics = VmNic::select(connection, &by_device, values)?;
    let vm_of_nic: HashMap<_, _> =
        nics.iter().map(|it| (it.uuid.clone(), it.vm_instance_uuid.clone())).collect();
    let mut ips =
        grouped(UsedIp::select(connection, &by_nic, values)?, |it| vm_of_nic.get(&it.vm_nic_uuid).cloned());
    let mut nics = grouped(nics, |it| Some(it.vm_instance_uuid.clone()));
    let mut volumes =
        grouped(Volume::select(connection, &by_device, values)?, |it| it.vm_instance_uuid.clone());
    let mut cd_roms =
        grouped(CdRom::select(connection, &by_device, values)?, |it| Some(it.vm_instance_uuid.clone()));
    let complete = |(instance, revision): (VmInstance, i64)| Vm {
        revision,
        nics: nics.remove(&instance.uuid).unwrap_or_default(),
        ips: ips.remove(&instance.uuid).unwrap_or_default(),
        volumes: volumes.remove(&instance.uuid).unwrap_or_default(),
        cd_roms: cd_roms.remove(&instance.uuid).unwrap_or_default(),
        instance,
    };
    Ok(instances.into_iter().map(complete).collect())
}

/// Records by the VM instance they belong to, in their order.
fn grouped<T>(records: Vec<T>, owner: impl Fn(&T) -> Option<Uuid>) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for record in records {
        if let Some(owner) = owner(&record) {
            groups.entry(owner).or_default().push(record);
        }
    }
    groups
}

pub(super) fn image(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<Image>> {
    let sql = format!("SELECT {}, revision FROM image WHERE uuid = ?1", ImageInfo::columns());
    let last = ImageInfo::COLUMNS.len();
    let mut statement = connection.prepare_cached(&sql)?;
    let row =
        statement.query_row(params![uuid], |row| Ok((ImageInfo::read(row)?, row.get(last)?))).optional()?;
    let Some((info, revision)) = row else {
        return Ok(None);
    };
    let refs =
        BackupStorageRef::select(connection, "image_uuid = ?1 ORDER BY backup_storage_uuid", &[&uuid])?;
    Ok(Some(Image { revision, info, refs }))
}

pub(super) fn storages(connection: &Connection) -> rusqlite::Result<Storages> {
    let zones = BackupStorageZone::select(connection, "TRUE ORDER BY zone_uuid", &[])?;
    let with_zones = |storage: BackupStorage| AttachedBackupStorage {
        zone_uuids: zones
            .iter()
            .filter(|it| it.backup_storage_uuid == storage.uuid)
            .map(|it| it.zone_uuid.clone())
            .collect(),
        storage,
    };
    let backup = BackupStorage::select(connection, "TRUE ORDER BY create_date, uuid", &[])?;
    Ok(Storages {
        primary: PrimaryStorage::select(connection, "TRUE ORDER BY create_date, uuid", &[])?,
        backup: backup.into_iter().map(with_zones).collect(),
    })
}

pub(super) fn account(
    connection: &Connection,
    name: &str,
    now: Moment,
) -> rusqlite::Result<Option<LoginAccount>> {
    let live = "SELECT count(*) FROM session WHERE account_uuid = account.uuid AND expired_date > ?2";
    let sql = format!("SELECT {}, revision, ({live}) FROM account WHERE name = ?1", Account::columns());
    let last = Account::COLUMNS.len();
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(LoginAccount {
            account: Account::read(row)?,
            revision: row.get(last)?,
            live_sessions: row.get(last + 1)?,
        })
    };
    statement.query_row(params![name, now], read).optional()
}

pub(super) fn session(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<SessionRecord>> {
    let kind = "SELECT kind FROM account WHERE account.uuid = account_uuid";
    let sql = format!("SELECT {}, ({kind}) FROM session WHERE uuid = ?1", Session::columns());
    let last = Session::COLUMNS.len();
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let session = Session::read(row)?;
        let caller = Caller { account_uuid: session.account_uuid.clone(), kind: row.get(last)? };
        Ok(SessionRecord { session, caller })
    };
    statement.query_row(params![uuid], read).optional()
}
