//! The tables: one for each kind of record, with a column of the same name for
//! each field.

use rusqlite::types::ToSql;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row};

use crate::model::{
    AccessKey, Account, Aggregate, BackupStorage, BackupStorageRef, BackupStorageZone, CdRom, Cluster,
    Entity, Host, ImageCache, ImageInfo, InstanceOffering, IpRange, L3Network, PrimaryStorage,
    PrimaryStorageCluster, Session, UsedIp, VmInstance, VmNic, Volume, VolumeSnapshot, Zone,
};

/// A record with a table.
pub(super) trait Table: Sized {
    /// The name of the table.
    const NAME: &'static str;

    /// The columns; those of the key come first.
    const COLUMNS: &'static [&'static str];

    /// The number of columns of the key.
    const KEYS: usize;

    /// Reads a record from the first columns of a row.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self>;

    /// The values, in the order of the columns.
    fn values(&self) -> Vec<&dyn ToSql>;

    /// The columns as SQL: `uuid, name, …`.
    const LIST: &'static str;

    /// True for resources, whose UUIDs are unique among all kinds.
    const HAS_UUID: bool;

    fn insert(&self, connection: &Connection) -> rusqlite::Result<()> {
        let parameters = vec!["?"; Self::COLUMNS.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({parameters})", Self::NAME, Self::LIST);
        connection.prepare_cached(&sql)?.execute(self.values().as_slice()).map(|_| ())
    }

    /// Replaces a record. Returns false if it does not exist.
    fn update(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let assign = |(at, name): (usize, &&str)| format!("{name} = ?{}", at + 1);
        let mut assignments: Vec<_> = Self::COLUMNS.iter().enumerate().map(assign).collect();
        let rest = assignments.split_off(Self::KEYS);
        // Without other columns, the assignment changes nothing.
        let rest = if rest.is_empty() { &assignments } else { &rest };
        let sql =
            format!("UPDATE {} SET {} WHERE {}", Self::NAME, rest.join(", "), assignments.join(" AND "));
        connection.prepare_cached(&sql)?.execute(self.values().as_slice()).map(|count| count > 0)
    }

    /// Deletes a record. Returns false if it does not exist.
    fn delete(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let (keys, values) = (Self::COLUMNS.iter().take(Self::KEYS), self.values());
        let condition: Vec<_> = (1..).zip(keys).map(|(at, name)| format!("{name} = ?{at}")).collect();
        let sql = format!("DELETE FROM {} WHERE {}", Self::NAME, condition.join(" AND "));
        let values = values.get(..Self::KEYS).unwrap_or_default();
        connection.prepare_cached(&sql)?.execute(values).map(|count| count > 0)
    }

    /// Prepares a statement that selects the records with a condition, which may
    /// end with an order.
    fn prepare<'a>(connection: &'a Connection, condition: &str) -> rusqlite::Result<CachedStatement<'a>> {
        let sql = format!("SELECT {} FROM {} WHERE {condition}", Self::LIST, Self::NAME);
        connection.prepare_cached(&sql)
    }

    /// Runs a statement of [`prepare`](Self::prepare).
    fn all(statement: &mut CachedStatement<'_>, values: &[&dyn ToSql]) -> rusqlite::Result<Vec<Self>> {
        statement.query_map(values, |row| Self::read(row))?.collect()
    }

    /// Selects the records with a condition.
    fn select(
        connection: &Connection,
        condition: &str,
        values: &[&dyn ToSql],
    ) -> rusqlite::Result<Vec<Self>> {
        Self::all(&mut Self::prepare(connection, condition)?, values)
    }

    /// Selects the first record with a condition.
    fn select_first(
        connection: &Connection,
        condition: &str,
        values: &[&dyn ToSql],
    ) -> rusqlite::Result<Option<Self>> {
        Self::prepare(connection, condition)?.query_row(values, |row| Self::read(row)).optional()
    }
}

macro_rules! tables {
    ($($record:ident in $table:literal ($keys:literal) { $first:ident $(, $column:ident)* $(,)? })+) => {
        $(impl Table for $record {
            const NAME: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[stringify!($first) $(, stringify!($column))*];
            const LIST: &'static str = concat!(stringify!($first) $(, ", ", stringify!($column))*);
            const KEYS: usize = $keys;
            const HAS_UUID: bool = $keys == 1 && !matches!($table.as_bytes(), b"session");

            fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
                let mut at = 0;
                // Rust evaluates the fields in the order of the source.
                let mut next = || {
                    at += 1;
                    at - 1
                };
                Ok(Self { $first: row.get(next())?, $($column: row.get(next())?),* })
            }

            fn values(&self) -> Vec<&dyn ToSql> {
                vec![&self.$first $(, &self.$column)*]
            }
        })+

        /// Inserts a record.
        pub(super) fn insert(connection: &Connection, entity: &Entity) -> rusqlite::Result<()> {
            match entity { $(Entity::$record(record) => record.insert(connection)),+ }
        }

        /// Returns true if a resource has this UUID. Sessions are not included, as
        /// their UUIDs are secrets.
        pub(super) fn has_uuid(connection: &Connection, uuid: &str) -> rusqlite::Result<bool> {
            $(if <$record as Table>::HAS_UUID
                && <$record as Table>::prepare(connection, "uuid = ?1")?.exists([uuid])?
            {
                return Ok(true);
            })+
            Ok(false)
        }

        /// Replaces a record. Returns false if it does not exist.
        pub(super) fn update(connection: &Connection, entity: &Entity) -> rusqlite::Result<bool> {
            match entity { $(Entity::$record(record) => record.update(connection)),+ }
        }

        /// Deletes a record. Returns false if it does not exist.
        pub(super) fn delete(connection: &Connection, entity: &Entity) -> rusqlite::Result<bool> {
            match entity { $(Entity::$record(record) => record.delete(connection)),+ }
        }
    };
}

tables! {
    AccessKey in "access_key" (1) {
        uuid, description, account_uuid, id, secret, state, create_date, last_op_date,
    }
    Account in "account" (1) { uuid, name, kind, password, create_date, last_op_date }
    Session in "session" (1) { uuid, account_uuid, expired_date, create_date }
    Zone in "zone" (1) { uuid, name, create_date, last_op_date }
    Cluster in "cluster" (1) {
        uuid, name, zone_uuid, hypervisor_type, architecture, create_date, last_op_date,
    }
    Host in "host" (1) { uuid, name, cluster_uuid, management_ip, status, create_date, last_op_date }
    PrimaryStorage in "primary_storage" (1) {
        uuid, name, zone_uuid, kind, url, fsid, status, create_date, last_op_date,
    }
    PrimaryStorageCluster in "primary_storage_cluster" (2) { primary_storage_uuid, cluster_uuid }
    BackupStorage in "backup_storage" (1) { uuid, name, kind, url, fsid, status, create_date, last_op_date }
    BackupStorageZone in "backup_storage_zone" (2) { backup_storage_uuid, zone_uuid }
    L3Network in "l3_network" (1) { uuid, name, zone_uuid, create_date, last_op_date }
    IpRange in "ip_range" (1) { uuid, l3_network_uuid, network_cidr, gateway, create_date, last_op_date }
    InstanceOffering in "instance_offering" (1) {
        uuid, name, cpu_num, memory_size, allocator_strategy, create_date, last_op_date,
    }
    ImageInfo in "image" (1) {
        uuid, name, description, account_uuid, shared, media_type, format, platform, architecture, guest_os_type, size,
        actual_size, state, status, url, system, virtio, create_date, last_op_date,
    }
    BackupStorageRef in "backup_storage_ref" (2) {
        image_uuid, backup_storage_uuid, install_path, status, create_date, last_op_date,
    }
    ImageCache in "image_cache" (2) {
        image_uuid, primary_storage_uuid, media_type, size, actual_size, install_path, create_date,
    }
    VmInstance in "vm_instance" (1) {
        uuid, name, description, account_uuid, shared, internal_id, zone_uuid, cluster_uuid, host_uuid, last_host_uuid,
        image_uuid, instance_offering_uuid, root_volume_uuid, default_l3_network_uuid, platform, architecture,
        guest_os_type, hypervisor_type, memory_size, cpu_num, allocator_strategy, state, create_date, last_op_date,
    }
    Volume in "volume" (1) {
        uuid, name, description, account_uuid, primary_storage_uuid, vm_instance_uuid, root_image_uuid, install_path,
        kind, format, size, actual_size, device_id, state, status, is_shareable, last_attach_date, last_detach_date,
        last_vm_instance_uuid, create_date, last_op_date,
    }
    VolumeSnapshot in "volume_snapshot" (1) {
        uuid, name, description, volume_uuid, tree_uuid, parent_uuid, primary_storage_uuid, install_path, volume_type,
        format, latest, size, distance, status, create_date, last_op_date,
    }
    VmNic in "vm_nic" (1) {
        uuid, vm_instance_uuid, device_id, l3_network_uuid, mac, internal_name, driver_type, create_date,
        last_op_date,
    }
    UsedIp in "used_ip" (1) {
        uuid, vm_nic_uuid, ip_range_uuid, l3_network_uuid, ip, netmask, gateway, create_date, last_op_date,
    }
    CdRom in "cd_rom" (1) {
        uuid, vm_instance_uuid, device_id, name, description, iso_uuid, iso_install_path, protocol, create_date,
        last_op_date,
    }
}

/// The name of the table with the revisions of an aggregate.
pub(super) fn aggregate_table(aggregate: Aggregate) -> &'static str {
    match aggregate {
        Aggregate::Account => Account::NAME,
        Aggregate::Image => ImageInfo::NAME,
        Aggregate::Vm => VmInstance::NAME,
    }
}
