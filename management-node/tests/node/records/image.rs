//! Images: templates of volumes, and ISO images for CD-ROM drives.

use serde::{Deserialize, Serialize};

use super::{Architecture, Enabled, Moment, Platform, Uuid};

zstack_node::words! {
    /// The purpose of an image.
    MediaType is "media type" {
        /// A template of root volumes.
        RootVolumeTemplate = "RootVolumeTemplate",
        /// A template of data volumes.
        DataVolumeTemplate = "DataVolumeTemplate",
        /// An ISO image for CD-ROM drives.
        Iso = "ISO",
    }
}

zstack_node::words! {
    /// The status of an image, as a whole or on one backup storage.
    ImageStatus is "image status" {
        /// Being created.
        Creating = "Creating",
        /// Being downloaded.
        Downloading = "Downloading",
        /// Ready for use.
        Ready = "Ready",
        /// Creation or download failed.
        Error = "Error",
        /// Deleted, but not expunged.
        Deleted = "Deleted",
        /// Being moved.
        Migrating = "Migrating",
    }
}

zstack_node::words! {
    /// The format of an image file.
    ImageFormat is "image format" {
        /// An ISO 9660 image.
        Iso = "iso",
        /// QEMU copy-on-write, version 2.
        Qcow2 = "qcow2",
        /// Raw bytes.
        Raw = "raw",
        /// A VMware template.
        Vmtx = "vmtx",
        /// A VMware disk.
        Vmdk = "vmdk",
    }
}

/// The record of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageInfo {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The description.
    pub(crate) description: Option<String>,
    /// The UUID of the account that owns it.
    #[serde(rename = "_account")]
    pub(crate) account_uuid: Uuid,
    /// True if every account may use it.
    #[serde(rename = "_shared")]
    pub(crate) shared: bool,
    /// The purpose.
    pub(crate) media_type: MediaType,
    /// The format of the file.
    pub(crate) format: ImageFormat,
    /// The platform of its operating system.
    pub(crate) platform: Platform,
    /// The processor architecture that it requires.
    pub(crate) architecture: Architecture,
    /// The type of its operating system, such as `CentOS`.
    pub(crate) guest_os_type: Option<String>,
    /// The virtual size in bytes: that of a volume created from it.
    pub(crate) size: i64,
    /// The size of the file in bytes.
    pub(crate) actual_size: i64,
    /// The MD5 of the file.
    #[serde(rename = "md5Sum")]
    pub(crate) md5_sum: Option<String>,
    /// The administrative state.
    pub(crate) state: Enabled,
    /// The status.
    pub(crate) status: ImageStatus,
    /// The URL of its source.
    pub(crate) url: Option<String>,
    /// True for images of the platform's own VM instances.
    pub(crate) system: bool,
    /// True if its operating system has virtio drivers.
    pub(crate) virtio: bool,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A copy of an image on a backup storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupStorageRef {
    /// The UUID of the image.
    pub(crate) image_uuid: Uuid,
    /// The UUID of the backup storage.
    pub(crate) backup_storage_uuid: Uuid,
    /// The path of the file.
    pub(crate) install_path: String,
    /// The status of this copy.
    pub(crate) status: ImageStatus,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A copy of an image on a primary storage, as the base of volumes. It outlives
/// the image, so it repeats some of its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageCache {
    /// The UUID of the image.
    pub(crate) image_uuid: Uuid,
    /// The UUID of the primary storage.
    pub(crate) primary_storage_uuid: Uuid,
    /// The purpose of the image.
    pub(crate) media_type: MediaType,
    /// The virtual size of the image in bytes.
    pub(crate) size: i64,
    /// The size of the file in bytes.
    pub(crate) actual_size: i64,
    /// The path of the file.
    pub(crate) install_path: String,
    /// The time of creation.
    pub(crate) create_date: Moment,
}

/// An image with its copies on backup storages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// The loaded revision.
    pub(crate) revision: i64,
    /// The record of the image.
    pub(crate) info: ImageInfo,
    /// The copies.
    pub(crate) refs: Vec<BackupStorageRef>,
}
