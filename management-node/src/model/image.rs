//! Images: what root volumes are made from, and what goes into a drive.

use super::{Architecture, Enabled, Moment, Platform, PrimaryStorage, Uuid, words};

words! {
    /// What an image is for.
    MediaType is "media type" {
        /// Root volumes are copies of it.
        RootVolumeTemplate = "RootVolumeTemplate",
        /// Data volumes are copies of it.
        DataVolumeTemplate = "DataVolumeTemplate",
        /// It goes into a CD-ROM drive.
        Iso = "ISO",
    }
}

words! {
    /// How far an image is, as a whole or on one backup storage.
    ImageStatus is "image status" {
        /// Being created.
        Creating = "Creating",
        /// Being fetched.
        Downloading = "Downloading",
        /// Ready for use.
        Ready = "Ready",
        /// Creating or fetching it failed.
        Error = "Error",
        /// Deleted, but still on record.
        Deleted = "Deleted",
        /// Being moved.
        Migrating = "Migrating",
    }
}

words! {
    /// How an image file is written.
    ImageFormat is "image format" {
        /// A CD-ROM.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Who owns it.
    pub account_uuid: Uuid,
    /// Whether every account may use it.
    pub shared: bool,
    /// What it is for.
    pub media_type: MediaType,
    /// How the file is written.
    pub format: ImageFormat,
    /// The system it holds.
    pub platform: Platform,
    /// The processor it is for.
    pub architecture: Architecture,
    /// The system it holds, more precisely.
    pub guest_os_type: Option<String>,
    /// Its virtual size in bytes: that of a volume made from it.
    pub size: i64,
    /// The size of the file in bytes.
    pub actual_size: i64,
    /// Whether it may be used.
    pub state: Enabled,
    /// How far it is.
    pub status: ImageStatus,
    /// Where it was fetched from.
    pub url: Option<String>,
    /// Whether it is for the platform's own VM instances.
    pub system: bool,
    /// Whether the system in it has virtio drivers.
    pub virtio: bool,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// An image lies on a backup storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupStorageRef {
    /// The image.
    pub image_uuid: Uuid,
    /// The backup storage.
    pub backup_storage_uuid: Uuid,
    /// The file.
    pub install_path: String,
    /// How far it is there.
    pub status: ImageStatus,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A primary storage keeps a copy of an image, as the base of volumes. The
/// copy outlives the image, so it knows what is needed of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageCache {
    /// The image.
    pub image_uuid: Uuid,
    /// The primary storage.
    pub primary_storage_uuid: Uuid,
    /// What the image is for.
    pub media_type: MediaType,
    /// The virtual size of the image in bytes.
    pub size: i64,
    /// The size of the file in bytes.
    pub actual_size: i64,
    /// The file.
    pub install_path: String,
    /// When it was created.
    pub create_date: Moment,
}

impl ImageCache {
    /// A copy of an image.
    #[must_use]
    pub fn new(image: &ImageInfo, storage: &PrimaryStorage, at: Moment) -> Self {
        let (base, uuid) = (storage.url.trim_end_matches('/'), &image.uuid);
        let (folder, extension) = match image.media_type {
            MediaType::Iso => ("iso", "iso".to_owned()),
            _ => ("template", image.format.to_string()),
        };
        Self {
            image_uuid: image.uuid.clone(),
            primary_storage_uuid: storage.uuid.clone(),
            media_type: image.media_type,
            size: image.size,
            actual_size: image.actual_size,
            install_path: format!("{base}/imagecache/{folder}/{uuid}/{uuid}.{extension}"),
            create_date: at,
        }
    }
}

/// An image with the places where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The revision that was loaded.
    pub revision: i64,
    /// The record.
    pub info: ImageInfo,
    /// Where it lies.
    pub refs: Vec<BackupStorageRef>,
}
