//! Conversion of records to inventories. A field without a value is absent; a
//! list is always present, even if empty.

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

/// Converts records to inventories, with timestamps in a time zone.
#[derive(Clone, Debug)]
pub(super) struct Inventories {
    pub(super) zone: TimeZone,
}

impl Inventories {
    pub(super) fn time(&self, moment: Moment) -> Timestamp {
        Timestamp::from_instant(moment.instant(), &self.zone)
    }

    pub(super) fn vm(&self, vm: Vm) -> VmInstanceInventory {
        let Vm { instance: record, nics, mut ips, volumes, cd_roms, .. } = vm;
        let mut inventory = VmInstanceInventory::new(
            record.uuid,
            self.time(record.create_date),
            self.time(record.last_op_date),
        );
        inventory.name = Some(record.name);
        inventory.description = record.description;
        inventory.zone_uuid = Some(record.zone_uuid);
        inventory.cluster_uuid = Some(record.cluster_uuid);
        inventory.image_uuid = record.image_uuid;
        inventory.host_uuid = record.host_uuid;
        inventory.last_host_uuid = record.last_host_uuid;
        inventory.instance_offering_uuid = record.instance_offering_uuid;
        inventory.root_volume_uuid = record.root_volume_uuid;
        inventory.platform = Some(record.platform.as_str().into());
        inventory.architecture = Some(record.architecture.as_str().into());
        inventory.guest_os_type = record.guest_os_type;
        inventory.default_l3_network_uuid = record.default_l3_network_uuid;
        inventory.r#type = Some("UserVm".to_owned());
        inventory.hypervisor_type = Some(record.hypervisor_type.to_string());
        inventory.memory_size = Some(record.memory_size);
        inventory.cpu_num = Some(record.cpu_num);
        inventory.cpu_speed = Some(0);
        inventory.allocator_strategy = record.allocator_strategy;
        inventory.state = Some(record.state.as_str().into());
        inventory.internal_id = Some(record.internal_id);
        ips.sort_by_key(|ip| version(&ip.ip));
        let mut nic = |nic: VmNic| {
            let nic_ips = ips.extract_if(.., |ip| ip.vm_nic_uuid == nic.uuid).collect();
            self.nic(nic, nic_ips, record.hypervisor_type)
        };
        inventory.vm_nics = Some(nics.into_iter().map(&mut nic).collect());
        inventory.all_volumes = Some(volumes.into_iter().map(|volume| self.volume(volume)).collect());
        inventory.vm_cd_roms = Some(cd_roms.into_iter().map(|cd_rom| self.cd_rom(cd_rom)).collect());
        inventory
    }

    fn nic(&self, record: VmNic, ips: Vec<UsedIp>, hypervisor: Hypervisor) -> VmNicInventory {
        let mut inventory =
            VmNicInventory::new(record.uuid, self.time(record.create_date), self.time(record.last_op_date));
        // The fields of the NIC describe its first address.
        if let Some(first) = ips.first() {
            inventory.used_ip_uuid = Some(first.uuid.clone());
            inventory.ip = Some(first.ip.clone());
            inventory.netmask = Some(first.netmask.clone());
            inventory.gateway = first.gateway.clone();
            inventory.ip_version = Some(version(&first.ip));
        }
        inventory.vm_instance_uuid = Some(record.vm_instance_uuid);
        inventory.l3_network_uuid = Some(record.l3_network_uuid);
        inventory.mac = Some(record.mac);
        inventory.hypervisor_type = Some(hypervisor.to_string());
        inventory.driver_type = Some(record.driver_type);
        inventory.internal_name = Some(record.internal_name);
        inventory.device_id = Some(record.device_id);
        inventory.r#type = Some("VNIC".to_owned());
        inventory.state = Some("enable".into());
        inventory.used_ips = Some(ips.into_iter().map(|address| self.used_ip(address)).collect());
        inventory
    }

    fn used_ip(&self, record: UsedIp) -> UsedIpInventory {
        let in_long = UsedIp::in_long(&record.ip);
        let mut inventory = UsedIpInventory::new(
            record.uuid,
            in_long,
            self.time(record.create_date),
            self.time(record.last_op_date),
        );
        inventory.ip_in_binary = record.ip.parse().ok().map(binary);
        inventory.ip_version = Some(version(&record.ip));
        inventory.ip_range_uuid = Some(record.ip_range_uuid);
        inventory.l3_network_uuid = Some(record.l3_network_uuid);
        inventory.ip = Some(record.ip);
        inventory.netmask = Some(record.netmask);
        inventory.gateway = record.gateway;
        inventory.vm_nic_uuid = Some(record.vm_nic_uuid);
        inventory
    }

    fn volume(&self, record: Volume) -> VolumeInventory {
        let mut inventory =
            VolumeInventory::new(record.uuid, self.time(record.create_date), self.time(record.last_op_date));
        inventory.name = Some(record.name);
        inventory.description = record.description;
        inventory.primary_storage_uuid = Some(record.primary_storage_uuid);
        inventory.vm_instance_uuid = record.vm_instance_uuid;
        inventory.root_image_uuid = record.root_image_uuid;
        inventory.install_path = Some(record.install_path);
        inventory.r#type = Some(record.kind.as_str().into());
        inventory.format = Some(record.format.as_str().into());
        inventory.size = Some(record.size);
        inventory.actual_size = Some(record.actual_size);
        inventory.device_id = record.device_id;
        inventory.state = Some(record.state.as_str().into());
        inventory.status = Some(record.status.as_str().into());
        inventory.is_shareable = Some(record.is_shareable);
        inventory.last_detach_date = record.last_detach_date.map(|moment| self.time(moment));
        inventory.last_attach_date = record.last_attach_date.map(|moment| self.time(moment));
        inventory.last_vm_instance_uuid = record.last_vm_instance_uuid;
        inventory
    }

    pub(super) fn cd_rom(&self, record: CdRom) -> VmCdRomInventory {
        let mut inventory =
            VmCdRomInventory::new(record.uuid, self.time(record.create_date), self.time(record.last_op_date));
        inventory.vm_instance_uuid = Some(record.vm_instance_uuid);
        inventory.device_id = Some(record.device_id);
        inventory.iso_uuid = record.iso_uuid;
        inventory.iso_install_path = record.iso_install_path;
        inventory.name = Some(record.name);
        inventory.description = record.description;
        inventory.protocol = record.protocol;
        inventory
    }

    pub(super) fn access_key(&self, record: AccessKey) -> AccessKeyInventory {
        let mut inventory = AccessKeyInventory::new(
            record.uuid,
            self.time(record.create_date),
            self.time(record.last_op_date),
        );
        inventory.description = record.description;
        // An account is its own user.
        inventory.user_uuid = Some(record.account_uuid.clone());
        inventory.account_uuid = Some(record.account_uuid);
        inventory.access_key_id = Some(record.id);
        inventory.access_key_secret = Some(record.secret.0);
        inventory.state = Some(record.state.as_str().into());
        inventory
    }

    pub(super) fn image(&self, image: Image) -> ImageInventory {
        let Image { info: record, refs, .. } = image;
        let mut inventory =
            ImageInventory::new(record.uuid, self.time(record.create_date), self.time(record.last_op_date));
        inventory.name = Some(record.name);
        inventory.description = record.description;
        inventory.state = Some(record.state.as_str().into());
        inventory.status = Some(record.status.as_str().into());
        inventory.size = Some(record.size);
        inventory.actual_size = Some(record.actual_size);
        inventory.md5_sum = record.md5_sum;
        inventory.url = record.url;
        inventory.media_type = Some(record.media_type.as_str().into());
        inventory.guest_os_type = record.guest_os_type;
        inventory.r#type = Some("zstack".to_owned());
        inventory.platform = Some(record.platform.as_str().into());
        inventory.architecture = Some(record.architecture.as_str().into());
        inventory.format = Some(record.format.as_str().into());
        inventory.system = Some(record.system);
        inventory.virtio = Some(record.virtio);
        inventory.backup_storage_refs =
            Some(refs.into_iter().map(|copy| self.backup_storage_ref(copy)).collect());
        inventory
    }

    fn backup_storage_ref(&self, record: BackupStorageRef) -> ImageBackupStorageRefInventory {
        let mut inventory = ImageBackupStorageRefInventory::new(
            self.time(record.create_date),
            self.time(record.last_op_date),
        );
        inventory.image_uuid = Some(record.image_uuid);
        inventory.backup_storage_uuid = Some(record.backup_storage_uuid);
        inventory.install_path = Some(record.install_path);
        inventory.status = Some(record.status.as_str().into());
        inventory
    }

    pub(super) fn session(&self, session: &Session) -> SessionInventory {
        let record = session.clone();
        let (begin, end) = (self.time(record.create_date), self.time(record.expired_date));
        // An account that logs in is its own user.
        let user = record.user_uuid.unwrap_or_else(|| record.account_uuid.clone());
        let mut inventory = SessionInventory::new(record.uuid, record.account_uuid, user, end, begin);
        inventory.no_session_evaluation = Some(false);
        inventory
    }
}

/// Returns the IP version of an address: 4 or 6.
fn version(ip: &str) -> i32 {
    if ip.contains(':') { 6 } else { 4 }
}

/// Returns the bytes of an address as signed numbers, as Java does.
fn binary(ip: IpAddr) -> Vec<i32> {
    let signed = |byte: u8| i32::from(byte.cast_signed());
    match ip {
        IpAddr::V4(ip) => ip.octets().into_iter().map(signed).collect(),
        IpAddr::V6(ip) => ip.octets().into_iter().map(signed).collect(),
    }
}
