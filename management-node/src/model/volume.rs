//! Volumes and their snapshots.

use super::{Enabled, ImageFormat, Moment, Uuid, words};

words! {
    /// What a volume is for.
    VolumeKind is "type of volume" {
        /// It holds the operating system.
        Root = "Root",
        /// It holds data.
        Data = "Data",
        /// A saved memory image.
        Memory = "Memory",
        /// A cache.
        Cache = "Cache",
    }
}

words! {
    /// How a volume is written.
    VolumeFormat is "volume format" {
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

words! {
    /// How far a volume is.
    VolumeStatus is "volume status" {
        /// Being created.
        Creating = "Creating",
        /// Ready for use.
        Ready = "Ready",
        /// On record, but not created yet.
        NotInstantiated = "NotInstantiated",
        /// Deleted, but still on record.
        Deleted = "Deleted",
        /// Being moved.
        Migrating = "Migrating",
    }
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Who owns it.
    pub account_uuid: Uuid,
    /// The storage it lies on.
    pub primary_storage_uuid: Uuid,
    /// The VM instance it belongs to.
    pub vm_instance_uuid: Option<Uuid>,
    /// The image it was made from.
    pub root_image_uuid: Option<Uuid>,
    /// The file.
    pub install_path: String,
    /// What it is for.
    pub kind: VolumeKind,
    /// How it is written.
    pub format: VolumeFormat,
    /// Its size in bytes.
    pub size: i64,
    /// The size of the file in bytes.
    pub actual_size: i64,
    /// Its place in the VM instance.
    pub device_id: Option<i32>,
    /// Whether it may be used.
    pub state: Enabled,
    /// How far it is.
    pub status: VolumeStatus,
    /// Whether several VM instances may have it at a time.
    pub is_shareable: bool,
    /// When it was last attached.
    pub last_attach_date: Option<Moment>,
    /// When it was last detached.
    pub last_detach_date: Option<Moment>,
    /// The VM instance it belonged to last.
    pub last_vm_instance_uuid: Option<Uuid>,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// The format of a volume that is made of an image.
impl From<ImageFormat> for VolumeFormat {
    fn from(format: ImageFormat) -> Self {
        match format {
            // A root volume of a VM instance born from an ISO starts empty.
            ImageFormat::Iso | ImageFormat::Qcow2 => Self::Qcow2,
            ImageFormat::Raw => Self::Raw,
            ImageFormat::Vmtx => Self::Vmtx,
            ImageFormat::Vmdk => Self::Vmdk,
        }
    }
}

/// What a volume once was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeSnapshot {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The volume.
    pub volume_uuid: Uuid,
    /// The snapshots that build on each other.
    pub tree_uuid: Uuid,
    /// The snapshot it builds on.
    pub parent_uuid: Option<Uuid>,
    /// The storage it lies on.
    pub primary_storage_uuid: Uuid,
    /// The file.
    pub install_path: String,
    /// What the volume is for.
    pub volume_type: VolumeKind,
    /// How it is written.
    pub format: VolumeFormat,
    /// Whether it is the newest of its tree.
    pub latest: bool,
    /// Its size in bytes.
    pub size: i64,
    /// How many snapshots lie below it, itself included.
    pub distance: i32,
    /// How far it is.
    pub status: VolumeStatus,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}
