//! Images: templates of volumes, and ISO images for CD-ROM drives.

use serde::{Deserialize, Serialize};

use super::{Architecture, Enabled, Moment, Platform, Uuid, words};

words! {
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

words! {
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

words! {
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
pub struct ImageInfo {
    /// The UUID.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// The UUID of the account that owns it.
    #[serde(rename = "_account")]
    pub account_uuid: Uuid,
    /// True if every account may use it.
    #[serde(rename = "_shared")]
    pub shared: bool,
    /// The purpose.
    pub media_type: MediaType,
    /// The format of the file.
    pub format: ImageFormat,
    /// The platform of its operating system.
    pub platform: Platform,
    /// The processor architecture that it requires.
    pub architecture: Architecture,
    /// The type of its operating system, such as `CentOS`.
    pub guest_os_type: Option<String>,
    /// The virtual size in bytes: that of a volume created from it.
    pub size: i64,
    /// The size of the file in bytes.
    pub actual_size: i64,
    /// The MD5 of the file.
    #[serde(rename = "md5Sum")]
    pub md5_sum: Option<String>,
    /// The administrative state.
    pub state: Enabled,
    /// The status.
    pub status: ImageStatus,
    /// The URL of its source.
    pub url: Option<String>,
    /// True for images of the platform's own VM instances.
    pub system: bool,
    /// True if its operating system has virtio drivers.
    pub virtio: bool,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A copy of an image on a backup storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupStorageRef {
    /// The UUID of the image.
    pub image_uuid: Uuid,
    /// The UUID of the backup storage.
    pub backup_storage_uuid: Uuid,
    /// The path of the file.
    pub install_path: String,
    /// The status of this copy.
    pub status: ImageStatus,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A copy of an image on a primary storage, as the base of volumes. It outlives
/// the image, so it repeats some of its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageCache {
    /// The UUID of the image.
    pub image_uuid: Uuid,
    /// The UUID of the primary storage.
    pub primary_storage_uuid: Uuid,
    /// The purpose of the image.
    pub media_type: MediaType,
    /// The virtual size of the image in bytes.
    pub size: i64,
    /// The size of the file in bytes.
    pub actual_size: i64,
    /// The path of the file.
    pub install_path: String,
    /// The time of creation.
    pub create_date: Moment,
}

/// An image with its copies on backup storages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The loaded revision.
    pub revision: i64,
    /// The record of the image.
    pub info: ImageInfo,
    /// The copies.
    pub refs: Vec<BackupStorageRef>,
}
