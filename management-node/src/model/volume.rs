//! Volumes and their snapshots.

use super::{Enabled, ImageInfo, MediaType, Moment, PrimaryStorage, Uuid, VmInstance, words};

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

impl Volume {
    /// One that is ready for use.
    #[must_use]
    pub fn new(
        vm: &VmInstance,
        storage: &PrimaryStorage,
        uuid: Uuid,
        name: String,
        kind: VolumeKind,
        size: i64,
        at: Moment,
    ) -> Self {
        let folder = if kind == VolumeKind::Root { "rootVolumes" } else { "dataVolumes" };
        let (base, account) = (storage.url.trim_end_matches('/'), &vm.account_uuid);
        Self {
            install_path: format!("{base}/{folder}/acct-{account}/vol-{uuid}/{uuid}.qcow2"),
            uuid,
            name,
            description: None,
            account_uuid: vm.account_uuid.clone(),
            primary_storage_uuid: storage.uuid.clone(),
            vm_instance_uuid: Some(vm.uuid.clone()),
            root_image_uuid: None,
            kind,
            format: VolumeFormat::Qcow2,
            size,
            actual_size: size,
            device_id: None,
            state: Enabled::Enabled,
            status: VolumeStatus::Ready,
            is_shareable: false,
            last_attach_date: None,
            last_detach_date: None,
            last_vm_instance_uuid: None,
            create_date: at,
            last_op_date: at,
        }
    }

    /// A root volume: a copy of the image, if that is a template.
    #[must_use]
    pub fn root(
        vm: &VmInstance,
        storage: &PrimaryStorage,
        uuid: Uuid,
        image: Option<&ImageInfo>,
        size: i64,
        at: Moment,
    ) -> Self {
        let name = format!("ROOT-for-{}", vm.name);
        let template = image.filter(|it| it.media_type != MediaType::Iso);
        Self {
            description: Some(format!("Root volume for VM[uuid:{}]", vm.uuid)),
            root_image_uuid: image.map(|it| it.uuid.clone()),
            actual_size: template.map_or(size, |it| it.actual_size).min(size),
            format: image.map_or(VolumeFormat::Qcow2, |it| it.format.of_volume()),
            device_id: Some(0),
            ..Self::new(vm, storage, uuid, name, VolumeKind::Root, size, at)
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
