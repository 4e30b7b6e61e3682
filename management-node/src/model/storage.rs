//! Storages: primary ones hold volumes, backup storages hold images.

use super::{Connection, Moment, Uuid, words};

words! {
    /// What a primary storage is made of.
    PrimaryStorageKind is "type of primary storage" {
        /// Disks of the hosts.
        LocalStorage = "LocalStorage",
        /// An NFS server.
        Nfs = "NFS",
        /// A folder that all hosts mount.
        SharedMountPoint = "SharedMountPoint",
        /// A Ceph cluster.
        Ceph = "Ceph",
        /// Nothing; it is all pretence.
        Simulator = "SimulatorPrimaryStorage",
    }
}

words! {
    /// What a backup storage is made of.
    BackupStorageKind is "type of backup storage" {
        /// A folder on a machine that is reached with SFTP.
        Sftp = "SftpBackupStorage",
        /// The platform's own image store.
        ImageStore = "ImageStoreBackupStorage",
        /// A Ceph cluster.
        Ceph = "Ceph",
        /// Nothing; it is all pretence.
        Simulator = "SimulatorBackupStorage",
    }
}

/// A storage for volumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryStorage {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The zone it belongs to.
    pub zone_uuid: Uuid,
    /// What it is made of.
    pub kind: PrimaryStorageKind,
    /// Where it is: the folder that install paths begin with.
    pub url: String,
    /// The Ceph cluster it is part of.
    pub fsid: Option<String>,
    /// Whether it answers.
    pub status: Connection,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

impl PrimaryStorage {
    /// The file of an ISO that a guest has before its eyes.
    #[must_use]
    pub fn iso_path(&self, iso_uuid: &str) -> String {
        format!("{}/imagecache/iso/{iso_uuid}/{iso_uuid}.iso", self.url.trim_end_matches('/'))
    }
}

/// A primary storage serves a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryStorageCluster {
    /// The storage.
    pub primary_storage_uuid: Uuid,
    /// The cluster.
    pub cluster_uuid: Uuid,
}

/// A storage for images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupStorage {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub kind: BackupStorageKind,
    /// Where it is: the folder that install paths begin with.
    pub url: String,
    /// The Ceph cluster it is part of.
    pub fsid: Option<String>,
    /// Whether it answers.
    pub status: Connection,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A backup storage serves a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupStorageZone {
    /// The storage.
    pub backup_storage_uuid: Uuid,
    /// The zone.
    pub zone_uuid: Uuid,
}

/// A backup storage with the zones it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedBackupStorage {
    /// The storage.
    pub storage: BackupStorage,
    /// The zones.
    pub zone_uuids: Vec<Uuid>,
}
