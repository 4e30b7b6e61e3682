//! VM instances and their parts.

use serde::{Deserialize, Serialize};

use super::{Architecture, Hypervisor, Moment, Platform, Uuid, Volume, VolumeKind};

zstack_node::words! {
    /// The state of a VM instance.
    VmState is "VM state" {
        /// Created, but without volumes until its first start.
        Created = "Created",
        /// Being started.
        Starting = "Starting",
        /// Running on a host.
        Running = "Running",
        /// Being stopped.
        Stopping = "Stopping",
        /// Stopped, without a host.
        Stopped = "Stopped",
        /// Being rebooted.
        Rebooting = "Rebooting",
        /// Being destroyed.
        Destroying = "Destroying",
        /// Destroyed; it can be recovered or expunged.
        Destroyed = "Destroyed",
        /// Being moved to another host.
        Migrating = "Migrating",
        /// Being deleted irrevocably.
        Expunging = "Expunging",
        /// Being paused.
        Pausing = "Pausing",
        /// Paused on its host.
        Paused = "Paused",
        /// Being resumed from a pause.
        Resuming = "Resuming",
        /// Its volumes are being moved to another storage.
        VolumeMigrating = "VolumeMigrating",
        /// Its volumes are being recovered.
        VolumeRecovering = "VolumeRecovering",
        /// The hypervisor reports no state.
        NoState = "NoState",
        /// The platform cannot determine the state.
        Unknown = "Unknown",
        /// The guest has crashed.
        Crashed = "Crashed",
    }
}

/// The record of a VM instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VmInstance {
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
    /// The consecutive number: 1, 2, 3 …
    pub(crate) internal_id: i64,
    /// The UUID of its zone.
    pub(crate) zone_uuid: Uuid,
    /// The UUID of its cluster.
    pub(crate) cluster_uuid: Uuid,
    /// The UUID of the host that it is on.
    pub(crate) host_uuid: Option<Uuid>,
    /// The UUID of the host that it was on last.
    pub(crate) last_host_uuid: Option<Uuid>,
    /// The UUID of the image from which it was created.
    pub(crate) image_uuid: Option<Uuid>,
    /// The UUID of the instance offering from which it was created.
    pub(crate) instance_offering_uuid: Option<Uuid>,
    /// The UUID of the root volume.
    pub(crate) root_volume_uuid: Option<Uuid>,
    /// The UUID of the network of its default route.
    pub(crate) default_l3_network_uuid: Option<Uuid>,
    /// The platform of its operating system.
    pub(crate) platform: Platform,
    /// The processor architecture.
    pub(crate) architecture: Architecture,
    /// The type of its operating system, such as `CentOS`.
    pub(crate) guest_os_type: Option<String>,
    /// The hypervisor of its cluster.
    pub(crate) hypervisor_type: Hypervisor,
    /// The size of the memory in bytes.
    pub(crate) memory_size: i64,
    /// The number of processors.
    pub(crate) cpu_num: i32,
    /// The strategy for the choice of a host.
    pub(crate) allocator_strategy: Option<String>,
    /// The state.
    pub(crate) state: VmState,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A NIC of a VM instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VmNic {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The UUID of the VM instance.
    pub(crate) vm_instance_uuid: Uuid,
    /// The device ID, unique within the VM instance.
    pub(crate) device_id: i32,
    /// The UUID of the network.
    pub(crate) l3_network_uuid: Uuid,
    /// The MAC address.
    pub(crate) mac: String,
    /// The name of the device on the host.
    pub(crate) internal_name: String,
    /// The driver of the device, such as `virtio`.
    pub(crate) driver_type: String,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// An address of a NIC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedIp {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The UUID of the NIC.
    pub(crate) vm_nic_uuid: Uuid,
    /// The UUID of its range.
    pub(crate) ip_range_uuid: Uuid,
    /// The UUID of its network.
    pub(crate) l3_network_uuid: Uuid,
    /// The address.
    pub(crate) ip: String,
    /// The netmask.
    pub(crate) netmask: String,
    /// The address of the gateway.
    pub(crate) gateway: Option<String>,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A CD-ROM drive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CdRom {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The UUID of the VM instance.
    pub(crate) vm_instance_uuid: Uuid,
    /// The device ID: 0, 1 or 2.
    pub(crate) device_id: i32,
    /// The name.
    pub(crate) name: String,
    /// The description.
    pub(crate) description: Option<String>,
    /// The UUID of the attached ISO.
    pub(crate) iso_uuid: Option<Uuid>,
    /// The path of the file of the ISO, if the VM instance is on a host.
    pub(crate) iso_install_path: Option<String>,
    /// The protocol of access to the file.
    pub(crate) protocol: Option<String>,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

impl CdRom {
    /// Returns true if no ISO is attached.
    pub(crate) fn is_empty(&self) -> bool {
        self.iso_uuid.is_none()
    }
}

/// A VM instance with its parts, which change together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vm {
    /// The loaded revision.
    pub(crate) revision: i64,
    /// The record of the VM instance.
    pub(crate) instance: VmInstance,
    /// Its NICs, by device ID.
    pub(crate) nics: Vec<VmNic>,
    /// The addresses of its NICs.
    pub(crate) ips: Vec<UsedIp>,
    /// Its volumes, by device ID.
    pub(crate) volumes: Vec<Volume>,
    /// Its CD-ROM drives, by device ID.
    pub(crate) cd_roms: Vec<CdRom>,
}

impl Vm {
    /// The root volume.
    pub(crate) fn root_volume(&self) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.kind == VolumeKind::Root)
    }
}
