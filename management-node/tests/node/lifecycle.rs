//! Tests of the life of VM instances and drives, as callers see it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use zstack_node::inventory;
use zstack_node::model::Changes;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_node::uuids;

use crate::local::sample::{
    BARE_1, CACHE_1, DB_1, DRIVERS, INSTALLER_1, KVM_1, KVM_2, OLD_1, RESCUE, TEMPLATE, WEB_1, WINDOWS_1,
};
use crate::local::{Local, assert_empty, code, inventory as vm_of};
use crate::records;

/// A valid UUID without a resource.
const UNKNOWN: &str = "00000000000040008000000000000000";

/// Returns the values of some fields; null for a missing one.
fn fields(inventory: &Value, keys: [&str; 3]) -> Value {
    keys.iter().map(|key| inventory[*key].clone()).collect()
}

const PLACEMENT: [&str; 3] = ["state", "hostUuid", "lastHostUuid"];

#[tokio::test]
async fn starting_uses_the_host_with_the_fewest_vms() {
    let local = Local::sample().await;
    local.clock.advance(60);
    // One VM is on the first host, two are on the second.
    let vm = vm_of(local.start(DB_1).await);
    assert_eq!(fields(&vm, PLACEMENT), json!(["Running", KVM_1, KVM_1]));
    assert_eq!(vm["lastOpDate"], "Jan 1, 2027 12:01:00 PM");
    // Now both have two, so the first one by age and UUID is chosen.
    assert_eq!(vm_of(local.start(BARE_1).await)["hostUuid"], KVM_1);
    assert_eq!(vm_of(local.start(INSTALLER_1).await)["hostUuid"], KVM_2);
    // A running VM is not changed.
    local.clock.advance(60);
    assert_eq!(vm_of(local.start(DB_1).await), vm);
}

#[tokio::test]
async fn starting_uses_the_requested_host_or_cluster() {
    let local = Local::sample().await;
    let start = async |params: Value| local.act(DB_1, "startVmInstance", &params.to_string()).await;
    assert_eq!(vm_of(start(json!({"hostUuid": KVM_2})).await)["hostUuid"], KVM_2);
    vm_of(local.stop(DB_1).await);
    let store = local.app.store();
    let mut vm = records::instance(store.as_ref(), DB_1).await;
    vm.allocator_strategy = Some("LastHostPreferredAllocatorStrategy".to_owned());
    store.commit(Changes { guards: vec![], edits: vec![records::put(vm)] }).await.unwrap();
    // The second host has more VMs, but was the last one.
    assert_eq!(vm_of(start(json!({})).await)["hostUuid"], KVM_2);
    vm_of(local.stop(DB_1).await);
    assert_eq!(vm_of(start(json!({"hostUuid": KVM_1})).await)["hostUuid"], KVM_1);
}

#[tokio::test]
async fn stopping_clears_the_host_and_keeps_the_isos() {
    let local = Local::sample().await;
    let before = vm_of(local.attach(WEB_1, RESCUE).await);
    local.clock.advance(60);
    let vm = vm_of(local.stop(WEB_1).await);
    assert_eq!(fields(&vm, PLACEMENT), json!(["Stopped", null, KVM_1]));
    assert_eq!(vm["lastOpDate"], "Jan 1, 2027 12:01:00 PM");
    for same in ["vmCdRoms", "vmNics", "allVolumes", "clusterUuid"] {
        assert_eq!(vm[same], before[same], "{same}");
    }
    local.clock.advance(60);
    assert_eq!(vm_of(local.stop(WEB_1).await), vm);
}

#[tokio::test]
async fn starting_and_rebooting_set_the_install_paths_of_isos() {
    let local = Local::sample().await;
    // Attached while stopped, so without an install path.
    let drive = vm_of(local.attach(DB_1, RESCUE).await)["vmCdRoms"][0].clone();
    assert_eq!(drive.get("isoInstallPath"), None);
    local.clock.advance(60);
    let drive = vm_of(local.start(DB_1).await)["vmCdRoms"][0].clone();
    assert_eq!(drive["isoInstallPath"], format!("/zstack_local/imagecache/iso/{RESCUE}/{RESCUE}.iso"));
    assert_eq!(drive["lastOpDate"], "Jan 1, 2027 12:01:00 PM");
    local.clock.advance(60);
    let vm = vm_of(local.act(DB_1, "rebootVmInstance", "{}").await);
    assert_eq!(fields(&vm, PLACEMENT), json!(["Running", KVM_1, KVM_1]));
    assert_eq!(vm["lastOpDate"], "Jan 1, 2027 12:02:00 PM");
    // The drive already had its install path.
    assert_eq!(vm["vmCdRoms"][0], drive);
}

#[tokio::test]
async fn pausing_and_resuming_keep_the_host() {
    let local = Local::sample().await;
    local.clock.advance(60);
    let vm = vm_of(local.act(CACHE_1, "resumeVmInstance", "{}").await);
    assert_eq!(fields(&vm, PLACEMENT), json!(["Running", KVM_2, KVM_2]));
    assert_eq!(vm["lastOpDate"], "Jan 1, 2027 12:01:00 PM");
    let vm = vm_of(local.act(CACHE_1, "pauseVmInstance", "{}").await);
    assert_eq!(fields(&vm, PLACEMENT), json!(["Paused", KVM_2, KVM_2]));
    assert_eq!(fields(&vm_of(local.stop(CACHE_1).await), PLACEMENT), json!(["Stopped", null, KVM_2]));
}

#[tokio::test]
async fn a_destroyed_vm_can_be_recovered_and_started() {
    let local = Local::sample().await;
    let before = vm_of(local.attach(DB_1, RESCUE).await);
    local.clock.advance(60);
    assert_empty(&local.destroy(DB_1).await);
    // Destroying it again changes nothing.
    local.clock.advance(60);
    assert_empty(
        &local.send("DELETE", &format!("/zstack/v1/vm-instances/{DB_1}?deleteMode=Enforcing"), "").await,
    );
    let vm = records::vm(local.app.store().as_ref(), DB_1).await.unwrap();
    assert_eq!(vm.instance.state.to_string(), "Destroyed");
    assert_eq!(vm.instance.last_op_date.to_string(), "2027-01-01T12:01:00Z");
    assert_eq!(vm.volumes.len(), 1);
    assert_eq!(vm.volumes[0].status.to_string(), "Deleted");
    assert_eq!((vm.nics.len(), vm.ips.len()), (1, 0));
    assert_eq!(code(&local.attach(DB_1, DRIVERS).await), "SYS.1006");

    let vm = vm_of(local.recover(DB_1).await);
    assert_eq!(fields(&vm, PLACEMENT), json!(["Stopped", null, KVM_2]));
    assert_eq!(vm["allVolumes"][0]["status"], "Ready");
    assert_eq!(vm["allVolumes"].as_array().unwrap().len(), 1, "the data volume stays detached");
    assert_eq!(vm["vmCdRoms"], before["vmCdRoms"]);
    let nic = &vm["vmNics"][0];
    assert_eq!(nic["uuid"], before["vmNics"][0]["uuid"]);
    assert_eq!(nic["usedIps"], json!([]));
    for gone in ["ip", "netmask", "gateway", "usedIpUuid"] {
        assert_eq!(nic.get(gone), None, "{gone}");
    }

    // It gets the lowest free addresses; the first one is the gateway.
    let vm = vm_of(local.start(DB_1).await);
    let nic = &vm["vmNics"][0];
    assert_eq!(
        fields(nic, ["ip", "netmask", "gateway"]),
        json!(["192.168.1.2", "255.255.255.0", "192.168.1.1"])
    );
    assert_eq!(nic["usedIpUuid"], nic["usedIps"][0]["uuid"]);
    assert_eq!(nic["usedIps"][1]["ip"], "fd00:0:0:1::2");
    // Stopping keeps the addresses.
    vm_of(local.stop(DB_1).await);
    assert_eq!(vm_of(local.start(DB_1).await)["vmNics"], vm["vmNics"]);
}

#[tokio::test]
async fn destroying_and_deleting_unknown_uuids_succeeds() {
    let local = Local::sample().await;
    assert_empty(&local.destroy(UNKNOWN).await);
    assert_empty(&local.delete_cd_rom(UNKNOWN).await);
    for malformed in [local.destroy("web-1").await, local.delete_cd_rom("cd-1").await] {
        assert_eq!(code(&malformed), "SYS.1003");
    }
    let odd = local.send("DELETE", &format!("/zstack/v1/vm-instances/{WEB_1}?deleteMode=Gently"), "").await;
    assert_eq!(code(&odd), "SYS.1007");
    assert_eq!(code(&local.expunge(UNKNOWN).await), "SYS.1003");
}

#[tokio::test]
async fn expunging_deletes_all_but_the_data_volumes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let mut local = Local::over(SqliteStore::open(&path).unwrap(), true).await;
    local.session = local.log_in("admin", "password").await;
    for _ in 0..3 {
        vm_of(local.reimage(DB_1).await);
    }
    let store = local.app.store().as_ref();
    let root = records::vm(store, DB_1).await.unwrap().volumes[0].uuid.clone();
    assert!(!store.documents_with("VolumeSnapshot", "volumeUuid", &root).await.unwrap().is_empty());
    assert_empty(&local.destroy(DB_1).await);
    assert_empty(&local.expunge(DB_1).await);
    assert_eq!(records::vm(store, DB_1).await, None);
    assert_eq!(code(&local.start(DB_1).await), "SYS.1003");
    assert_eq!(code(&local.recover(DB_1).await), "SYS.1003");
    assert_empty(&local.destroy(DB_1).await);
    // Destroyed in the sample.
    assert_empty(&local.expunge(OLD_1).await);

    local.app.store().close().await;
    let file = Connection::open(&path).unwrap();
    let count = |sql: &str| file.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap();
    let of_base = |base: &str, condition: &str| {
        count(&format!("SELECT count(*) FROM document WHERE base = '{base}' AND {condition}"))
    };
    for base in ["VmNic", "VmCdRom", "Volume"] {
        let of_vms = format!("body ->> 'vmInstanceUuid' IN ('{DB_1}', '{OLD_1}')");
        assert_eq!(of_base(base, &of_vms), 0, "{base}");
    }
    assert_eq!(of_base("VmInstance", "TRUE"), 6);
    assert_eq!(of_base("VolumeSnapshot", "TRUE"), 0);
    let data = format!(
        "body ->> 'type' = 'Data' AND body ->> 'vmInstanceUuid' IS NULL AND body ->> 'deviceId' IS NULL \
         AND body ->> 'lastVmInstanceUuid' = '{DB_1}' AND body ->> 'lastDetachDate' IS NOT NULL \
         AND body ->> 'status' = 'Ready'"
    );
    assert_eq!(of_base("Volume", &data), 1);
}

#[tokio::test]
async fn the_first_start_creates_the_root_volume() {
    const CLOUD: &str = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts: [{name: host, managementIp: 10.0.0.1}]
networks: [{name: net, ranges: [{cidr: 10.0.0.0/24, gateway: 10.0.0.1}]}]
primaryStorages: [{name: ceph, type: Ceph, url: /ceph}, {name: nfs, type: NFS, url: /nfs}]
backupStorages: [{name: sftp, type: SftpBackupStorage, url: /bs}]
images: [{name: linux, size: 20GiB, actualSize: 1GiB, backupStorages: [sftp]}]
vms:
  - {name: one, uuid: d0000000000040008000000000000001, image: linux, state: Created, nics: [{network: net}]}
  - {name: two, uuid: d0000000000040008000000000000002, image: linux, state: Created, nics: [{network: net}]}
";
    let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
    inventory::load("cloud", CLOUD, local.app.store().as_ref(), local.clock.as_ref()).await.unwrap();
    local.session = local.log_in("admin", "password").await;
    let mut addresses = Vec::new();
    for uuid in ["d0000000000040008000000000000001", "d0000000000040008000000000000002"] {
        let vm = vm_of(local.start(uuid).await);
        let root = &vm["allVolumes"][0];
        assert_eq!((&vm["state"], &vm["rootVolumeUuid"]), (&json!("Running"), &root["uuid"]));
        assert_eq!(fields(root, ["type", "status", "deviceId"]), json!(["Root", "Ready", 0]));
        assert_eq!((root["size"].as_i64(), root["actualSize"].as_i64()), (Some(20 << 30), Some(1 << 30)));
        // Ceph cannot copy images from the SFTP storage.
        let volume = root["uuid"].as_str().unwrap();
        let account = zstack_node::model::ADMIN_UUID;
        assert_eq!(
            root["installPath"],
            format!("/nfs/rootVolumes/acct-{account}/vol-{volume}/{volume}.qcow2")
        );
        addresses.push(vm["vmNics"][0]["ip"].clone());
        // The image is now cached, so the VM can be reimaged.
        vm_of(local.stop(uuid).await);
        vm_of(local.reimage(uuid).await);
    }
    assert_eq!(addresses, ["10.0.0.2", "10.0.0.3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_assign_different_addresses() {
    const COUNT: usize = 40;
    let mut cloud = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts: [{name: host, managementIp: 10.0.0.1}]
networks: [{name: net, ranges: [{cidr: 10.0.0.0/26, gateway: 10.0.0.1}]}]
primaryStorages: [{name: nfs, type: NFS, url: /nfs}]
backupStorages: [{name: sftp, type: SftpBackupStorage, url: /bs}]
images: [{name: linux, size: 20GiB, backupStorages: [sftp]}]
vms:
"
    .to_owned();
    for number in 0..COUNT {
        writeln!(cloud, "  - {{name: vm-{number}, image: linux, nics: [{{network: net}}]}}").unwrap();
    }
    let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
    inventory::load("cloud", &cloud, local.app.store().as_ref(), local.clock.as_ref()).await.unwrap();
    local.session = local.log_in("admin", "password").await;
    let local = Arc::new(local);
    let mut all = JoinSet::new();
    for number in 0..COUNT {
        let local = Arc::clone(&local);
        all.spawn(async move { vm_of(local.start(&uuids::from_name(&format!("vm/vm-{number}"))).await) });
    }
    let vms = all.join_all().await;
    let ips: BTreeSet<_> = vms.iter().map(|vm| vm["vmNics"][0]["ip"].as_str().unwrap()).collect();
    let lowest: Vec<_> = (2..2 + COUNT).map(|number| format!("10.0.0.{number}")).collect();
    assert_eq!(ips, lowest.iter().map(String::as_str).collect());
}

#[tokio::test]
async fn drives_can_be_renamed_swapped_and_deleted() {
    let local = Local::sample().await;
    let drives = async || {
        let vm = records::vm(local.app.store().as_ref(), WINDOWS_1).await.unwrap();
        vm.cd_roms.into_iter().map(|cd_rom| (cd_rom.device_id, cd_rom.uuid)).collect::<Vec<_>>()
    };
    let [first, second, third] = [51, 52, 53].map(|number| format!("cd0000000000400080000000000000{number}"));
    local.clock.advance(60);
    let rename = async |params: Value| {
        local.act(&format!("cdroms/{third}"), "updateVmCdRom", &params.to_string()).await
    };
    let drive = vm_of(rename(json!({"name": " tools ", "description": "For guests."})).await);
    assert_eq!(fields(&drive, ["name", "description", "deviceId"]), json!(["tools", "For guests.", 2]));
    assert_eq!(drive["lastOpDate"], "Jan 1, 2027 12:01:00 PM");
    local.clock.advance(60);
    assert_eq!(vm_of(rename(json!({})).await), drive);
    assert_eq!(vm_of(rename(json!({"name": ""})).await)["name"], "");

    let drive = vm_of(local.set_default(WINDOWS_1, &third).await);
    assert_eq!((&drive["uuid"], &drive["deviceId"]), (&json!(third), &json!(0)));
    assert_eq!(drives().await, [(0, third.clone()), (1, second.clone()), (2, first.clone())]);
    assert_eq!(code(&local.set_default(WINDOWS_1, &third).await), "SYS.1007");
    assert_eq!(code(&local.set_default(DB_1, &third).await), "SYS.1007");

    assert_eq!(code(&local.delete_cd_rom(&second).await), "SYS.1006");
    vm_of(local.stop(WINDOWS_1).await);
    assert_empty(&local.delete_cd_rom(&second).await);
    assert_empty(&local.delete_cd_rom(&second).await);
    assert_eq!(drives().await, [(0, third.clone()), (2, first.clone())]);
    // The device ID of the deleted drive is used again.
    let create = format!(r#"{{"name":"new","vmInstanceUuid":"{WINDOWS_1}"}}"#);
    assert_eq!(vm_of(local.create_cd_rom(&create).await)["deviceId"], 1);
    // Without a default drive, no other drive is swapped.
    assert_empty(&local.delete_cd_rom(&third).await);
    assert_eq!(vm_of(local.set_default(WINDOWS_1, &first).await)["deviceId"], 0);
    assert_eq!(drives().await[0], (0, first));
}

#[tokio::test]
async fn destroyed_vms_are_not_candidates() {
    // Recovered VMs are candidates again.
    let local = Local::sample().await;
    let count = async || local.candidates(TEMPLATE).await.1["inventories"].as_array().unwrap().len();
    let before = count().await;
    assert_empty(&local.destroy(WEB_1).await);
    assert_eq!(count().await, before - 1);
    vm_of(local.recover(WEB_1).await);
    assert_eq!(count().await, before);
    assert_empty(&local.destroy(WEB_1).await);
    assert_empty(&local.expunge(WEB_1).await);
    assert_eq!(count().await, before - 1);
}
