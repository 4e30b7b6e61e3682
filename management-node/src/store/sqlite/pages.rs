//! Loading many records with a few statements, however many there are.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::table::Table;
use crate::model::{AccessKey, BackupStorageRef, CdRom, Image, UsedIp, Uuid, Vm, VmNic, Volume};

/// The VM instances of these UUIDs with everything in them.
pub(super) fn vms(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<Vm>> {
    let list = list(uuids)?;
    let in_page = among("vm_instance_uuid");
    let theirs = format!("{in_page} ORDER BY device_id");
    let new = |(instance, revision)| Vm {
        revision,
        instance,
        nics: Vec::new(),
        ips: Vec::new(),
        volumes: Vec::new(),
        cd_roms: Vec::new(),
    };
    let mut vms = Placed::of(with_revision(connection, &list)?.into_iter().map(new), |it| &it.instance.uuid);
    let mut owners = HashMap::new();
    for nic in VmNic::select(connection, &theirs, &[&list])? {
        owners.insert(nic.uuid.clone(), nic.vm_instance_uuid.clone());
        let vm = nic.vm_instance_uuid.clone();
        vms.change(&vm, |it| it.nics.push(nic));
    }
    let of_nics = format!("vm_nic_uuid IN (SELECT uuid FROM vm_nic WHERE {in_page}) ORDER BY ip");
    for ip in UsedIp::select(connection, &of_nics, &[&list])? {
        if let Some(vm) = owners.get(&ip.vm_nic_uuid) {
            vms.change(vm, |it| it.ips.push(ip));
        }
    }
    for volume in Volume::select(connection, &theirs, &[&list])? {
        if let Some(vm) = volume.vm_instance_uuid.clone() {
            vms.change(&vm, |it| it.volumes.push(volume));
        }
    }
    for drive in CdRom::select(connection, &theirs, &[&list])? {
        let vm = drive.vm_instance_uuid.clone();
        vms.change(&vm, |it| it.cd_roms.push(drive));
    }
    Ok(vms.in_order(uuids))
}

/// The images of these UUIDs with the places where they lie.
pub(super) fn images(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<Image>> {
    let list = list(uuids)?;
    let new = |(info, revision)| Image { revision, info, refs: Vec::new() };
    let mut images = Placed::of(with_revision(connection, &list)?.into_iter().map(new), |it| &it.info.uuid);
    let theirs = format!("{} ORDER BY backup_storage_uuid", among("image_uuid"));
    for place in BackupStorageRef::select(connection, &theirs, &[&list])? {
        let image = place.image_uuid.clone();
        images.change(&image, |it| it.refs.push(place));
    }
    Ok(images.in_order(uuids))
}

/// The drives of these UUIDs.
pub(super) fn cd_roms(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<CdRom>> {
    let drives = CdRom::select(connection, &among("uuid"), &[&list(uuids)?])?;
    Ok(Placed::of(drives, |it| &it.uuid).in_order(uuids))
}

pub(super) fn access_keys(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<AccessKey>> {
    let keys = AccessKey::select(connection, &among("uuid"), &[&list(uuids)?])?;
    Ok(Placed::of(keys, |it| &it.uuid).in_order(uuids))
}

/// UUIDs as one value: the statement is the same for any number of them.
fn list(uuids: &[Uuid]) -> rusqlite::Result<String> {
    serde_json::to_string(uuids).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The column has one of the UUIDs of the list.
fn among(column: &str) -> String {
    format!("{column} IN (SELECT value FROM json_each(?1))")
}

/// The records at the head of aggregates.
fn with_revision<T: Table>(connection: &Connection, list: &str) -> rusqlite::Result<Vec<(T, i64)>> {
    let sql = format!("SELECT {}, revision FROM {} WHERE {}", T::LIST, T::NAME, among("uuid"));
    let read = |row: &Row<'_>| Ok((T::read(row)?, row.get(T::COLUMNS.len())?));
    connection.prepare_cached(&sql)?.query_map([list], read)?.collect()
}

/// Records that can be found by UUID.
struct Placed<T>(HashMap<Uuid, T>);

impl<T> Placed<T> {
    fn of(records: impl IntoIterator<Item = T>, uuid: impl Fn(&T) -> &Uuid) -> Self {
        Self(records.into_iter().map(|record| (uuid(&record).clone(), record)).collect())
    }

    fn change(&mut self, uuid: &str, change: impl FnOnce(&mut T)) {
        if let Some(record) = self.0.get_mut(uuid) {
            change(record);
        }
    }

    fn in_order(mut self, uuids: &[Uuid]) -> Vec<T> {
        uuids.iter().filter_map(|uuid| self.0.remove(uuid)).collect()
    }
}
