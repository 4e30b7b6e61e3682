//! The reference: the operations as one would write them by hand with SQL on this database. They
//! return the same inventories.
//!
//! Each operation runs the reads that its rules need, then the writes (the new revision of the VM
//! instance, and the drive), then the reads of the response. All operations of a group share a
//! transaction, and therefore a sync of the disk.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params};
use zstack_node::clock::{Clock as _, SystemClock};
use zstack_runtime::Timestamp;

use super::zones::{self, ZoneChange};
use crate::Failure;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Attach { vm: String, iso: String },
    Detach { vm: String },
    Candidates { iso: String },
    Zone(ZoneChange),
}

impl Operation {
    /// Reports whether the operation changes data.
    pub(super) fn is_write(&self) -> bool {
        !matches!(self, Self::Candidates { .. })
    }
}

/// An operation, and the session of its caller.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) session: String,
    pub(super) operation: Operation,
}

/// The extent to which operations are executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Complete operations.
    Whole,
    /// Only the writes: no reads, and therefore no rules.
    Writes,
}

/// The columns have the names of the fields. A column whose name ends with `Date` is a time, one
/// whose name begins with `is` is a Boolean.
const VM: &str = "SELECT uuid, name, description, zone_uuid AS zoneUuid, cluster_uuid AS clusterUuid, \
     image_uuid AS imageUuid, host_uuid AS hostUuid, last_host_uuid AS lastHostUuid, \
     instance_offering_uuid AS instanceOfferingUuid, root_volume_uuid AS rootVolumeUuid, platform, architecture, \
     guest_os_type AS guestOsType, default_l3_network_uuid AS defaultL3NetworkUuid, 'UserVm' AS type, \
     hypervisor_type AS hypervisorType, memory_size AS memorySize, cpu_num AS cpuNum, 0 AS cpuSpeed, \
     allocator_strategy AS allocatorStrategy, create_date AS createDate, last_op_date AS lastOpDate, state, \
     internal_id AS internalId FROM vm_instance WHERE uuid = ?1";
/// Includes the address of each NIC, since there is exactly one.
const NICS: &str = "SELECT nic.uuid, nic.vm_instance_uuid AS vmInstanceUuid, ip.uuid AS usedIpUuid, \
     nic.l3_network_uuid AS l3NetworkUuid, ip.ip, nic.mac, vm.hypervisor_type AS hypervisorType, ip.netmask, ip.gateway, \
     nic.driver_type AS driverType, 4 AS ipVersion, nic.internal_name AS internalName, nic.device_id AS deviceId, \
     'VNIC' AS type, nic.create_date AS createDate, nic.last_op_date AS lastOpDate, 'enable' AS state, \
     ip.uuid, 4 AS ipVersion, ip.ip_range_uuid AS ipRangeUuid, ip.l3_network_uuid AS l3NetworkUuid, ip.ip, ip.netmask, \
     ip.gateway, ip.vm_nic_uuid AS vmNicUuid, ip.create_date AS createDate, ip.last_op_date AS lastOpDate \
     FROM vm_nic nic JOIN vm_instance vm ON vm.uuid = nic.vm_instance_uuid JOIN used_ip ip ON ip.vm_nic_uuid = nic.uuid \
     WHERE nic.vm_instance_uuid = ?1 ORDER BY nic.device_id";
/// The number of columns that belong to the NIC.
const NIC_COLUMNS: usize = 17;
const VOLUMES: &str = "SELECT uuid, name, description, primary_storage_uuid AS primaryStorageUuid, \
     vm_instance_uuid AS vmInstanceUuid, root_image_uuid AS rootImageUuid, install_path AS installPath, type, \
     format, size, actual_size AS actualSize, device_id AS deviceId, state, status, create_date AS createDate, \
     last_op_date AS lastOpDate, is_shareable AS isShareable, last_attach_date AS lastAttachDate, \
     last_detach_date AS lastDetachDate, last_vm_instance_uuid AS lastVmInstanceUuid \
     FROM volume WHERE vm_instance_uuid = ?1 ORDER BY device_id";
const CD_ROMS: &str = "SELECT uuid, vm_instance_uuid AS vmInstanceUuid, device_id AS deviceId, iso_uuid AS isoUuid, \
     iso_install_path AS isoInstallPath, name, description, create_date AS createDate, last_op_date AS lastOpDate, \
     protocol FROM cd_rom WHERE vm_instance_uuid = ?1 ORDER BY device_id";

/// A table that a person would choose for these operations.
struct Table {
    name: &'static str,
    /// The resource whose documents it contains.
    resource: &'static str,
    /// The columns; the name of the field is the same in camel case.
    columns: &'static str,
    /// The columns of an index.
    index: &'static str,
}

const TABLES: &[Table] = &[
    Table { name: "account", resource: "Account", columns: "type", index: "uuid" },
    Table { name: "backup_storage", resource: "BackupStorage", columns: "type status", index: "uuid" },
    Table {
        name: "cd_rom",
        resource: "VmCdRom",
        columns: "vm_instance_uuid device_id name description iso_uuid iso_install_path protocol create_date last_op_date",
        index: "vm_instance_uuid, device_id",
    },
    Table {
        name: "image",
        resource: "Image",
        columns: "name description media_type format platform architecture guest_os_type size actual_size state status \
                  create_date last_op_date url system virtio",
        index: "uuid",
    },
    Table {
        name: "image_cache",
        resource: "ImageCache",
        columns: "image_uuid primary_storage_uuid",
        index: "image_uuid, primary_storage_uuid",
    },
    Table { name: "primary_storage", resource: "PrimaryStorage", columns: "type url status", index: "uuid" },
    Table {
        name: "used_ip",
        resource: "UsedIp",
        columns: "l3_network_uuid vm_nic_uuid ip_range_uuid ip netmask gateway create_date last_op_date",
        index: "vm_nic_uuid",
    },
    Table {
        name: "vm_instance",
        resource: "VmInstance",
        columns: "default_l3_network_uuid name description internal_id zone_uuid cluster_uuid host_uuid last_host_uuid \
                  image_uuid instance_offering_uuid root_volume_uuid platform architecture guest_os_type hypervisor_type \
                  memory_size cpu_num allocator_strategy state create_date last_op_date",
        index: "uuid",
    },
    Table {
        name: "vm_nic",
        resource: "VmNic",
        columns: "l3_network_uuid vm_instance_uuid device_id mac internal_name driver_type create_date last_op_date",
        index: "vm_instance_uuid, device_id",
    },
    Table {
        name: "volume",
        resource: "Volume",
        columns: "name description primary_storage_uuid vm_instance_uuid root_image_uuid install_path type format size \
                  actual_size device_id state status is_shareable last_attach_date last_detach_date \
                  last_vm_instance_uuid create_date last_op_date",
        index: "vm_instance_uuid, device_id",
    },
];

/// Turns the documents of the node into tables with columns.
fn create_tables(connection: &Connection) -> rusqlite::Result<()> {
    let exists = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'by_hand_storage')";
    if connection.query_row(exists, (), |row| row.get(0))? {
        return Ok(());
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for Table { name, resource, columns, index } in TABLES {
        let columns = columns.split(' ').map(|column| format!(", body ->> '{}' AS {column}", camel(column)));
        let columns = columns.collect::<String>();
        connection.execute_batch(&format!(
            "CREATE TABLE {name} AS SELECT uuid, revision{columns} FROM document WHERE base = '{resource}';
             CREATE INDEX by_hand_{name} ON {name} ({index})"
        ))?;
    }
    connection.execute_batch(
        "CREATE TABLE backup_storage_zone AS SELECT source AS backup_storage_uuid, target AS zone_uuid
             FROM link WHERE field = 'attachedZoneUuids';
         CREATE INDEX by_hand_zones ON backup_storage_zone (backup_storage_uuid);
         CREATE TABLE backup_storage_ref AS SELECT document.uuid AS image_uuid,
             part.value ->> 'backupStorageUuid' AS backup_storage_uuid, part.value ->> 'status' AS status
             FROM document, json_each(document.body, '$.backupStorageRefs') AS part WHERE base = 'Image';
         CREATE INDEX by_hand_refs ON backup_storage_ref (image_uuid);
         CREATE INDEX by_hand_storage ON volume (primary_storage_uuid, type, vm_instance_uuid);
         COMMIT; VACUUM",
    )
}

/// Converts `vm_instance_uuid` to `vmInstanceUuid`.
fn camel(column: &str) -> String {
    let mut words = column.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    first + &words.map(capital).collect::<String>()
}

/// A database and the hand-written operations on it.
pub(super) struct ByHand(Connection);

impl ByHand {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(path)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        create_tables(&connection)?;
        zones::create_tables(&connection)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Otherwise, SQLite plans a statement again whenever a bound value is compared with an index.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(Self(connection))
    }

    /// Runs calls in one transaction and returns the responses. If one call fails, all fail.
    pub(super) fn run_group(&self, calls: &[Call], extent: Extent) -> Result<Vec<Vec<u8>>, Failure> {
        let has_writes = calls.iter().any(|call| call.operation.is_write());
        self.0.execute_batch(if has_writes { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
        let responses = calls.iter().map(|call| self.call(call, extent)).collect();
        self.0.execute_batch(if Result::is_ok(&responses) { "COMMIT" } else { "ROLLBACK" })?;
        responses
    }

    fn call(&self, call: &Call, extent: Extent) -> Result<Vec<u8>, Failure> {
        let now = SystemClock.now().millis();
        if extent == Extent::Whole {
            self.check_session(&call.session, now)?;
        }
        match &call.operation {
            Operation::Attach { vm, iso } => {
                let path = if extent == Extent::Whole { self.check_attaching(vm, iso)? } else { None };
                self.update_drive(vm, Some(iso), path.as_deref(), now)?;
                self.inventory(vm, extent)
            }
            Operation::Detach { vm } => {
                if extent == Extent::Whole {
                    self.check_detaching(vm)?;
                }
                self.update_drive(vm, None, None, now)?;
                self.inventory(vm, extent)
            }
            Operation::Candidates { iso } => self.candidates(iso),
            Operation::Zone(change) => zones::apply(&self.0, change, now, extent == Extent::Whole),
        }
    }

    fn prepare(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.0.prepare_cached(sql)
    }

    fn check_session(&self, session: &str, now: i64) -> Result<(), Failure> {
        let sql = "SELECT type FROM session JOIN account ON account.uuid = account_uuid \
             WHERE session.uuid = ?1 AND expired_date > ?2";
        let kind: Option<String> =
            self.prepare(sql)?.query_row(params![session, now], |row| row.get(0)).optional()?;
        ensure(kind.as_deref() == Some("SystemAdmin"), "the session has expired")
    }

    /// Checks that an ISO can be attached; returns the path of its file if the VM instance is running.
    fn check_attaching(&self, vm: &str, iso: &str) -> Result<Option<String>, Failure> {
        let sql = "SELECT vm_instance.state, vm_instance.zone_uuid, primary_storage.uuid, primary_storage.type, \
             primary_storage.url FROM vm_instance \
             JOIN volume ON volume.vm_instance_uuid = vm_instance.uuid AND volume.type = 'Root' \
             JOIN primary_storage ON primary_storage.uuid = primary_storage_uuid WHERE vm_instance.uuid = ?1";
        let (state, zone, storage, kind, url): (String, String, String, String, String) = self
            .prepare(sql)?
            .query_row([vm], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        ensure(
            matches!(state.as_str(), "Running" | "Paused" | "Stopped"),
            "the state does not allow the operation",
        )?;

        let sql = "SELECT media_type, status FROM image WHERE uuid = ?1";
        let (media_type, status): (String, String) =
            self.prepare(sql)?.query_row([iso], |row| Ok((row.get(0)?, row.get(1)?)))?;
        ensure(media_type == "ISO" && status == "Ready", "the image is not an ISO in status Ready")?;

        let sql = "SELECT iso_uuid FROM cd_rom WHERE vm_instance_uuid = ?1";
        let mut drives = self.prepare(sql)?;
        let drives = drives.query_map([vm], |row| row.get::<_, Option<String>>(0))?;
        let drives = drives.collect::<Result<Vec<_>, _>>()?;
        ensure(drives.contains(&None), "the VM instance has no empty drive")?;
        ensure(!drives.iter().flatten().any(|drive| drive == iso), "the ISO is already attached")?;

        let sql = "SELECT 1 FROM image_cache WHERE image_uuid = ?1 AND primary_storage_uuid = ?2";
        let cached = self.prepare(sql)?.exists([iso, &storage])?;
        let sql = "SELECT backup_storage.type, backup_storage.status = 'Connected' AND EXISTS (\
             SELECT 1 FROM backup_storage_zone zone \
             WHERE zone.backup_storage_uuid = backup_storage.uuid AND zone_uuid = ?2) \
             FROM backup_storage_ref JOIN backup_storage ON backup_storage.uuid = backup_storage_uuid \
             WHERE image_uuid = ?1 AND backup_storage_ref.status <> 'Deleted'";
        let mut copies = self.prepare(sql)?;
        let copies = copies.query_map([iso, &zone], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let copies: Vec<(String, bool)> = copies.collect::<Result<_, _>>()?;
        let reachable = cached || copies.iter().any(|(backup, _)| is_compatible(backup, &kind));
        ensure(reachable, "no compatible backup storage has the ISO")?;
        if state == "Stopped" {
            return Ok(None);
        }
        ensure(
            copies.iter().any(|(_, is_connected)| *is_connected),
            "no connected backup storage has the ISO",
        )?;
        Ok(Some(format!("{url}/imagecache/iso/{iso}/{iso}.iso")))
    }

    fn check_detaching(&self, vm: &str) -> Result<(), Failure> {
        let sql = "SELECT state, (SELECT count(*) FROM cd_rom WHERE vm_instance_uuid = ?1 AND iso_uuid IS NOT NULL) \
             FROM vm_instance WHERE uuid = ?1";
        let (state, filled): (String, i64) =
            self.prepare(sql)?.query_row([vm], |row| Ok((row.get(0)?, row.get(1)?)))?;
        ensure(
            matches!(state.as_str(), "Running" | "Paused" | "Stopped"),
            "the state does not allow the operation",
        )?;
        ensure(filled == 1, "the VM instance does not have exactly one ISO")
    }

    /// Changes the ISO in the first drive, and the revision of the VM instance.
    fn update_drive(&self, vm: &str, iso: Option<&str>, path: Option<&str>, now: i64) -> Result<(), Failure> {
        self.prepare("UPDATE vm_instance SET revision = revision + 1 WHERE uuid = ?1")?.execute([vm])?;
        let sql = "UPDATE cd_rom SET iso_uuid = ?2, iso_install_path = ?3, protocol = NULL, last_op_date = ?4 \
             WHERE vm_instance_uuid = ?1 AND device_id = 0";
        let count = self.prepare(sql)?.execute(params![vm, iso, path, now])?;
        ensure(count == 1, "the VM instance has no drive")
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
        let sql = "SELECT DISTINCT backup_storage.type FROM backup_storage_ref \
             JOIN backup_storage ON backup_storage.uuid = backup_storage_uuid WHERE image_uuid = ?1";
        let mut backup = self.prepare(sql)?;
        let backup = backup.query_map([iso], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let mut storages = self.prepare("SELECT uuid, type FROM primary_storage")?;
        let storages = storages.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let storages: Vec<(String, String)> = storages.collect::<Result<_, _>>()?;
        let mut vms: Vec<(i64, String)> = Vec::new();
        let sql = "SELECT vm_instance.create_date, vm_instance.uuid FROM volume \
             JOIN vm_instance ON vm_instance.uuid = vm_instance_uuid \
             WHERE primary_storage_uuid = ?1 AND volume.type = 'Root' AND vm_instance.state IN ('Running', 'Stopped')";
        for (storage, kind) in storages {
            if backup.iter().any(|backup| is_compatible(backup, &kind)) {
                let mut statement = self.prepare(sql)?;
                let rows = statement.query_map([storage], |row| Ok((row.get(0)?, row.get(1)?)))?;
                vms.extend(rows.collect::<Result<Vec<_>, _>>()?);
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
        object(rows.next()?.ok_or("the VM instance does not exist")?, 0, usize::MAX, json)?;
        let nic = |row: &Row<'_>, json: &mut Vec<u8>| {
            object(row, 0, NIC_COLUMNS, json)?;
            json.extend_from_slice(br#","usedIps":["#);
            object(row, NIC_COLUMNS, usize::MAX, json)?;
            write_numbers(row.get_ref(4)?.as_str()?, json)?;
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

fn ensure(condition: bool, error: &str) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(error.into()) }
}

fn is_compatible(backup: &str, primary: &str) -> bool {
    match backup {
        "SftpBackupStorage" => matches!(primary, "NFS" | "SharedMountPoint" | "LocalStorage"),
        "ImageStoreBackupStorage" => matches!(primary, "NFS" | "SharedMountPoint" | "LocalStorage" | "Ceph"),
        _ => false,
    }
}

/// Writes columns of a row as a JSON object without its closing brace; omits NULL.
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

/// Writes the numeric fields of an address.
fn write_numbers(ip: &str, json: &mut Vec<u8>) -> Result<(), Failure> {
    let ip: std::net::Ipv4Addr = ip.parse()?;
    json.extend_from_slice(b",\"ipInLong\":");
    serde_json::to_writer(&mut *json, &u32::from(ip))?;
    json.extend_from_slice(b",\"ipInBinary\":");
    Ok(serde_json::to_writer(json, &ip.octets().map(u8::cast_signed))?)
}
