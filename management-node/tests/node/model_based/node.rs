//! The node under test: execution of steps, and conversion of its state to the
//! model.

use std::fmt::Write as _;

use serde_json::{Value, json};
use zstack_node::inventory;
use zstack_node::model::Changes;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use super::cloud::{Cloud, Drive, Root, State, Step, Vm};
use crate::local::{Answer, Local, NOON};
use crate::records::{self, VolumeKind, VolumeStatus};

pub(super) const VMS: usize = 5;
const TEXT: &str = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts:
  - {name: host-0, uuid: 40000000000040008000000000000000, managementIp: 10.1.0.1}
  - {name: host-1, uuid: 40000000000040008000000000000001, managementIp: 10.1.0.2}
  - {name: host-2, uuid: 40000000000040008000000000000002, managementIp: 10.1.0.3, status: Disconnected}
networks: [{name: net, ranges: [{cidr: 10.0.0.0/28, gateway: 10.0.0.1}]}]
offerings:
  - {name: last-host, cpus: 1, memory: 1GiB, allocatorStrategy: LastHostPreferredAllocatorStrategy}
primaryStorages: [{name: nfs, type: NFS, url: /nfs}]
backupStorages:
  - {name: near, type: SftpBackupStorage, url: /near}
  - {name: away, type: SftpBackupStorage, url: /away, status: Disconnected}
images:
  - {name: iso-0, uuid: 15000000000040008000000000000000, mediaType: ISO, size: 1GiB, backupStorages: [near, away]}
  - {name: iso-1, uuid: 15000000000040008000000000000001, mediaType: ISO, size: 1GiB, backupStorages: [near]}
  - {name: iso-2, uuid: 15000000000040008000000000000002, mediaType: ISO, size: 1GiB, backupStorages: [near],
     status: Downloading}
  - {name: iso-3, uuid: 15000000000040008000000000000003, mediaType: ISO, size: 1GiB, backupStorages: [away]}
  - {name: linux, uuid: 15000000000040008000000000000004, size: 20GiB, backupStorages: [near]}
vms:
";

/// The initial VM instances, in different states.
const INITIAL_VMS: [&str; VMS] = [
    "state: Running, host: host-0, root: {size: 40GiB}",
    "state: Stopped, lastHost: host-1, offering: last-host, root: {size: 40GiB}, volumes: [{size: 1GiB}]",
    "state: Paused, host: host-1, root: {size: 40GiB}",
    "state: Crashed, host: host-2, root: {size: 40GiB}",
    "state: Created",
];

pub(super) fn vm_uuid(vm: usize) -> String {
    format!("d000000000004000800000000000000{vm}")
}

fn image_uuid(image: usize) -> String {
    format!("1500000000004000800000000000000{image}")
}

fn host_uuid(host: usize) -> String {
    format!("4000000000004000800000000000000{host}")
}

/// Returns the number at the end of a UUID.
fn number(uuid: &str) -> usize {
    uuid[31..].parse().unwrap()
}

pub(super) struct Node {
    pub(super) local: Local,
    initial_vms: Vec<records::Vm>,
}

impl Node {
    pub(super) async fn new() -> Self {
        let mut text = TEXT.to_owned();
        for (vm, fields) in INITIAL_VMS.iter().enumerate() {
            let nic = format!("nics: [{{network: net, ips: [10.0.0.{}]}}]", vm + 4);
            writeln!(text, "  - {{name: vm-{vm}, uuid: {}, image: linux, {nic}, {fields}}}", vm_uuid(vm))
                .unwrap();
        }
        let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
        let store = local.app.store();
        inventory::load("model", &text, store.as_ref(), local.clock.as_ref()).await.unwrap();
        let mut initial_vms = Vec::new();
        for vm in 0..VMS {
            initial_vms.push(records::vm(store.as_ref(), &vm_uuid(vm)).await.unwrap());
        }
        local.session = local.log_in("admin", "password").await;
        Self { local, initial_vms }
    }

    /// Creates the records of an expunged VM instance again, in its initial state
    /// but without address and data volume.
    pub(super) async fn create_again(&self, vm: usize) -> Vm {
        let mut vm = self.initial_vms[vm].clone();
        vm.ips.clear();
        vm.volumes.retain(|volume| volume.kind == VolumeKind::Root);
        let mut edits = vec![records::put(vm.instance.clone())];
        edits.extend(vm.nics.iter().cloned().map(records::put));
        edits.extend(vm.volumes.iter().cloned().map(records::put));
        edits.extend(vm.cd_roms.iter().cloned().map(records::put));
        self.local.app.store().commit(Changes { guards: vec![], edits }).await.unwrap();
        to_model(&vm)
    }

    /// Checks that the caches agree with the file.
    pub(super) async fn check_caches(&self) {
        records::check_caches(self.local.app.store().as_ref()).await;
    }

    /// Executes a step on the node.
    pub(super) async fn execute(&self, step: &Step) -> Answer {
        let local = &self.local;
        match step {
            Step::Attach { vm, iso, drive } => {
                let path = format!("/zstack/v1/vm-instances/{}/iso/{}", vm_uuid(*vm), image_uuid(*iso));
                let tags: Vec<_> = drive.iter().map(|drive| format!("cdromUuid::{drive}")).collect();
                local.send("POST", &path, &json!({ "systemTags": tags }).to_string()).await
            }
            Step::Detach { vm, iso } => {
                let query = iso.map(|iso| format!("?isoUuid={}", image_uuid(iso))).unwrap_or_default();
                local.detach(&vm_uuid(*vm), &query).await
            }
            Step::Create { vm, iso, uuid } => {
                let iso = iso.map(image_uuid);
                let params = json!({"name": "new", "vmInstanceUuid": vm_uuid(*vm), "isoUuid": iso, "resourceUuid": uuid});
                local.create_cd_rom(&params.to_string()).await
            }
            Step::Delete { drive } => local.delete_cd_rom(drive).await,
            Step::Rename { drive, name } => {
                let params = json!({ "name": name }).to_string();
                local.act(&format!("cdroms/{drive}"), "updateVmCdRom", &params).await
            }
            Step::Default { vm, drive } => local.set_default(&vm_uuid(*vm), drive).await,
            Step::Start { vm, host } => {
                let params = json!({ "hostUuid": host.map(host_uuid) }).to_string();
                local.act(&vm_uuid(*vm), "startVmInstance", &params).await
            }
            Step::Stop { vm } => local.stop(&vm_uuid(*vm)).await,
            Step::Reboot { vm } => local.act(&vm_uuid(*vm), "rebootVmInstance", "{}").await,
            Step::Pause { vm } => local.act(&vm_uuid(*vm), "pauseVmInstance", "{}").await,
            Step::Resume { vm } => local.act(&vm_uuid(*vm), "resumeVmInstance", "{}").await,
            Step::Destroy { vm } => local.destroy(&vm_uuid(*vm)).await,
            Step::Recover { vm } => local.recover(&vm_uuid(*vm)).await,
            Step::Expunge { vm } => local.expunge(&vm_uuid(*vm)).await,
            Step::Reimage { vm } => local.reimage(&vm_uuid(*vm)).await,
        }
    }

    /// Converts the state of the node to the model.
    pub(super) async fn state(&self) -> Cloud {
        let mut vms = Vec::new();
        for vm in 0..VMS {
            let vm = records::vm(self.local.app.store().as_ref(), &vm_uuid(vm)).await;
            vms.push(vm.as_ref().map(to_model));
        }
        Cloud { vms }
    }
}

fn to_model(vm: &records::Vm) -> Vm {
    let instance = &vm.instance;
    let seconds = |at: zstack_node::model::Moment| (at.millis() - NOON.millis()) / 1000;
    let drive = |drive: &records::CdRom| {
        let iso = drive.iso_uuid.as_deref().map(number);
        let file = iso.map(|iso| format!("/nfs/imagecache/iso/{0}/{0}.iso", image_uuid(iso)));
        let has_file = drive.iso_install_path.is_some();
        assert!(!has_file || drive.iso_install_path == file, "{drive:?}");
        Drive {
            uuid: drive.uuid.clone(),
            device_id: drive.device_id,
            name: drive.name.clone(),
            iso,
            file: has_file,
            changed: seconds(drive.last_op_date),
        }
    };
    let root = vm.root_volume().map(|root_volume| Root {
        deleted: root_volume.status == VolumeStatus::Deleted,
        gib: root_volume.size >> 30,
        changed: seconds(root_volume.last_op_date),
    });
    assert_eq!(
        instance.root_volume_uuid.as_deref(),
        vm.root_volume().map(|root_volume| root_volume.uuid.as_str())
    );
    Vm {
        state: state(&instance.state.to_string()),
        host: instance.host_uuid.as_deref().map(number),
        last_host: instance.last_host_uuid.as_deref().map(number),
        prefers_last_host: instance.allocator_strategy.is_some(),
        changed: seconds(instance.last_op_date),
        address: vm.ips.first().map(|address| last_number(&address.ip)),
        root,
        data: vm.volumes.iter().any(|volume| volume.kind == VolumeKind::Data),
        drives: vm.cd_roms.iter().map(drive).collect(),
    }
}

/// Compares a VM instance in an answer with the model, except for times.
pub(super) fn check_vm(shown: &Value, vm: &Vm) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    assert_eq!(state(shown["state"].as_str().unwrap()), vm.state);
    assert_eq!(text(&shown["hostUuid"]), vm.host.map(host_uuid));
    assert_eq!(text(&shown["lastHostUuid"]), vm.last_host.map(host_uuid));
    let nic = &shown["vmNics"][0];
    assert_eq!(text(&nic["ip"]), vm.address.map(|address| format!("10.0.0.{address}")));
    assert_eq!(nic["usedIps"].as_array().unwrap().len(), usize::from(vm.address.is_some()));
    let volumes = shown["allVolumes"].as_array().unwrap();
    assert_eq!(volumes.len(), usize::from(vm.root.is_some()) + usize::from(vm.data));
    if let Some(root) = &vm.root {
        assert_eq!(volumes[0]["size"], root.gib << 30);
        assert_eq!(volumes[0]["status"], if root.deleted { "Deleted" } else { "Ready" });
        assert_eq!(volumes[0]["uuid"], shown["rootVolumeUuid"]);
    }
    let drives = shown["vmCdRoms"].as_array().unwrap();
    assert_eq!(drives.len(), vm.drives.len());
    drives.iter().zip(&vm.drives).for_each(|(shown, drive)| check_drive(shown, drive));
}

pub(super) fn check_drive(shown: &Value, drive: &Drive) {
    assert_eq!(shown["uuid"], drive.uuid);
    assert_eq!(shown["deviceId"], drive.device_id);
    assert_eq!(shown["name"], drive.name);
    assert_eq!(shown["isoUuid"], json!(drive.iso.map(image_uuid)));
    assert_eq!(shown.get("isoInstallPath").is_some(), drive.file);
}

fn state(word: &str) -> State {
    match word {
        "Created" => State::Created,
        "Running" => State::Running,
        "Stopped" => State::Stopped,
        "Paused" => State::Paused,
        "Crashed" => State::Crashed,
        "Destroyed" => State::Destroyed,
        other => panic!("unexpected state {other}"),
    }
}

fn last_number(ip: &str) -> u8 {
    ip.rsplit('.').next().unwrap().parse().unwrap()
}
