//! A scenario for the rule table: a VM instance for which all operations succeed.
//! Each row changes it to violate one rule.

use serde_json::{Value, json};
use zstack_node::model::{
    ADMIN_UUID, Account, AccountKind, Caller, Changes, Edit, Enabled, IpRange, Moment, Session,
};

use crate::local::NOON;
use crate::records::{
    Architecture, AttachedBackupStorage, BackupStorage, BackupStorageKind, BackupStorageRef, CdRom, Cluster,
    Connection, Host, Hypervisor, Image, ImageCache, ImageFormat, ImageInfo, ImageStatus, L3Network,
    MediaType, Platform, PrimaryStorage, PrimaryStorageCluster, PrimaryStorageKind, UsedIp, Vm, VmInstance,
    VmNic, VmState, Volume, VolumeFormat, VolumeKind, VolumeStatus, Zone, put, put_with,
};

pub(crate) const ALICE: &str = "a0000000000040008000000000000001";
pub(crate) const SESSION: &str = "5e000000000040008000000000000001";
pub(crate) const ZONE: &str = "20000000000040008000000000000001";
pub(crate) const OTHER_ZONE: &str = "20000000000040008000000000000002";
pub(crate) const CLUSTER: &str = "c1000000000040008000000000000001";
pub(crate) const OTHER_CLUSTER: &str = "c1000000000040008000000000000002";
pub(crate) const HOST: &str = "40000000000040008000000000000001";
pub(crate) const OTHER_HOST: &str = "40000000000040008000000000000002";
pub(crate) const L3: &str = "13000000000040008000000000000001";
pub(crate) const VM: &str = "d0000000000040008000000000000001";
pub(crate) const OTHER_VM: &str = "d0000000000040008000000000000002";
pub(crate) const ISO: &str = "15000000000040008000000000000001";
pub(crate) const OTHER_ISO: &str = "15000000000040008000000000000002";
pub(crate) const TEMPLATE: &str = "7e000000000040008000000000000001";
pub(crate) const NFS: &str = "95000000000040008000000000000001";
pub(crate) const SFTP: &str = "b5000000000040008000000000000001";
pub(crate) const ROOT: &str = "70000000000040008000000000000001";
pub(crate) const UNKNOWN: &str = "00000000000040008000000000000000";

/// The resources, the caller, and the parameters of the request.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) vm: Vm,
    /// Another VM instance, with drives of its own.
    pub(crate) other_vm: Vm,
    pub(crate) iso: Image,
    /// An ISO that is attached.
    pub(crate) other_iso: Image,
    /// The image of the root volume, unless it was deleted.
    pub(crate) template: Option<Image>,
    pub(crate) caches: Vec<ImageCache>,
    pub(crate) storages: Storages,
    /// Each cluster has a host; the VM instances are in the first one.
    pub(crate) infrastructure: Infrastructure,
    /// The ranges of the network.
    pub(crate) ranges: Vec<IpRange>,
    /// True if the session has expired.
    pub(crate) expired: bool,
    pub(crate) caller: Caller,
    pub(crate) request: RequestParameters,
}

/// All storages.
#[derive(Clone)]
pub(crate) struct Storages {
    pub(crate) primary: Vec<PrimaryStorage>,
    pub(crate) backup: Vec<AttachedBackupStorage>,
}

/// All clusters and hosts, and the clusters to which primary storages are attached.
#[derive(Clone)]
pub(crate) struct Infrastructure {
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) storages: Vec<PrimaryStorageCluster>,
}

/// The parameters of the request.
#[derive(Clone)]
pub(crate) struct RequestParameters {
    pub(crate) vm: String,
    pub(crate) iso: String,
    /// The ISO of operations for which it is optional.
    pub(crate) optional_iso: Option<String>,
    pub(crate) drive: Option<String>,
    /// The drive of operations on existing drives.
    pub(crate) target_drive: String,
    pub(crate) cluster: Option<String>,
    pub(crate) host: Option<String>,
    /// The name of a new or updated drive.
    pub(crate) name: String,
    pub(crate) tag_uuids: Vec<String>,
    pub(crate) system_tags: Vec<String>,
}

pub(crate) fn drive(vm: &str, device_id: i32, iso: Option<&str>) -> CdRom {
    CdRom {
        uuid: format!("cd0000000000400080000000000{}{device_id}000", &vm[31..]),
        vm_instance_uuid: vm.to_owned(),
        device_id,
        name: format!("cd-{device_id}"),
        description: None,
        iso_uuid: iso.map(str::to_owned),
        iso_install_path: None,
        protocol: None,
        create_date: NOON,
        last_op_date: NOON,
    }
}

fn vm(uuid: &str, number: i64, root: &str) -> Vm {
    let instance = VmInstance {
        uuid: uuid.to_owned(),
        name: format!("vm-{number}"),
        description: None,
        account_uuid: ADMIN_UUID.to_owned(),
        shared: false,
        internal_id: number,
        zone_uuid: ZONE.to_owned(),
        cluster_uuid: CLUSTER.to_owned(),
        host_uuid: None,
        last_host_uuid: None,
        image_uuid: Some(TEMPLATE.to_owned()),
        instance_offering_uuid: None,
        root_volume_uuid: Some(root.to_owned()),
        default_l3_network_uuid: None,
        platform: Platform::Linux,
        architecture: Architecture::X86_64,
        guest_os_type: None,
        hypervisor_type: Hypervisor::Kvm,
        memory_size: 1 << 30,
        cpu_num: 1,
        allocator_strategy: None,
        state: VmState::Stopped,
        create_date: NOON,
        last_op_date: NOON,
    };
    let root = Volume {
        uuid: root.to_owned(),
        name: format!("ROOT-for-vm-{number}"),
        description: None,
        account_uuid: ADMIN_UUID.to_owned(),
        primary_storage_uuid: NFS.to_owned(),
        vm_instance_uuid: Some(uuid.to_owned()),
        root_image_uuid: Some(TEMPLATE.to_owned()),
        install_path: format!("/ps/rootVolumes/vol-{root}/{root}.qcow2"),
        kind: VolumeKind::Root,
        format: VolumeFormat::Qcow2,
        size: 40 << 30,
        actual_size: 6 << 30,
        device_id: Some(0),
        state: Enabled::Enabled,
        status: VolumeStatus::Ready,
        is_shareable: false,
        last_attach_date: None,
        last_detach_date: None,
        last_vm_instance_uuid: None,
        create_date: NOON,
        last_op_date: NOON,
    };
    let nic = VmNic {
        uuid: format!("1c00000000004000800000000000000{number}"),
        vm_instance_uuid: uuid.to_owned(),
        device_id: 0,
        l3_network_uuid: L3.to_owned(),
        mac: format!("fa:00:00:00:0{number}:00"),
        internal_name: format!("vnic{number}.0"),
        driver_type: "virtio".to_owned(),
        create_date: NOON,
        last_op_date: NOON,
    };
    let ip = UsedIp {
        uuid: format!("1b00000000004000800000000000000{number}"),
        vm_nic_uuid: nic.uuid.clone(),
        ip_range_uuid: range().uuid,
        l3_network_uuid: L3.to_owned(),
        ip: format!("10.0.0.1{number}"),
        netmask: "255.255.255.0".to_owned(),
        gateway: range().gateway,
        create_date: NOON,
        last_op_date: NOON,
    };
    Vm { revision: 0, instance, nics: vec![nic], ips: vec![ip], volumes: vec![root], cd_roms: vec![] }
}

fn range() -> IpRange {
    IpRange {
        uuid: "1a000000000040008000000000000001".to_owned(),
        l3_network_uuid: L3.to_owned(),
        network_cidr: "10.0.0.0/24".to_owned(),
        gateway: Some("10.0.0.1".to_owned()),
        start_ip: None,
        end_ip: None,
        ip_range_type: None,
        create_date: NOON,
        last_op_date: NOON,
    }
}

fn cluster(uuid: &str, zone_uuid: &str) -> Cluster {
    Cluster {
        uuid: uuid.to_owned(),
        name: format!("cluster {uuid}"),
        zone_uuid: zone_uuid.to_owned(),
        hypervisor_type: Hypervisor::Kvm,
        architecture: Architecture::X86_64,
        create_date: NOON,
        last_op_date: NOON,
    }
}

fn host(uuid: &str, cluster_uuid: &str) -> Host {
    Host {
        uuid: uuid.to_owned(),
        name: format!("host {uuid}"),
        cluster_uuid: cluster_uuid.to_owned(),
        management_ip: format!("host-{}", &uuid[31..]),
        status: Connection::Connected,
        create_date: NOON,
        last_op_date: NOON,
    }
}

fn image(uuid: &str, media_type: MediaType) -> Image {
    let info = ImageInfo {
        uuid: uuid.to_owned(),
        name: format!("image {uuid}"),
        description: None,
        account_uuid: ADMIN_UUID.to_owned(),
        shared: false,
        media_type,
        format: if media_type == MediaType::Iso { ImageFormat::Iso } else { ImageFormat::Qcow2 },
        platform: Platform::Linux,
        architecture: Architecture::X86_64,
        guest_os_type: None,
        size: 20 << 30,
        actual_size: 1 << 30,
        md5_sum: None,
        state: Enabled::Enabled,
        status: ImageStatus::Ready,
        url: None,
        system: false,
        virtio: false,
        create_date: NOON,
        last_op_date: NOON,
    };
    let copy = BackupStorageRef {
        image_uuid: uuid.to_owned(),
        backup_storage_uuid: SFTP.to_owned(),
        install_path: format!("/bs/{uuid}"),
        status: ImageStatus::Ready,
        create_date: NOON,
        last_op_date: NOON,
    };
    Image { revision: 0, info, refs: vec![copy] }
}

pub(crate) fn cache(image: &str, media_type: MediaType) -> ImageCache {
    ImageCache {
        image_uuid: image.to_owned(),
        primary_storage_uuid: NFS.to_owned(),
        media_type,
        size: 20 << 30,
        actual_size: 1 << 30,
        install_path: format!("/ps/imagecache/template/{image}"),
        create_date: NOON,
    }
}

impl Scenario {
    pub(crate) fn new() -> Self {
        let mut main_vm = vm(VM, 1, ROOT);
        main_vm.cd_roms = vec![drive(VM, 0, None), drive(VM, 1, Some(OTHER_ISO))];
        let mut other_vm = vm(OTHER_VM, 2, "70000000000040008000000000000002");
        other_vm.cd_roms = vec![drive(OTHER_VM, 0, None)];
        let primary = PrimaryStorage {
            uuid: NFS.to_owned(),
            name: "nfs".to_owned(),
            zone_uuid: ZONE.to_owned(),
            kind: PrimaryStorageKind::Nfs,
            url: "/ps".to_owned(),
            fsid: None,
            status: Connection::Connected,
            create_date: NOON,
            last_op_date: NOON,
        };
        let backup = BackupStorage {
            uuid: SFTP.to_owned(),
            name: "sftp".to_owned(),
            kind: BackupStorageKind::Sftp,
            url: "/bs".to_owned(),
            fsid: None,
            status: Connection::Connected,
            create_date: NOON,
            last_op_date: NOON,
        };
        let attach = |cluster_uuid: &str| {
            let (primary_storage_uuid, cluster_uuid) = (NFS.to_owned(), cluster_uuid.to_owned());
            PrimaryStorageCluster { primary_storage_uuid, cluster_uuid }
        };
        let infrastructure = Infrastructure {
            clusters: vec![cluster(CLUSTER, ZONE), cluster(OTHER_CLUSTER, ZONE)],
            hosts: vec![host(HOST, CLUSTER), host(OTHER_HOST, OTHER_CLUSTER)],
            storages: vec![attach(CLUSTER), attach(OTHER_CLUSTER)],
        };
        let backup = AttachedBackupStorage { storage: backup, zone_uuids: vec![ZONE.to_owned()] };
        Self {
            vm: main_vm,
            other_vm,
            iso: image(ISO, MediaType::Iso),
            other_iso: image(OTHER_ISO, MediaType::Iso),
            template: Some(image(TEMPLATE, MediaType::RootVolumeTemplate)),
            caches: vec![cache(TEMPLATE, MediaType::RootVolumeTemplate)],
            storages: Storages { primary: vec![primary], backup: vec![backup] },
            infrastructure,
            ranges: vec![range()],
            expired: false,
            caller: Caller { account_uuid: ADMIN_UUID.to_owned(), kind: AccountKind::SystemAdmin },
            request: RequestParameters {
                vm: VM.to_owned(),
                iso: ISO.to_owned(),
                optional_iso: Some(ISO.to_owned()),
                drive: None,
                target_drive: drive(VM, 1, None).uuid,
                cluster: None,
                host: None,
                name: "renamed".to_owned(),
                tag_uuids: vec![],
                system_tags: vec![],
            },
        }
    }

    /// Makes alice, a normal account, the caller.
    pub(crate) fn call_as_alice(&mut self) {
        self.caller = Caller { account_uuid: ALICE.to_owned(), kind: AccountKind::Normal };
    }

    pub(crate) fn find_vm(&self, uuid: &str) -> Option<Vm> {
        [&self.vm, &self.other_vm].into_iter().find(|vm| vm.instance.uuid == uuid).cloned()
    }

    fn images(&self) -> impl Iterator<Item = &Image> {
        [Some(&self.iso), Some(&self.other_iso), self.template.as_ref()].into_iter().flatten()
    }

    /// All records, to commit to a store.
    pub(crate) fn records(&self) -> Changes {
        let (create_date, last_op_date) = (NOON, NOON);
        let mut edits: Vec<Edit> = Vec::new();
        let mut add = |edit: Edit| edits.push(edit);
        for (uuid, name) in [(ZONE, "zone"), (OTHER_ZONE, "other-zone")] {
            add(put(Zone { uuid: uuid.to_owned(), name: name.to_owned(), create_date, last_op_date }));
        }
        self.infrastructure.clusters.iter().for_each(|cluster| add(put(cluster.clone())));
        self.infrastructure.hosts.iter().for_each(|host| add(put(host.clone())));
        let (uuid, name, zone_uuid) = (L3.to_owned(), "network".to_owned(), ZONE.to_owned());
        add(put(L3Network { uuid, name, zone_uuid, create_date, last_op_date }));
        self.ranges.iter().for_each(|range| add(put(range.clone())));
        add(Edit::create(Account {
            uuid: ALICE.to_owned(),
            name: "alice".to_owned(),
            kind: AccountKind::Normal,
            password: String::new(),
            create_date,
            last_op_date,
        }));
        let end: Moment = if self.expired { NOON } else { NOON.plus_seconds(7200) };
        add(Edit::create(Session {
            user_uuid: None,
            uuid: SESSION.to_owned(),
            account_uuid: self.caller.account_uuid.clone(),
            expired_date: end,
            create_date,
        }));
        for primary in &self.storages.primary {
            let attached = self.infrastructure.storages.iter();
            let attached = attached.filter(|storage| storage.primary_storage_uuid == primary.uuid);
            let clusters: Vec<Value> = attached.map(|storage| storage.cluster_uuid.clone().into()).collect();
            add(put_with(primary, "attachedClusterUuids", &clusters, ""));
        }
        for backup in &self.storages.backup {
            let zones: Vec<Value> = backup.zone_uuids.iter().cloned().map(Value::from).collect();
            add(put_with(&backup.storage, "attachedZoneUuids", &zones, ""));
        }
        for image in self.images() {
            let copies: Vec<Value> = image.refs.iter().map(|copy| json!(copy)).collect();
            add(put_with(&image.info, "backupStorageRefs", &copies, "backupStorageUuid"));
        }
        self.caches.iter().for_each(|cache| add(put(cache.clone())));
        for vm in [&self.vm, &self.other_vm] {
            add(put(vm.instance.clone()));
            vm.volumes.iter().for_each(|volume| add(put(volume.clone())));
            vm.cd_roms.iter().for_each(|cd_rom| add(put(cd_rom.clone())));
            vm.nics.iter().for_each(|nic| add(put(nic.clone())));
            vm.ips.iter().for_each(|address| add(put(address.clone())));
        }
        Changes { guards: vec![], edits }
    }
}
