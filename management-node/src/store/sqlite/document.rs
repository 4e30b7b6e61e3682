//! Documents: one for each record, with the fields of its inventory and private ones.
//!
//! The statements that name columns read views of the documents; their names are in the migrations.

use rusqlite::types::ToSql;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::links::{json, link, set_link};
use super::parts;
use crate::model::{
    AccessKey, Account, BackupStorage, CdRom, Cluster, Entity, Host, ImageCache, ImageInfo, InstanceOffering,
    IpRange, L3Network, PrimaryStorage, UsedIp, Uuid, VmInstance, VmNic, Volume, VolumeSnapshot, Zone,
};
use crate::uuids;

/// A record that is a document.
pub(super) trait Document: Serialize + DeserializeOwned {
    /// The resource, such as `VmNic`.
    const KIND: &'static str;

    /// The view of the documents of this kind.
    const VIEW: &'static str;

    /// Fields that the record lacks, since they are the same in all documents.
    const CONSTANT: &'static str;

    /// True if references of the document change.
    const HAS_CHANGING_LINKS: bool;

    /// The UUID of the document.
    fn uuid(&self) -> Uuid;

    /// The references that must not dangle: fields with their values.
    fn links(&self) -> Vec<(&'static str, Option<&Uuid>)>;

    /// Reads a record from the column `body`, the first one of a row.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
        })
    }

    fn insert(&self, connection: &Connection) -> rusqlite::Result<()> {
        let uuid = self.uuid();
        let sql = "INSERT INTO document (uuid, kind, base, body) VALUES (?1, ?2, ?2, json_patch(?3, ?4))";
        let values = params![uuid, Self::KIND, Self::CONSTANT, json(self)?];
        connection.prepare_cached(sql)?.execute(values)?;
        for (field, target) in self.links() {
            if let Some(target) = target {
                link(connection, &uuid, field, target)?;
            }
        }
        Ok(())
    }

    /// Changes the fields of a document that the record has. Returns false if it does not exist.
    fn update(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let uuid = self.uuid();
        // A field that is null is removed.
        let sql = "UPDATE document SET body = json_patch(body, ?2) WHERE uuid = ?1";
        let count = connection.prepare_cached(sql)?.execute(params![uuid, json(self)?])?;
        if Self::HAS_CHANGING_LINKS && count > 0 {
            for (field, target) in self.links() {
                set_link(connection, &uuid, field, target)?;
            }
        }
        Ok(count > 0)
    }

    /// Prepares a statement that selects the records with a condition, which may end with an order.
    fn prepare<'a>(connection: &'a Connection, condition: &str) -> rusqlite::Result<CachedStatement<'a>> {
        connection.prepare_cached(&format!("SELECT body FROM {} WHERE {condition}", Self::VIEW))
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

/// Deletes a document. Returns false if it does not exist.
pub(super) fn delete_document(connection: &Connection, uuid: &str) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("DELETE FROM document WHERE uuid = ?1")?;
    statement.execute([uuid]).map(|count| count > 0)
}

/// Returns true if a resource has this UUID. Sessions are not included, as their UUIDs are secrets.
pub(super) fn has_uuid(connection: &Connection, uuid: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM document WHERE uuid = ?1")?.exists([uuid])
}

macro_rules! documents {
    (@changing changing) => { true };
    (@changing) => { false };
    (@uuid $record:ident) => { $record.uuid.clone() };
    (@uuid $record:ident $uuid:expr) => { $uuid };
    (@optional $record:ident.$field:ident) => { Some(&$record.$field) };
    (@optional $record:ident.$field:ident optional) => { $record.$field.as_ref() };
    ($(
        $name:ident = $kind:literal in $view:literal $($changing:ident)?
        { $($field:ident: $label:literal $($optional:ident)?),* } $constant:literal $(, uuid = |$at:ident| $uuid:expr)?;
    )+) => {
        $(impl Document for $name {
            const KIND: &'static str = $kind;
            const VIEW: &'static str = $view;
            const CONSTANT: &'static str = $constant;
            const HAS_CHANGING_LINKS: bool = documents!(@changing $($changing)?);

            fn uuid(&self) -> Uuid {
                $(let $at = self;)?
                documents!(@uuid self $($uuid)?)
            }

            fn links(&self) -> Vec<(&'static str, Option<&Uuid>)> {
                vec![$(($label, documents!(@optional self.$field $($optional)?))),*]
            }
        })+

        /// Inserts a record.
        pub(super) fn insert(connection: &Connection, entity: &Entity) -> rusqlite::Result<()> {
            match entity {
                $(Entity::$name(record) => record.insert(connection),)+
                Entity::Session(session) => parts::insert_session(connection, session),
                Entity::PrimaryStorageCluster(part) => parts::attach_primary_storage(connection, part),
                Entity::BackupStorageZone(part) => parts::attach_backup_storage(connection, part),
                Entity::BackupStorageRef(part) => parts::insert_image_copy(connection, part),
            }
        }

        /// Replaces a record. Returns false if it does not exist, or if it never changes.
        pub(super) fn update(connection: &Connection, entity: &Entity) -> rusqlite::Result<bool> {
            match entity {
                $(Entity::$name(record) => record.update(connection),)+
                // The others consist of keys, or change in other ways.
                _ => Ok(false),
            }
        }

        /// Deletes a record. Returns false if it does not exist.
        pub(super) fn delete(connection: &Connection, entity: &Entity) -> rusqlite::Result<bool> {
            match entity {
                $(Entity::$name(record) => delete_document(connection, &record.uuid()),)+
                Entity::PrimaryStorageCluster(part) => parts::detach_primary_storage(connection, part),
                Entity::BackupStorageZone(part) => parts::detach_backup_storage(connection, part),
                // They are deleted by edits of their own.
                Entity::Session(_) | Entity::BackupStorageRef(_) => Ok(false),
            }
        }
    };
}

documents! {
    AccessKey = "AccessKey" in "access_key" { account_uuid: "accountUuid" } "{}";
    Account = "Account" in "account" {} "{}";
    Zone = "Zone" in "zone" {} r#"{"state": "Enabled", "type": "zstack"}"#;
    Cluster = "Cluster" in "cluster" { zone_uuid: "zoneUuid" } r#"{"state": "Enabled", "type": "zstack"}"#;
    Host = "Host" in "host" { cluster_uuid: "clusterUuid" } r#"{"state": "Enabled"}"#;
    PrimaryStorage = "PrimaryStorage" in "primary_storage" { zone_uuid: "zoneUuid" } r#"{"state": "Enabled"}"#;
    BackupStorage = "BackupStorage" in "backup_storage" {} r#"{"state": "Enabled"}"#;
    L3Network = "L3Network" in "l3_network" { zone_uuid: "zoneUuid" }
        r#"{"state": "Enabled", "type": "L3BasicNetwork", "category": "Private", "system": false, "ipVersion": 4}"#;
    IpRange = "IpRange" in "ip_range" { l3_network_uuid: "l3NetworkUuid" } "{}";
    InstanceOffering = "InstanceOffering" in "instance_offering" {}
        r#"{"state": "Enabled", "type": "UserVm", "cpuSpeed": 0, "sortKey": 0}"#;
    ImageInfo = "Image" in "image" { account_uuid: "_account" } r#"{"type": "zstack"}"#;
    ImageCache = "ImageCache" in "image_cache" { primary_storage_uuid: "primaryStorageUuid" } "{}",
        uuid = |copy| uuids::from_name(&format!("{}/{}", copy.image_uuid, copy.primary_storage_uuid));
    VmInstance = "VmInstance" in "vm_instance" changing {
        account_uuid: "_account", zone_uuid: "zoneUuid", cluster_uuid: "clusterUuid", host_uuid: "hostUuid" optional,
        last_host_uuid: "lastHostUuid" optional, instance_offering_uuid: "instanceOfferingUuid" optional,
        default_l3_network_uuid: "defaultL3NetworkUuid" optional
    } r#"{"type": "UserVm", "cpuSpeed": 0}"#;
    Volume = "Volume" in "volume" changing {
        account_uuid: "_account", primary_storage_uuid: "primaryStorageUuid", vm_instance_uuid: "vmInstanceUuid" optional
    } "{}";
    VolumeSnapshot = "VolumeSnapshot" in "volume_snapshot" {
        account_uuid: "_account" optional, volume_uuid: "volumeUuid", parent_uuid: "parentUuid" optional,
        primary_storage_uuid: "primaryStorageUuid"
    } r#"{"state": "Enabled", "type": "Hypervisor"}"#;
    VmNic = "VmNic" in "vm_nic" { vm_instance_uuid: "vmInstanceUuid", l3_network_uuid: "l3NetworkUuid" }
        r#"{"type": "VNIC", "state": "enable"}"#;
    UsedIp = "UsedIp" in "used_ip" {
        vm_nic_uuid: "vmNicUuid", ip_range_uuid: "ipRangeUuid", l3_network_uuid: "l3NetworkUuid"
    } "{}";
    CdRom = "VmCdRom" in "cd_rom" { vm_instance_uuid: "vmInstanceUuid" } "{}";
}
