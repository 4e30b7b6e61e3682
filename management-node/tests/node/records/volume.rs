//! Volumes and their snapshots.

use serde::{Deserialize, Serialize};

use super::{Enabled, Moment, Uuid};

zstack_node::words! {
    /// The type of a volume.
    VolumeKind is "volume type" {
        /// A volume with the operating system.
        Root = "Root",
        /// A volume with data.
        Data = "Data",
        /// A saved memory image.
        Memory = "Memory",
        /// A cache.
        Cache = "Cache",
    }
}

zstack_node::words! {
    /// The format of a volume.
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

zstack_node::words! {
    /// The status of a volume.
    VolumeStatus is "volume status" {
        /// Being created.
        Creating = "Creating",
        /// Ready for use.
        Ready = "Ready",
        /// Recorded, but not yet created on a storage.
        NotInstantiated = "NotInstantiated",
        /// Deleted, but not expunged.
        Deleted = "Deleted",
        /// Being moved.
        Migrating = "Migrating",
    }
}

/// A volume: a disk of a VM instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Volume {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The description.
    pub(crate) description: Option<String>,
    /// The UUID of the account that owns it.
    #[serde(rename = "_account")]
    pub(crate) account_uuid: Uuid,
    /// The UUID of the primary storage.
    pub(crate) primary_storage_uuid: Uuid,
    /// The UUID of the VM instance to which it is attached.
    pub(crate) vm_instance_uuid: Option<Uuid>,
    /// The UUID of the image from which it was created.
    pub(crate) root_image_uuid: Option<Uuid>,
    /// The path of the file.
    pub(crate) install_path: String,
    /// The type.
    #[serde(rename = "type")]
    pub(crate) kind: VolumeKind,
    /// The format.
    pub(crate) format: VolumeFormat,
    /// The size in bytes.
    pub(crate) size: i64,
    /// The size of the file in bytes.
    pub(crate) actual_size: i64,
    /// The device ID, unique within the VM instance.
    pub(crate) device_id: Option<i32>,
    /// The administrative state.
    pub(crate) state: Enabled,
    /// The status.
    pub(crate) status: VolumeStatus,
    /// True if several VM instances can use it at the same time.
    pub(crate) is_shareable: bool,
    /// The time of the last attachment.
    pub(crate) last_attach_date: Option<Moment>,
    /// The time of the last detachment.
    pub(crate) last_detach_date: Option<Moment>,
    /// The UUID of the VM instance to which it was last attached.
    pub(crate) last_vm_instance_uuid: Option<Uuid>,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A snapshot of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VolumeSnapshot {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The description.
    pub(crate) description: Option<String>,
    /// The UUID of the account that owns it.
    #[serde(rename = "_account")]
    pub(crate) account_uuid: Option<Uuid>,
    /// The UUID of the volume.
    pub(crate) volume_uuid: Uuid,
    /// The UUID of the tree of snapshots to which it belongs.
    pub(crate) tree_uuid: Uuid,
    /// The UUID of the snapshot on which it is based.
    pub(crate) parent_uuid: Option<Uuid>,
    /// The UUID of the primary storage.
    pub(crate) primary_storage_uuid: Uuid,
    /// The path of the file.
    #[serde(rename = "primaryStorageInstallPath")]
    pub(crate) install_path: String,
    /// The type of the volume.
    pub(crate) volume_type: VolumeKind,
    /// The format.
    pub(crate) format: VolumeFormat,
    /// True for the newest snapshot of its tree.
    pub(crate) latest: bool,
    /// The size in bytes.
    pub(crate) size: i64,
    /// The number of snapshots from the root of the tree to this one.
    pub(crate) distance: i32,
    /// The status.
    pub(crate) status: VolumeStatus,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}
