//! From records to what goes over the wire. A field without a value is left
//! out; a list is always there, if empty.

use std::net::IpAddr;

use jiff::tz::TimeZone;
use zstack_runtime::Timestamp;
use zstack_types::types::{
    AccessKeyInventory, ImageBackupStorageRefInventory, ImageInventory, SessionInventory, UsedIpInventory,
    VmCdRomInventory, VmInstanceInventory, VmNicInventory, VolumeInventory,
};

use crate::model::{
    AccessKey, BackupStorageRef, CdRom, Hypervisor, Image, Moment, Session, UsedIp, Vm, VmNic, Volume, Word,
};

/// Writes times as clocks in a zone show them.
#[derive(Clone, Debug)]
pub(super) struct Inventories {
    pub(super) zone: TimeZone,
}

impl Inventories {
    fn time(&self, moment: Moment) -> Timestamp {
        Timestamp::from_instant(moment.instant(), &self.zone)
    }

    pub(super) fn vm(&self, vm: Vm) -> VmInstanceInventory {
        let Vm { instance: it, nics, mut ips, volumes, cd_roms, .. } = vm;
        let mut to = VmInstanceInventory::new(it.uuid, self.time(it.create_date), self.time(it.last_op_date));
        to.name = Some(it.name);
        to.description = it.description;
        to.zone_uuid = Some(it.zone_uuid);
        to.cluster_uuid = Some(it.cluster_uuid);
        to.image_uuid = it.image_uuid;
        to.host_uuid = it.host_uuid;
        to.last_host_uuid = it.last_host_uuid;
        to.instance_offering_uuid = it.instance_offering_uuid;
        to.root_volume_uuid = it.root_volume_uuid;
        to.platform = Some(it.platform.as_str().into());
        to.architecture = Some(it.architecture.as_str().into());
        to.guest_os_type = it.guest_os_type;
        to.default_l3_network_uuid = it.default_l3_network_uuid;
        to.r#type = Some("UserVm".to_owned());
        to.hypervisor_type = Some(it.hypervisor_type.to_string());
        to.memory_size = Some(it.memory_size);
        to.cpu_num = Some(it.cpu_num);
        to.cpu_speed = Some(0);
        to.allocator_strategy = it.allocator_strategy;
        to.state = Some(it.state.as_str().into());
        to.internal_id = Some(it.internal_id);
        ips.sort_by_key(|ip| version(&ip.ip));
        let mut nic = |nic: VmNic| {
            let theirs = ips.extract_if(.., |ip| ip.vm_nic_uuid == nic.uuid).collect();
            self.nic(nic, theirs, it.hypervisor_type)
        };
        to.vm_nics = Some(nics.into_iter().map(&mut nic).collect());
        to.all_volumes = Some(volumes.into_iter().map(|volume| self.volume(volume)).collect());
        to.vm_cd_roms = Some(cd_roms.into_iter().map(|cd_rom| self.cd_rom(cd_rom)).collect());
        to
    }

    fn nic(&self, it: VmNic, ips: Vec<UsedIp>, hypervisor: Hypervisor) -> VmNicInventory {
        let mut to = VmNicInventory::new(it.uuid, self.time(it.create_date), self.time(it.last_op_date));
        // What the network card shows of its addresses is the first of them.
        if let Some(first) = ips.first() {
            to.used_ip_uuid = Some(first.uuid.clone());
            to.ip = Some(first.ip.clone());
            to.netmask = Some(first.netmask.clone());
            to.gateway = first.gateway.clone();
            to.ip_version = Some(version(&first.ip));
        }
        to.vm_instance_uuid = Some(it.vm_instance_uuid);
        to.l3_network_uuid = Some(it.l3_network_uuid);
        to.mac = Some(it.mac);
        to.hypervisor_type = Some(hypervisor.to_string());
        to.driver_type = Some(it.driver_type);
        to.internal_name = Some(it.internal_name);
        to.device_id = Some(it.device_id);
        to.r#type = Some("VNIC".to_owned());
        to.state = Some("enable".into());
        to.used_ips = Some(ips.into_iter().map(|address| self.used_ip(address)).collect());
        to
    }

    fn used_ip(&self, it: UsedIp) -> UsedIpInventory {
        let in_long = UsedIp::in_long(&it.ip);
        let mut to =
            UsedIpInventory::new(it.uuid, in_long, self.time(it.create_date), self.time(it.last_op_date));
        to.ip_in_binary = it.ip.parse().ok().map(binary);
        to.ip_version = Some(version(&it.ip));
        to.ip_range_uuid = Some(it.ip_range_uuid);
        to.l3_network_uuid = Some(it.l3_network_uuid);
        to.ip = Some(it.ip);
        to.netmask = Some(it.netmask);
        to.gateway = it.gateway;
        to.vm_nic_uuid = Some(it.vm_nic_uuid);
        to
    }

    fn volume(&self, it: Volume) -> VolumeInventory {
        let mut to = VolumeInventory::new(it.uuid, self.time(it.create_date), self.time(it.last_op_date));
        to.name = Some(it.name);
        to.description = it.description;
        to.primary_storage_uuid = Some(it.primary_storage_uuid);
        to.vm_instance_uuid = it.vm_instance_uuid;
        to.root_image_uuid = it.root_image_uuid;
        to.install_path = Some(it.install_path);
        to.r#type = Some(it.kind.as_str().into());
        to.format = Some(it.format.as_str().into());
        to.size = Some(it.size);
        to.actual_size = Some(it.actual_size);
        to.device_id = it.device_id;
        to.state = Some(it.state.as_str().into());
        to.status = Some(it.status.as_str().into());
        to.is_shareable = Some(it.is_shareable);
        to.last_detach_date = it.last_detach_date.map(|last_detach_date| self.time(last_detach_date));
        to.last_attach_date = it.last_attach_date.map(|last_attach_date| self.time(last_attach_date));
        to.last_vm_instance_uuid = it.last_vm_instance_uuid;
        to
    }

    pub(super) fn cd_rom(&self, it: CdRom) -> VmCdRomInventory {
        let mut to = VmCdRomInventory::new(it.uuid, self.time(it.create_date), self.time(it.last_op_date));
        to.vm_instance_uuid = Some(it.vm_instance_uuid);
        to.device_id = Some(it.device_id);
        to.iso_uuid = it.iso_uuid;
        to.iso_install_path = it.iso_install_path;
        to.name = Some(it.name);
        to.description = it.description;
        to.protocol = it.protocol;
        to
    }

    pub(super) fn access_key(&self, it: AccessKey) -> AccessKeyInventory {
        let mut to = AccessKeyInventory::new(it.uuid, self.time(it.create_date), self.time(it.last_op_date));
        to.description = it.description;
        // An account is its own user.
        to.user_uuid = Some(it.account_uuid.clone());
        to.account_uuid = Some(it.account_uuid);
        to.access_key_id = Some(it.id);
        to.access_key_secret = Some(it.secret.0);
        to.state = Some(it.state.as_str().into());
        to
    }

    pub(super) fn image(&self, image: Image) -> ImageInventory {
        let Image { info: it, refs, .. } = image;
        let mut to = ImageInventory::new(it.uuid, self.time(it.create_date), self.time(it.last_op_date));
        to.name = Some(it.name);
        to.description = it.description;
        to.state = Some(it.state.as_str().into());
        to.status = Some(it.status.as_str().into());
        to.size = Some(it.size);
        to.actual_size = Some(it.actual_size);
        to.url = it.url;
        to.media_type = Some(it.media_type.as_str().into());
        to.guest_os_type = it.guest_os_type;
        to.r#type = Some("zstack".to_owned());
        to.platform = Some(it.platform.as_str().into());
        to.architecture = Some(it.architecture.as_str().into());
        to.format = Some(it.format.as_str().into());
        to.system = Some(it.system);
        to.virtio = Some(it.virtio);
        to.backup_storage_refs = Some(refs.into_iter().map(|it| self.backup_storage_ref(it)).collect());
        to
    }

    fn backup_storage_ref(&self, it: BackupStorageRef) -> ImageBackupStorageRefInventory {
        let mut to =
            ImageBackupStorageRefInventory::new(self.time(it.create_date), self.time(it.last_op_date));
        to.image_uuid = Some(it.image_uuid);
        to.backup_storage_uuid = Some(it.backup_storage_uuid);
        to.install_path = Some(it.install_path);
        to.status = Some(it.status.as_str().into());
        to
    }

    pub(super) fn session(&self, session: &Session) -> SessionInventory {
        let it = session.clone();
        let (begin, end) = (self.time(it.create_date), self.time(it.expired_date));
        // An account that logs in is its own user.
        let mut to = SessionInventory::new(it.uuid, it.account_uuid.clone(), it.account_uuid, end, begin);
        to.no_session_evaluation = Some(false);
        to
    }
}

/// 4 or 6.
fn version(ip: &str) -> i32 {
    if ip.contains(':') { 6 } else { 4 }
}

/// The bytes, as Java has them: signed.
fn binary(ip: IpAddr) -> Vec<i32> {
    let signed = |it: u8| i32::from(it.cast_signed());
    match ip {
        IpAddr::V4(ip) => ip.octets().into_iter().map(signed).collect(),
        IpAddr::V6(ip) => ip.octets().into_iter().map(signed).collect(),
    }
}
