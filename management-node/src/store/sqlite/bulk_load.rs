//! Loading of many records with a fixed number of statements.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::document::Document;
use super::parts::read_image_copy;
use crate::model::{AccessKey, CdRom, Image, UsedIp, Uuid, Vm, VmNic, Volume};

/// Loads the VM instances with these UUIDs, with their parts.
pub(super) fn vms(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<Vm>> {
    let list = list(uuids)?;
    let in_vms = in_list("vm_instance_uuid");
    let of_vms = format!("{in_vms} ORDER BY device_id");
    let new = |(instance, revision)| Vm {
        revision,
        instance,
        nics: Vec::new(),
        ips: Vec::new(),
        volumes: Vec::new(),
        cd_roms: Vec::new(),
    };
    let mut vms = ByUuid::new(with_revision(connection, &list)?.into_iter().map(new), |vm| &vm.instance.uuid);
    let mut owners = HashMap::new();
    for nic in VmNic::select(connection, &of_vms, &[&list])? {
        owners.insert(nic.uuid.clone(), nic.vm_instance_uuid.clone());
        let vm_uuid = nic.vm_instance_uuid.clone();
        vms.change(&vm_uuid, |vm| vm.nics.push(nic));
    }
    let of_nics = format!("vm_nic_uuid IN (SELECT uuid FROM vm_nic WHERE {in_vms}) ORDER BY ip");
    for ip in UsedIp::select(connection, &of_nics, &[&list])? {
        if let Some(vm_uuid) = owners.get(&ip.vm_nic_uuid) {
            vms.change(vm_uuid, |vm| vm.ips.push(ip));
        }
    }
    for volume in Volume::select(connection, &of_vms, &[&list])? {
        if let Some(vm_uuid) = volume.vm_instance_uuid.clone() {
            vms.change(&vm_uuid, |vm| vm.volumes.push(volume));
        }
    }
    for drive in CdRom::select(connection, &of_vms, &[&list])? {
        let vm_uuid = drive.vm_instance_uuid.clone();
        vms.change(&vm_uuid, |vm| vm.cd_roms.push(drive));
    }
    Ok(vms.in_order(uuids))
}

/// Loads the images with these UUIDs, with their copies on backup storages.
pub(super) fn images(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<Image>> {
    let list = list(uuids)?;
    let new = |(info, revision)| Image { revision, info, refs: Vec::new() };
    let mut images =
        ByUuid::new(with_revision(connection, &list)?.into_iter().map(new), |image| &image.info.uuid);
    let sql = format!(
        "SELECT body FROM backup_storage_ref WHERE {} ORDER BY backup_storage_uuid",
        in_list("image_uuid")
    );
    for copy in connection.prepare_cached(&sql)?.query_map([&list], read_image_copy)? {
        let copy = copy?;
        let image_uuid = copy.image_uuid.clone();
        images.change(&image_uuid, |image| image.refs.push(copy));
    }
    Ok(images.in_order(uuids))
}

/// Loads the drives with these UUIDs.
pub(super) fn cd_roms(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<CdRom>> {
    let drives = CdRom::select(connection, &in_list("uuid"), &[&list(uuids)?])?;
    Ok(ByUuid::new(drives, |drive| &drive.uuid).in_order(uuids))
}

/// Loads the access keys with these UUIDs.
pub(super) fn access_keys(connection: &Connection, uuids: &[Uuid]) -> rusqlite::Result<Vec<AccessKey>> {
    let keys = AccessKey::select(connection, &in_list("uuid"), &[&list(uuids)?])?;
    Ok(ByUuid::new(keys, |key| &key.uuid).in_order(uuids))
}

/// Encodes UUIDs as one value, so that the statement does not depend on their
/// number.
fn list(uuids: &[Uuid]) -> rusqlite::Result<String> {
    serde_json::to_string(uuids).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The condition that a column has one of the UUIDs of the list.
fn in_list(column: &str) -> String {
    format!("{column} IN (SELECT value FROM json_each(?1))")
}

/// Loads the main records of aggregates with their revisions.
fn with_revision<T: Document>(connection: &Connection, list: &str) -> rusqlite::Result<Vec<(T, i64)>> {
    let sql = format!("SELECT body, revision FROM {} WHERE {}", T::VIEW, in_list("uuid"));
    let read = |row: &Row<'_>| Ok((T::read(row)?, row.get(1)?));
    connection.prepare_cached(&sql)?.query_map([list], read)?.collect()
}

/// Records by UUID.
struct ByUuid<T>(HashMap<Uuid, T>);

impl<T> ByUuid<T> {
    fn new(records: impl IntoIterator<Item = T>, uuid: impl Fn(&T) -> &Uuid) -> Self {
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
