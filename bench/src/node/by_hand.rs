//! The reference: the operations as somebody would write them who has this
//! database and SQL, and no more. It answers the same inventories.
//!
//! Each operation runs the reads that its rules need, then the writes: the new
//! revision of the VM instance, and the drive; then reads what it answers. All
//! operations of a group share a transaction, and with it the sync of the disk.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params};
use zstack_node::clock::{Clock as _, SystemClock};
use zstack_runtime::Timestamp;

use crate::Failure;

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Attach { vm: String, iso: String },
    Detach { vm: String },
    Candidates { iso: String },
}

impl Operation {
    /// Whether it changes something.
    pub(super) fn writes(&self) -> bool {
        !matches!(self, Self::Candidates { .. })
    }
}

/// What makes a call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) session: String,
    pub(super) operation: Operation,
}

/// How much of an operation is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Without what is read; the rules then have nothing to go by.
    Writes,
}

/// The columns are those of the inventories. A column whose name ends with
/// `Date` is a time, one that begins with `is` says yes or no.
const VM: &str = "SELECT uuid, name, description, zone_uuid AS zoneUuid, cluster_uuid AS clusterUuid, \
     image_uuid AS imageUuid, host_uuid AS hostUuid, last_host_uuid AS lastHostUuid, \
     instance_offering_uuid AS instanceOfferingUuid, root_volume_uuid AS rootVolumeUuid, platform, architecture, \
     guest_os_type AS guestOsType, default_l3_network_uuid AS defaultL3NetworkUuid, 'UserVm' AS type, \
     hypervisor_type AS hypervisorType, memory_size AS memorySize, cpu_num AS cpuNum, 0 AS cpuSpeed, \
     allocator_strategy AS allocatorStrategy, create_date AS createDate, last_op_date AS lastOpDate, state, \
     internal_id AS internalId FROM vm_instance WHERE uuid = ?1";
/// The address of a network card comes with it: there is one.
const NICS: &str = "SELECT nic.uuid, nic.vm_instance_uuid AS vmInstanceUuid, ip.uuid AS usedIpUuid, \
     nic.l3_network_uuid AS l3NetworkUuid, ip.ip, nic.mac, vm.hypervisor_type AS hypervisorType, ip.netmask, ip.gateway, \
     nic.driver_type AS driverType, 4 AS ipVersion, nic.internal_name AS internalName, nic.device_id AS deviceId, \
     'VNIC' AS type, nic.create_date AS createDate, nic.last_op_date AS lastOpDate, 'enable' AS state, \
     ip.uuid, 4 AS ipVersion, ip.ip_range_uuid AS ipRangeUuid, ip.l3_network_uuid AS l3NetworkUuid, ip.ip, ip.netmask, \
     ip.gateway, ip.vm_nic_uuid AS vmNicUuid, ip.create_date AS createDate, ip.last_op_date AS lastOpDate \
     FROM vm_nic nic JOIN vm_instance vm ON vm.uuid = nic.vm_instance_uuid JOIN used_ip ip ON ip.vm_nic_uuid = nic.uuid \
     WHERE nic.vm_instance_uuid = ?1 ORDER BY nic.device_id";
/// How many of those columns are of the network card.
const OF_NIC: usize = 17;
const VOLUMES: &str = "SELECT uuid, name, description, primary_storage_uuid AS primaryStorageUuid, \
     vm_instance_uuid AS vmInstanceUuid, root_image_uuid AS rootImageUuid, install_path AS installPath, kind AS type, \
     format, size, actual_size AS actualSize, device_id AS deviceId, state, status, create_date AS createDate, \
     last_op_date AS lastOpDate, is_shareable AS isShareable, last_attach_date AS lastAttachDate, \
     last_detach_date AS lastDetachDate, last_vm_instance_uuid AS lastVmInstanceUuid \
     FROM volume WHERE vm_instance_uuid = ?1 ORDER BY device_id";
const CD_ROMS: &str = "SELECT uuid, vm_instance_uuid AS vmInstanceUuid, device_id AS deviceId, iso_uuid AS isoUuid, \
     iso_install_path AS isoInstallPath, name, description, create_date AS createDate, last_op_date AS lastOpDate, \
     protocol FROM cd_rom WHERE vm_instance_uuid = ?1 ORDER BY device_id";

/// A database.
pub(super) struct ByHand(Connection);

impl ByHand {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(path)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Without it, this SQLite plans a statement anew whenever a value is
        // bound that is compared with an index.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(Self(connection))
    }

    /// The answers of a group, once they are durable. When one fails all do:
    /// none of those that are measured does.
    pub(super) fn group(&self, calls: &[Call], extent: Extent) -> Result<Vec<Vec<u8>>, Failure> {
        let changes = calls.iter().any(|it| it.operation.writes());
        self.0.execute_batch(if changes { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
        let answers = calls.iter().map(|it| self.call(it, extent)).collect();
        self.0.execute_batch(if Result::is_ok(&answers) { "COMMIT" } else { "ROLLBACK" })?;
        answers
    }

    fn call(&self, call: &Call, extent: Extent) -> Result<Vec<u8>, Failure> {
        let now = SystemClock.now().millis();
        if extent == Extent::Whole {
            self.check_session(&call.session, now)?;
        }
        match &call.operation {
            Operation::Attach { vm, iso } => {
                let path = if extent == Extent::Whole { self.check_attaching(vm, iso)? } else { None };
                self.fill(vm, Some(iso), path.as_deref(), now)?;
                self.inventory(vm, extent)
            }
            Operation::Detach { vm } => {
                if extent == Extent::Whole {
                    self.check_detaching(vm)?;
                }
                self.fill(vm, None, None, now)?;
                self.inventory(vm, extent)
            }
            Operation::Candidates { iso } => self.candidates(iso),
        }
    }

    fn prepare(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.0.prepare_cached(sql)
    }

    fn check_session(&self, session: &str, now: i64) -> Result<(), Failure> {
        let sql = "SELECT kind FROM session JOIN account ON account.uuid = account_uuid \
             WHERE session.uuid = ?1 AND expired_date > ?2";
        let kind: Option<String> =
            self.prepare(sql)?.query_row(params![session, now], |row| row.get(0)).optional()?;
        refuse(kind.as_deref() == Some("SystemAdmin"), "the session has expired")
    }

    /// Where the file is, for a VM instance that runs.
    fn check_attaching(&self, vm: &str, iso: &str) -> Result<Option<String>, Failure> {
        let sql = "SELECT vm_instance.state, vm_instance.zone_uuid, primary_storage.uuid, primary_storage.kind, \
             primary_storage.url FROM vm_instance \
             JOIN volume ON volume.vm_instance_uuid = vm_instance.uuid AND volume.kind = 'Root' \
             JOIN primary_storage ON primary_storage.uuid = primary_storage_uuid WHERE vm_instance.uuid = ?1";
        let (state, zone, storage, kind, url): (String, String, String, String, String) = self
            .prepare(sql)?
            .query_row([vm], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        refuse(matches!(state.as_str(), "Running" | "Paused" | "Stopped"), "the state does not allow it")?;

        let sql = "SELECT media_type, status FROM image WHERE uuid = ?1";
        let (media_type, status): (String, String) =
            self.prepare(sql)?.query_row([iso], |row| Ok((row.get(0)?, row.get(1)?)))?;
        refuse(media_type == "ISO" && status == "Ready", "the image is no ISO that is ready")?;

        let sql = "SELECT iso_uuid FROM cd_rom WHERE vm_instance_uuid = ?1";
        let mut drives = self.prepare(sql)?;
        let drives = drives.query_map([vm], |row| row.get::<_, Option<String>>(0))?;
        let drives = drives.collect::<Result<Vec<_>, _>>()?;
        refuse(drives.contains(&None), "there is no empty drive")?;
        refuse(!drives.iter().flatten().any(|drive| drive == iso), "the ISO is attached already")?;

        let sql = "SELECT 1 FROM image_cache WHERE image_uuid = ?1 AND primary_storage_uuid = ?2";
        let cached = self.prepare(sql)?.exists([iso, &storage])?;
        let sql = "SELECT backup_storage.kind, backup_storage.status = 'Connected' AND EXISTS (\
             SELECT 1 FROM backup_storage_zone zone \
             WHERE zone.backup_storage_uuid = backup_storage.uuid AND zone_uuid = ?2) \
             FROM backup_storage_ref JOIN backup_storage ON backup_storage.uuid = backup_storage_uuid \
             WHERE image_uuid = ?1 AND backup_storage_ref.status <> 'Deleted'";
        let mut places = self.prepare(sql)?;
        let places = places.query_map([iso, &zone], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let places: Vec<(String, bool)> = places.collect::<Result<_, _>>()?;
        let reachable = cached || places.iter().any(|(backup, _)| works_with(backup, &kind));
        refuse(reachable, "the ISO cannot get there")?;
        if state == "Stopped" {
            return Ok(None);
        }
        refuse(places.iter().any(|(_, supplies)| *supplies), "nobody can hand out the ISO")?;
        Ok(Some(format!("{url}/imagecache/iso/{iso}/{iso}.iso")))
    }

    fn check_detaching(&self, vm: &str) -> Result<(), Failure> {
        let sql = "SELECT state, (SELECT count(*) FROM cd_rom WHERE vm_instance_uuid = ?1 AND iso_uuid IS NOT NULL) \
             FROM vm_instance WHERE uuid = ?1";
        let (state, filled): (String, i64) =
            self.prepare(sql)?.query_row([vm], |row| Ok((row.get(0)?, row.get(1)?)))?;
        refuse(matches!(state.as_str(), "Running" | "Paused" | "Stopped"), "the state does not allow it")?;
        refuse(filled == 1, "there must be one ISO")
    }

    /// Writes: the VM instance has a new revision, and what its first drive
    /// holds.
    fn fill(&self, vm: &str, iso: Option<&str>, path: Option<&str>, now: i64) -> Result<(), Failure> {
        self.prepare("UPDATE vm_instance SET revision = revision + 1 WHERE uuid = ?1")?.execute([vm])?;
        let sql = "UPDATE cd_rom SET iso_uuid = ?2, iso_install_path = ?3, protocol = NULL, last_op_date = ?4 \
             WHERE vm_instance_uuid = ?1 AND device_id = 0";
        let count = self.prepare(sql)?.execute(params![vm, iso, path, now])?;
        refuse(count == 1, "there is no drive")
    }

    fn inventory(&self, vm: &str, extent: Extent) -> Result<Vec<u8>, Failure> {
        let mut json = Vec::new();
        if extent == Extent::Whole {
            json.reserve(4096);
            json.extend_from_slice(br#"{"inventory":"#);
            self.vm(vm, &mut json)?;
            json.push(b'}');
        }
        Ok(json)
    }

    fn candidates(&self, iso: &str) -> Result<Vec<u8>, Failure> {
        let sql = "SELECT DISTINCT backup_storage.kind FROM backup_storage_ref \
             JOIN backup_storage ON backup_storage.uuid = backup_storage_uuid WHERE image_uuid = ?1";
        let mut backup = self.prepare(sql)?;
        let backup = backup.query_map([iso], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let mut storages = self.prepare("SELECT uuid, kind FROM primary_storage")?;
        let storages = storages.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let storages: Vec<(String, String)> = storages.collect::<Result<_, _>>()?;
        let mut vms: Vec<(i64, String)> = Vec::new();
        let sql = "SELECT vm_instance.create_date, vm_instance.uuid FROM volume \
             JOIN vm_instance ON vm_instance.uuid = vm_instance_uuid \
             WHERE primary_storage_uuid = ?1 AND volume.kind = 'Root' AND vm_instance.state IN ('Running', 'Stopped')";
        for (storage, kind) in storages {
            if backup.iter().any(|backup| works_with(backup, &kind)) {
                let mut there = self.prepare(sql)?;
                let there = there.query_map([storage], |row| Ok((row.get(0)?, row.get(1)?)))?;
                vms.extend(there.collect::<Result<Vec<_>, _>>()?);
            }
        }
        vms.sort();
        let mut json = Vec::with_capacity(2048 * (vms.len() + 1));
        json.extend_from_slice(br#"{"inventories":["#);
        for (number, (_, vm)) in vms.iter().enumerate() {
            if number > 0 {
                json.push(b',');
            }
            self.vm(vm, &mut json)?;
        }
        json.extend_from_slice(b"]}");
        Ok(json)
    }

    fn vm(&self, vm: &str, json: &mut Vec<u8>) -> Result<(), Failure> {
        let mut statement = self.prepare(VM)?;
        let mut rows = statement.query([vm])?;
        object(rows.next()?.ok_or("there is no such VM instance")?, 0, usize::MAX, json)?;
        let nic = |row: &Row<'_>, json: &mut Vec<u8>| {
            object(row, 0, OF_NIC, json)?;
            json.extend_from_slice(br#","usedIps":["#);
            object(row, OF_NIC, usize::MAX, json)?;
            numbers(row.get_ref(4)?.as_str()?, json)?;
            json.extend_from_slice(b"}]}");
            Ok(())
        };
        let record = |row: &Row<'_>, json: &mut Vec<u8>| {
            object(row, 0, usize::MAX, json)?;
            json.push(b'}');
            Ok(())
        };
        self.list(",\"vmNics\":[", NICS, vm, nic, json)?;
        self.list("],\"allVolumes\":[", VOLUMES, vm, record, json)?;
        self.list("],\"vmCdRoms\":[", CD_ROMS, vm, record, json)?;
        json.extend_from_slice(b"]}");
        Ok(())
    }

    fn list(
        &self,
        begin: &str,
        sql: &str,
        vm: &str,
        write: impl Fn(&Row<'_>, &mut Vec<u8>) -> Result<(), Failure>,
        json: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        json.extend_from_slice(begin.as_bytes());
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query([vm])?;
        let mut first = true;
        while let Some(row) = rows.next()? {
            if !first {
                json.push(b',');
            }
            first = false;
            write(row, json)?;
        }
        Ok(())
    }
}

fn refuse(holds: bool, reason: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

fn works_with(backup: &str, primary: &str) -> bool {
    match backup {
        "SftpBackupStorage" => matches!(primary, "NFS" | "SharedMountPoint" | "LocalStorage"),
        "ImageStoreBackupStorage" => matches!(primary, "NFS" | "SharedMountPoint" | "LocalStorage" | "Ceph"),
        _ => false,
    }
}

/// Writes columns of a row as an object, without its end. What is NULL is
/// left out.
fn object(row: &Row<'_>, from: usize, to: usize, json: &mut Vec<u8>) -> Result<(), Failure> {
    let statement = row.as_ref();
    let mut before = b'{';
    for column in from..to.min(statement.column_count()) {
        let value = row.get_ref(column)?;
        if value == ValueRef::Null {
            continue;
        }
        let name = statement.column_name(column)?;
        json.push(before);
        before = b',';
        json.push(b'"');
        json.extend_from_slice(name.as_bytes());
        json.extend_from_slice(b"\":");
        match value {
            ValueRef::Integer(millis) if name.ends_with("Date") => {
                let time = jiff::Timestamp::from_millisecond(millis)?;
                let time = Timestamp::from_instant(time, &jiff::tz::TimeZone::UTC);
                serde_json::to_writer(&mut *json, &time.to_string())?;
            }
            ValueRef::Integer(value) if name.starts_with("is") => {
                serde_json::to_writer(&mut *json, &(value != 0))?
            }
            ValueRef::Integer(value) => serde_json::to_writer(&mut *json, &value)?,
            _ => serde_json::to_writer(&mut *json, value.as_str()?)?,
        }
    }
    Ok(())
}

/// Writes what an address is as numbers.
fn numbers(ip: &str, json: &mut Vec<u8>) -> Result<(), Failure> {
    let ip: std::net::Ipv4Addr = ip.parse()?;
    json.extend_from_slice(b",\"ipInLong\":");
    serde_json::to_writer(&mut *json, &u32::from(ip))?;
    json.extend_from_slice(b",\"ipInBinary\":");
    Ok(serde_json::to_writer(json, &ip.octets().map(u8::cast_signed))?)
}
