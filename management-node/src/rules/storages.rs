//! The compatibility of backup storages with primary storages.

use crate::model::{
    AttachedBackupStorage, BackupStorage, BackupStorageKind, Connection, Image, ImageStatus, PrimaryStorage,
    PrimaryStorageKind,
};

/// All storages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storages {
    /// The primary storages.
    pub primary: Vec<PrimaryStorage>,
    /// The backup storages.
    pub backup: Vec<AttachedBackupStorage>,
}

impl Storages {
    /// The primary storage with this UUID.
    #[must_use]
    pub fn primary(&self, uuid: &str) -> Option<&PrimaryStorage> {
        self.primary.iter().find(|primary| primary.uuid == uuid)
    }

    /// The backup storages that have a copy of an image.
    pub fn with_image<'a>(&'a self, image: &'a Image) -> impl Iterator<Item = &'a AttachedBackupStorage> {
        let has_image = |backup: &&AttachedBackupStorage| {
            image.refs.iter().any(|copy| copy.backup_storage_uuid == backup.storage.uuid)
        };
        self.backup.iter().filter(has_image)
    }

    /// The connected backup storages in a zone from which an image can be read.
    pub fn connected_with_image<'a>(
        &'a self,
        image: &'a Image,
        zone_uuid: &'a str,
    ) -> impl Iterator<Item = &'a AttachedBackupStorage> {
        let is_source = move |backup: &&AttachedBackupStorage| {
            backup.storage.status == Connection::Connected
                && backup.zone_uuids.iter().any(|zone| zone == zone_uuid)
                && image.refs.iter().any(|copy| {
                    copy.backup_storage_uuid == backup.storage.uuid && copy.status != ImageStatus::Deleted
                })
        };
        self.backup.iter().filter(is_source)
    }
}

/// Returns true if images on `backup` can be copied to `primary`.
#[must_use]
pub fn is_compatible(backup: &BackupStorage, primary: &PrimaryStorage) -> bool {
    use PrimaryStorageKind::{Ceph, LocalStorage, Nfs, SharedBlock, SharedMountPoint, Simulator};
    match backup.kind {
        BackupStorageKind::Sftp => matches!(primary.kind, Nfs | SharedMountPoint | LocalStorage),
        BackupStorageKind::ImageStore => {
            matches!(primary.kind, Nfs | SharedMountPoint | LocalStorage | Ceph | SharedBlock)
        }
        // Ceph copies images internally, so both must be in the same Ceph cluster.
        BackupStorageKind::Ceph => {
            primary.kind == Ceph && backup.fsid.is_some() && backup.fsid == primary.fsid
        }
        BackupStorageKind::AliyunEbs => primary.kind == PrimaryStorageKind::AliyunEbs,
        BackupStorageKind::External => primary.kind == PrimaryStorageKind::External,
        BackupStorageKind::VCenter => primary.kind == PrimaryStorageKind::VCenter,
        BackupStorageKind::Simulator => primary.kind == Simulator,
    }
}
