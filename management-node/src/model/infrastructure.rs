//! Zones, clusters, hosts, networks and instance offerings.

use serde::{Deserialize, Serialize};

use super::{Moment, Uuid, words};

words! {
    /// The hypervisor of a cluster.
    Hypervisor is "hypervisor type" {
        /// KVM.
        Kvm = "KVM",
        /// A simulation without a hypervisor.
        Simulator = "Simulator",
        /// None: machines without virtualization.
        Baremetal = "baremetal",
        /// None, in the second generation.
        Baremetal2 = "baremetal2",
        /// Dragonfly.
        Xdragon = "xdragon",
    }
}

words! {
    /// The connection of the management node to a host or storage.
    Connection is "connection status" {
        /// Being established.
        Connecting = "Connecting",
        /// Established.
        Connected = "Connected",
        /// Lost.
        Disconnected = "Disconnected",
    }
}

words! {
    /// The administrative state of a resource.
    Enabled is "state" {
        /// May be used.
        Enabled = "Enabled",
        /// May not be used.
        Disabled = "Disabled",
    }
}

words! {
    /// A processor architecture.
    Architecture is "processor architecture" {
        /// Intel and AMD, 64 bits.
        X86_64 = "x86_64",
        /// Arm, 64 bits.
        Aarch64 = "aarch64",
        /// MIPS, 64 bits, little-endian.
        Mips64el = "mips64el",
        /// LoongArch, 64 bits.
        Loongarch64 = "loongarch64",
    }
}

/// The architecture of a cluster without one, which gets that of its first host.
impl Default for Architecture {
    fn default() -> Self {
        Self::X86_64
    }
}

/// A zone, such as a data center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Zone {
    /// The UUID.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A cluster: hosts of one kind in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// The UUID.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The UUID of its zone.
    pub zone_uuid: Uuid,
    /// The hypervisor of its hosts.
    pub hypervisor_type: Hypervisor,
    /// The processor architecture of its hosts.
    #[serde(default)]
    pub architecture: Architecture,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A host, which runs VM instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Host {
    /// The UUID.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The UUID of its cluster.
    pub cluster_uuid: Uuid,
    /// The address for management connections.
    pub management_ip: String,
    /// The connection status.
    pub status: Connection,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A network for VM instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct L3Network {
    /// The UUID.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The UUID of its zone.
    pub zone_uuid: Uuid,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A range of addresses of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IpRange {
    /// The UUID.
    pub uuid: Uuid,
    /// The UUID of the network.
    pub l3_network_uuid: Uuid,
    /// The addresses as a CIDR, such as `192.168.1.0/24`.
    pub network_cidr: String,
    /// The address of the gateway.
    pub gateway: Option<String>,
    /// The first address, if the range does not have all addresses of the CIDR.
    pub start_ip: Option<String>,
    /// The last address.
    pub end_ip: Option<String>,
    /// `Normal`, or `AddressPool` for a range of which NICs get no addresses; by default `Normal`.
    pub ip_range_type: Option<String>,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

impl IpRange {
    /// True for a range whose addresses are only for VIPs.
    #[must_use]
    pub fn is_pool(&self) -> bool {
        self.ip_range_type.as_deref() == Some("AddressPool")
    }
}

/// An instance offering: a template of the size of VM instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceOffering {
    /// The UUID.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The number of processors.
    pub cpu_num: i32,
    /// The size of the memory in bytes.
    pub memory_size: i64,
    /// The strategy for the choice of a host.
    pub allocator_strategy: String,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

words! {
    /// The operating system of a guest.
    Platform is "platform" {
        /// Linux.
        Linux = "Linux",
        /// Windows.
        Windows = "Windows",
        /// Windows with virtio drivers.
        WindowsVirtio = "WindowsVirtio",
        /// Another system.
        Other = "Other",
        /// Another system with virtio drivers.
        Paravirtualization = "Paravirtualization",
    }
}
