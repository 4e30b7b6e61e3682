//! Primary storages for volumes, and backup storages for images.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Connection, Moment, Uuid, Word};

zstack_node::words! {
    /// The type of a primary storage.
    PrimaryStorageKind is "primary storage type" {
        /// Disks of the hosts.
        LocalStorage = "LocalStorage",
        /// An NFS server.
        Nfs = "NFS",
        /// A folder that all hosts mount.
        SharedMountPoint = "SharedMountPoint",
        /// A Ceph cluster.
        Ceph = "Ceph",
        /// Block devices that all hosts share.
        SharedBlock = "SharedBlock",
        /// Volumes of a storage that a driver connects.
        External = "Addon",
        /// Block volumes of a cloud provider.
        AliyunEbs = "AliyunEBS",
        /// The disks of a pair of hosts.
        Mini = "MiniStorage",
        /// A data store of vCenter.
        VCenter = "VCenter",
        /// A simulation without a storage.
        Simulator = "SimulatorPrimaryStorage",
    }
}

zstack_node::words! {
    /// The type of a backup storage.
    BackupStorageKind is "backup storage type" {
        /// A folder on an SFTP server.
        Sftp = "SftpBackupStorage",
        /// The platform's own image store.
        ImageStore = "ImageStoreBackupStorage",
        /// A Ceph cluster.
        Ceph = "Ceph",
        /// A storage of a cloud provider.
        AliyunEbs = "AliyunEBS",
        /// A data store of vCenter.
        VCenter = "VCenter",
        /// A storage that a driver connects.
        External = "Addon",
        /// A simulation without a storage.
        Simulator = "SimulatorBackupStorage",
    }
}

/// The type of a storage whose type no rule knows.
trait Other: Word {
    const OTHER: Self;
}

impl Other for PrimaryStorageKind {
    const OTHER: Self = Self::External;
}

impl Other for BackupStorageKind {
    const OTHER: Self = Self::External;
}

fn other<K: Other>() -> K {
    K::OTHER
}

/// Reads a type. Callers may add storages of any type.
fn read_kind<'de, D: Deserializer<'de>, K: Other>(deserializer: D) -> Result<K, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(K::read(&text).unwrap_or(K::OTHER))
}

/// A primary storage, which stores volumes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PrimaryStorage {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The UUID of its zone.
    pub(crate) zone_uuid: Uuid,
    /// The type.
    #[serde(rename = "type", default = "other", deserialize_with = "read_kind")]
    pub(crate) kind: PrimaryStorageKind,
    /// The URL, with which install paths begin.
    #[serde(default)]
    pub(crate) url: String,
    /// The ID of the Ceph cluster.
    pub(crate) fsid: Option<String>,
    /// The connection status.
    pub(crate) status: Connection,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// The attachment of a primary storage to a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PrimaryStorageCluster {
    /// The UUID of the storage.
    pub(crate) primary_storage_uuid: Uuid,
    /// The UUID of the cluster.
    pub(crate) cluster_uuid: Uuid,
}

/// A backup storage, which stores images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupStorage {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The type.
    #[serde(rename = "type", default = "other", deserialize_with = "read_kind")]
    pub(crate) kind: BackupStorageKind,
    /// The URL, with which install paths begin.
    #[serde(default)]
    pub(crate) url: String,
    /// The ID of the Ceph cluster.
    pub(crate) fsid: Option<String>,
    /// The connection status.
    pub(crate) status: Connection,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A backup storage with the zones to which it is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttachedBackupStorage {
    /// The record of the storage.
    pub(crate) storage: BackupStorage,
    /// The UUIDs of the zones.
    pub(crate) zone_uuids: Vec<Uuid>,
}
