//! VM instances and what is in them.

use std::net::{IpAddr, Ipv4Addr};

use super::{
    Architecture, Enabled, Hypervisor, ImageInfo, MediaType, Moment, Platform, PrimaryStorage, Uuid, Volume,
    VolumeFormat, VolumeKind, VolumeStatus, words,
};
use crate::addresses::Range;
use crate::uuids;

words! {
    /// What a VM instance is doing.
    VmState is "VM state" {
        /// On record, but without volumes until its first start.
        Created = "Created",
        /// Being started.
        Starting = "Starting",
        /// Running on a host.
        Running = "Running",
        /// Being stopped.
        Stopping = "Stopping",
        /// Stopped; it has no host.
        Stopped = "Stopped",
        /// Being rebooted.
        Rebooting = "Rebooting",
        /// Being destroyed.
        Destroying = "Destroying",
        /// Destroyed, but still there to be recovered or expunged.
        Destroyed = "Destroyed",
        /// Being moved to another host.
        Migrating = "Migrating",
        /// Being removed for good.
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
        /// The platform cannot tell the state.
        Unknown = "Unknown",
        /// The guest has crashed.
        Crashed = "Crashed",
    }
}

impl VmState {
    /// Whether the guest is on a host in this state.
    #[must_use]
    pub fn is_on_host(self) -> bool {
        !matches!(
            self,
            Self::Created
                | Self::Stopped
                | Self::Destroyed
                | Self::Expunging
                | Self::VolumeMigrating
                | Self::VolumeRecovering
        )
    }
}

/// The record of a VM instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VmInstance {
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
    /// Its number: 1, 2, 3 …
    pub internal_id: i64,
    /// The zone it belongs to.
    pub zone_uuid: Uuid,
    /// The cluster it belongs to.
    pub cluster_uuid: Uuid,
    /// The host it is on.
    pub host_uuid: Option<Uuid>,
    /// The host it was on last.
    pub last_host_uuid: Option<Uuid>,
    /// The image it was created from.
    pub image_uuid: Option<Uuid>,
    /// The size it was created in.
    pub instance_offering_uuid: Option<Uuid>,
    /// The volume it boots from.
    pub root_volume_uuid: Option<Uuid>,
    /// The network of its default route.
    pub default_l3_network_uuid: Option<Uuid>,
    /// The system it runs.
    pub platform: Platform,
    /// The processor it has.
    pub architecture: Architecture,
    /// The system it runs, more precisely.
    pub guest_os_type: Option<String>,
    /// What runs it.
    pub hypervisor_type: Hypervisor,
    /// How many bytes of memory it has.
    pub memory_size: i64,
    /// How many processors it has.
    pub cpu_num: i32,
    /// How a host is chosen.
    pub allocator_strategy: Option<String>,
    /// What it is doing.
    pub state: VmState,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A network card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VmNic {
    /// Its identity.
    pub uuid: Uuid,
    /// The VM instance it is in.
    pub vm_instance_uuid: Uuid,
    /// Its place there.
    pub device_id: i32,
    /// The network it is on.
    pub l3_network_uuid: Uuid,
    /// Its hardware address.
    pub mac: String,
    /// What it is called on the host.
    pub internal_name: String,
    /// The device that the guest sees.
    pub driver_type: String,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// An address that a network card has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedIp {
    /// Its identity.
    pub uuid: Uuid,
    /// The network card.
    pub vm_nic_uuid: Uuid,
    /// The range it is from.
    pub ip_range_uuid: Uuid,
    /// The network it is on.
    pub l3_network_uuid: Uuid,
    /// The address.
    pub ip: String,
    /// The netmask.
    pub netmask: String,
    /// The way out.
    pub gateway: Option<String>,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

impl UsedIp {
    /// An address of a range, for a network card. Its identity is made from the
    /// network and the address: nobody else can have it.
    pub(crate) fn new(nic: &VmNic, range_uuid: &str, range: &Range, ip: IpAddr, at: Moment) -> Self {
        Self {
            uuid: uuids::named(&format!("{}/{ip}", nic.l3_network_uuid)),
            vm_nic_uuid: nic.uuid.clone(),
            ip_range_uuid: range_uuid.to_owned(),
            l3_network_uuid: nic.l3_network_uuid.clone(),
            ip: ip.to_string(),
            netmask: range.netmask(),
            gateway: range.gateway.clone(),
            create_date: at,
            last_op_date: at,
        }
    }

    /// An address of IP version 4 as a number; 0 for others.
    #[must_use]
    pub fn in_long(ip: &str) -> i64 {
        ip.parse::<Ipv4Addr>().map_or(0, |ip| i64::from(u32::from(ip)))
    }
}

/// A CD-ROM drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CdRom {
    /// Its identity.
    pub uuid: Uuid,
    /// The VM instance it is in.
    pub vm_instance_uuid: Uuid,
    /// Its place there: 0, 1 or 2.
    pub device_id: i32,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The ISO in it.
    pub iso_uuid: Option<Uuid>,
    /// The file of that ISO, where the guest has it before its eyes.
    pub iso_install_path: Option<String>,
    /// How that file is reached.
    pub protocol: Option<String>,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

impl CdRom {
    /// The ISO in it, if it is this one.
    #[must_use]
    pub fn holds(&self, iso_uuid: &str) -> bool {
        self.iso_uuid.as_deref() == Some(iso_uuid)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iso_uuid.is_none()
    }
}

/// A VM instance with everything in it: what changes as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vm {
    /// The revision that was loaded.
    pub revision: i64,
    /// The record.
    pub instance: VmInstance,
    /// Its network cards, by device ID.
    pub nics: Vec<VmNic>,
    /// The addresses of all its network cards.
    pub ips: Vec<UsedIp>,
    /// Its volumes, by device ID.
    pub volumes: Vec<Volume>,
    /// Its CD-ROM drives, by device ID.
    pub cd_roms: Vec<CdRom>,
}

impl Vm {
    /// The volume that it boots from.
    #[must_use]
    pub fn root_volume(&self) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.kind == VolumeKind::Root)
    }

    /// The drive of this identity.
    #[must_use]
    pub fn drive(&self, uuid: &str) -> Option<&CdRom> {
        self.cd_roms.iter().find(|cd_rom| cd_rom.uuid == uuid)
    }

    /// The drive that holds this ISO.
    #[must_use]
    pub fn drive_with(&self, iso_uuid: &str) -> Option<&CdRom> {
        self.cd_roms.iter().find(|cd_rom| cd_rom.holds(iso_uuid))
    }
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
        let template = image.filter(|image| image.media_type != MediaType::Iso);
        Self {
            description: Some(format!("Root volume for VM[uuid:{}]", vm.uuid)),
            root_image_uuid: image.map(|image| image.uuid.clone()),
            actual_size: template.map_or(size, |template| template.actual_size).min(size),
            format: image.map_or(VolumeFormat::Qcow2, |image| image.format.into()),
            device_id: Some(0),
            ..Self::new(vm, storage, uuid, name, VolumeKind::Root, size, at)
        }
    }
}
