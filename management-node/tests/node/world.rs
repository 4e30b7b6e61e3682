//! A world of one VM instance, for the rule table: everything about it is
//! fine, and each row makes one thing wrong.

use zstack_node::model::{
    ADMIN_UUID, Account, AccountKind, Architecture, AttachedBackupStorage, BackupStorage, BackupStorageKind,
    BackupStorageRef, BackupStorageZone, Caller, CdRom, Changes, Cluster, Connection, Edit, Enabled,
    Hypervisor, Image, ImageCache, ImageFormat, ImageInfo, ImageStatus, MediaType, Moment, Platform,
    PrimaryStorage, PrimaryStorageKind, Session, Vm, VmInstance, VmState, Volume, VolumeFormat, VolumeKind,
    VolumeStatus, Zone,
};
use zstack_node::rules::{Storages, Verdict, errors};

use crate::local::NOON;

pub(crate) const ALICE: &str = "a0000000000040008000000000000001";
pub(crate) const SESSION: &str = "5e000000000040008000000000000001";
pub(crate) const ZONE: &str = "20000000000040008000000000000001";
pub(crate) const ELSEWHERE: &str = "20000000000040008000000000000002";
pub(crate) const CLUSTER: &str = "c1000000000040008000000000000001";
pub(crate) const VM: &str = "d0000000000040008000000000000001";
pub(crate) const OTHER_VM: &str = "d0000000000040008000000000000002";
pub(crate) const ISO: &str = "15000000000040008000000000000001";
pub(crate) const OTHER_ISO: &str = "15000000000040008000000000000002";
pub(crate) const TEMPLATE: &str = "7e000000000040008000000000000001";
pub(crate) const NFS: &str = "95000000000040008000000000000001";
pub(crate) const SFTP: &str = "b5000000000040008000000000000001";
pub(crate) const ROOT: &str = "70000000000040008000000000000001";
pub(crate) const NOWHERE: &str = "00000000000040008000000000000000";

/// What there is, and who asks for what.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) vm: Vm,
    /// Has drives of its own.
    pub(crate) other_vm: Vm,
    pub(crate) iso: Image,
    /// The image of the root volume, unless it is gone.
    pub(crate) template: Option<Image>,
    pub(crate) caches: Vec<ImageCache>,
    pub(crate) storages: Storages,
    /// Whether the session holds.
    pub(crate) expired: bool,
    pub(crate) caller: Caller,
    pub(crate) ask: Ask,
}

/// The parameters of the request.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) vm: String,
    pub(crate) iso: String,
    /// For operations that may do without.
    pub(crate) optional_iso: Option<String>,
    pub(crate) drive: Option<String>,
    pub(crate) resource_uuid: Option<String>,
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
    Vm { revision: 0, instance, nics: vec![], ips: vec![], volumes: vec![root], cd_roms: vec![] }
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
        state: Enabled::Enabled,
        status: ImageStatus::Ready,
        create_date: NOON,
        last_op_date: NOON,
    };
    let place = BackupStorageRef {
        image_uuid: uuid.to_owned(),
        backup_storage_uuid: SFTP.to_owned(),
        install_path: format!("/bs/{uuid}"),
        status: ImageStatus::Ready,
        create_date: NOON,
        last_op_date: NOON,
    };
    Image { revision: 0, info, refs: vec![place] }
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

impl World {
    pub(crate) fn new() -> Self {
        let mut this = vm(VM, 1, ROOT);
        this.cd_roms = vec![drive(VM, 0, None), drive(VM, 1, Some(OTHER_ISO))];
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
        let backup = AttachedBackupStorage { storage: backup, zone_uuids: vec![ZONE.to_owned()] };
        Self {
            vm: this,
            other_vm,
            iso: image(ISO, MediaType::Iso),
            template: Some(image(TEMPLATE, MediaType::RootVolumeTemplate)),
            caches: vec![cache(TEMPLATE, MediaType::RootVolumeTemplate)],
            storages: Storages { primary: vec![primary], backup: vec![backup] },
            expired: false,
            caller: Caller { account_uuid: ADMIN_UUID.to_owned(), kind: AccountKind::SystemAdmin },
            ask: Ask {
                vm: VM.to_owned(),
                iso: ISO.to_owned(),
                optional_iso: Some(ISO.to_owned()),
                drive: None,
                resource_uuid: None,
                tag_uuids: vec![],
                system_tags: vec![],
            },
        }
    }

    /// Alice asks: she is no administrator.
    pub(crate) fn as_alice(&mut self) {
        self.caller = Caller { account_uuid: ALICE.to_owned(), kind: AccountKind::Normal };
    }

    pub(crate) fn caller(&self) -> Verdict<Caller> {
        if self.expired { Err(errors::session_expired()) } else { Ok(self.caller.clone()) }
    }

    pub(crate) fn find_vm(&self, uuid: &str) -> Option<Vm> {
        [&self.vm, &self.other_vm].into_iter().find(|it| it.instance.uuid == uuid).cloned()
    }

    pub(crate) fn find_image(&self, uuid: &str) -> Option<Image> {
        [Some(&self.iso), self.template.as_ref()]
            .into_iter()
            .flatten()
            .find(|it| it.info.uuid == uuid)
            .cloned()
    }

    pub(crate) fn find_drive(&self, uuid: &str) -> Option<CdRom> {
        self.vm.cd_roms.iter().chain(&self.other_vm.cd_roms).find(|it| it.uuid == uuid).cloned()
    }

    pub(crate) fn caches_of(&self, image: &str) -> Vec<ImageCache> {
        self.caches.iter().filter(|it| it.image_uuid == image).cloned().collect()
    }

    /// Everything, to be put into a store.
    pub(crate) fn records(&self) -> Changes {
        let (create_date, last_op_date) = (NOON, NOON);
        let mut edits: Vec<Edit> = Vec::new();
        let mut add = |edit: Edit| edits.push(edit);
        for (uuid, name) in [(ZONE, "here"), (ELSEWHERE, "elsewhere")] {
            add(Edit::create(Zone {
                uuid: uuid.to_owned(),
                name: name.to_owned(),
                create_date,
                last_op_date,
            }));
        }
        add(Edit::create(Cluster {
            uuid: CLUSTER.to_owned(),
            name: "cluster".to_owned(),
            zone_uuid: ZONE.to_owned(),
            hypervisor_type: Hypervisor::Kvm,
            architecture: Architecture::X86_64,
            create_date,
            last_op_date,
        }));
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
            uuid: SESSION.to_owned(),
            account_uuid: self.caller.account_uuid.clone(),
            expired_date: end,
            create_date,
        }));
        self.storages.primary.iter().for_each(|it| add(Edit::create(it.clone())));
        for it in &self.storages.backup {
            add(Edit::create(it.storage.clone()));
            for zone in &it.zone_uuids {
                let backup_storage_uuid = it.storage.uuid.clone();
                add(Edit::create(BackupStorageZone { backup_storage_uuid, zone_uuid: zone.clone() }));
            }
        }
        for image in [Some(&self.iso), self.template.as_ref()].into_iter().flatten() {
            add(Edit::create(image.info.clone()));
            image.refs.iter().for_each(|it| add(Edit::create(it.clone())));
        }
        self.caches.iter().for_each(|it| add(Edit::create(it.clone())));
        for vm in [&self.vm, &self.other_vm] {
            add(Edit::create(vm.instance.clone()));
            vm.volumes.iter().for_each(|it| add(Edit::create(it.clone())));
            vm.cd_roms.iter().for_each(|it| add(Edit::create(it.clone())));
        }
        Changes { guards: vec![], edits }
    }
}
