//! Where VM instances run, and what they are made from: zones, clusters,
//! hosts, networks, offerings.

use super::{Moment, Uuid, words};

words! {
    /// What runs the VM instances of a cluster.
    Hypervisor is "hypervisor type" {
        /// KVM.
        Kvm = "KVM",
        /// Nothing does; it is all pretence.
        Simulator = "Simulator",
    }
}

words! {
    /// Whether a part of the platform answers.
    Connection is "connection status" {
        /// Being connected.
        Connecting = "Connecting",
        /// It answers.
        Connected = "Connected",
        /// It does not answer.
        Disconnected = "Disconnected",
    }
}

words! {
    /// Whether something may be used.
    Enabled is "state" {
        /// It may.
        Enabled = "Enabled",
        /// It may not.
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

/// A data centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// Hosts of one kind within a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The zone it belongs to.
    pub zone_uuid: Uuid,
    /// What runs its VM instances.
    pub hypervisor_type: Hypervisor,
    /// The processors of its hosts.
    pub architecture: Architecture,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A machine that runs VM instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The cluster it belongs to.
    pub cluster_uuid: Uuid,
    /// Where it is reached.
    pub management_ip: String,
    /// Whether it answers.
    pub status: Connection,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A network that VM instances are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct L3Network {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The zone it belongs to.
    pub zone_uuid: Uuid,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// Addresses of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpRange {
    /// Its identity.
    pub uuid: Uuid,
    /// The network.
    pub l3_network_uuid: Uuid,
    /// Its addresses: `192.168.1.0/24`.
    pub network_cidr: String,
    /// The way out.
    pub gateway: Option<String>,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A size that VM instances are created in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceOffering {
    /// Its identity.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// How many processors.
    pub cpu_num: i32,
    /// How many bytes of memory.
    pub memory_size: i64,
    /// How a host is chosen.
    pub allocator_strategy: String,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

words! {
    /// The system a guest runs.
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

impl Platform {
    /// Whether its name says that it has virtio drivers.
    #[must_use]
    pub fn has_virtio(self) -> bool {
        matches!(self, Self::WindowsVirtio | Self::Paravirtualization)
    }
}
