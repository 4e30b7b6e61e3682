//! Zones, clusters, hosts, networks and instance offerings.

use serde::{Deserialize, Serialize};

use super::{Moment, Uuid};

zstack_node::words! {
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

zstack_node::words! {
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

zstack_node::words! {
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
pub(crate) struct Zone {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A cluster: hosts of one kind in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cluster {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The UUID of its zone.
    pub(crate) zone_uuid: Uuid,
    /// The hypervisor of its hosts.
    pub(crate) hypervisor_type: Hypervisor,
    /// The processor architecture of its hosts.
    #[serde(default)]
    pub(crate) architecture: Architecture,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A host, which runs VM instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Host {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The UUID of its cluster.
    pub(crate) cluster_uuid: Uuid,
    /// The address for management connections.
    pub(crate) management_ip: String,
    /// The connection status.
    pub(crate) status: Connection,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

/// A network for VM instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct L3Network {
    /// The UUID.
    pub(crate) uuid: Uuid,
    /// The name.
    pub(crate) name: String,
    /// The UUID of its zone.
    pub(crate) zone_uuid: Uuid,
    /// The time of creation.
    pub(crate) create_date: Moment,
    /// The time of the last change.
    pub(crate) last_op_date: Moment,
}

zstack_node::words! {
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
