//! Which backup storage works with which primary storage.

use crate::model::{
    AttachedBackupStorage, BackupStorage, BackupStorageKind, Connection, Image, ImageStatus, PrimaryStorage,
    PrimaryStorageKind,
};

/// All storages there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storages {
    /// For volumes.
    pub primary: Vec<PrimaryStorage>,
    /// For images.
    pub backup: Vec<AttachedBackupStorage>,
}

impl Storages {
    /// The primary storage of this identity.
    #[must_use]
    pub fn primary(&self, uuid: &str) -> Option<&PrimaryStorage> {
        self.primary.iter().find(|primary| primary.uuid == uuid)
    }

    /// The backup storages that an image has a ref on.
    pub fn holding<'a>(&'a self, image: &'a Image) -> impl Iterator<Item = &'a AttachedBackupStorage> {
        let holds = |it: &&AttachedBackupStorage| {
            image.refs.iter().any(|place| place.backup_storage_uuid == it.storage.uuid)
        };
        self.backup.iter().filter(holds)
    }

    /// The backup storages that can hand out an image in a zone now.
    pub fn supplying<'a>(
        &'a self,
        image: &'a Image,
        zone_uuid: &'a str,
    ) -> impl Iterator<Item = &'a AttachedBackupStorage> {
        let supplies = move |it: &&AttachedBackupStorage| {
            it.storage.status == Connection::Connected
                && it.zone_uuids.iter().any(|zone| zone == zone_uuid)
                && image.refs.iter().any(|place| {
                    place.backup_storage_uuid == it.storage.uuid && place.status != ImageStatus::Deleted
                })
        };
        self.backup.iter().filter(supplies)
    }
}

/// Whether images on `backup` can become volumes on `primary`.
#[must_use]
pub fn works_with(backup: &BackupStorage, primary: &PrimaryStorage) -> bool {
    use PrimaryStorageKind::{Ceph, LocalStorage, Nfs, SharedMountPoint, Simulator};
    match backup.kind {
        BackupStorageKind::Sftp => matches!(primary.kind, Nfs | SharedMountPoint | LocalStorage),
        BackupStorageKind::ImageStore => matches!(primary.kind, Nfs | SharedMountPoint | LocalStorage | Ceph),
        // Ceph copies within itself: both must be parts of one cluster.
        BackupStorageKind::Ceph => {
            primary.kind == Ceph && backup.fsid.is_some() && backup.fsid == primary.fsid
        }
        BackupStorageKind::Simulator => primary.kind == Simulator,
    }
}
