//! Tests of the effects of operations on the resources that callers see.

use serde_json::{Value, json};
use zstack_node::store::Store as _;

use crate::local::sample::{
    ALICE_NOTES, BARE_1, CACHE_1, DB_1, DRIVERS, INSTALLER_1, OLD_1, RESCUE, TEMPLATE, WEB_1, WINDOWS_1,
};
use crate::local::{Local, code, inventory, names};
use crate::records::{self, VolumeSnapshot};

fn drive(vm: &Value, index: usize) -> &Value {
    &vm["vmCdRoms"][index]
}

#[tokio::test]
async fn attaching_to_a_running_vm_sets_the_install_path() {
    let local = Local::sample().await;
    local.clock.advance(90);
    let vm = inventory(local.attach(WEB_1, RESCUE).await);
    let drive = drive(&vm, 0);
    assert_eq!(drive["isoUuid"], RESCUE);
    assert_eq!(drive["isoInstallPath"], format!("/zstack_ps/imagecache/iso/{RESCUE}/{RESCUE}.iso"));
    assert_eq!(drive["lastOpDate"], "Jan 1, 2027 12:01:30 PM");
    assert_eq!(drive["createDate"], "Mar 2, 2026 8:30:00 AM");
    // The VM itself has not changed.
    assert_eq!(vm["lastOpDate"], "Mar 2, 2026 8:30:00 AM");
    assert_eq!(vm["state"], "Running");
}

#[tokio::test]
async fn attaching_to_a_stopped_vm_sets_no_install_path() {
    let local = Local::sample().await;
    let vm = inventory(local.attach(DB_1, RESCUE).await);
    assert_eq!(drive(&vm, 0)["isoUuid"], RESCUE);
    assert_eq!(drive(&vm, 0).get("isoInstallPath"), None);
}

#[tokio::test]
async fn attaching_uses_the_first_empty_drive_or_the_given_one() {
    let local = Local::sample().await;
    for name in ["a", "b", "c"] {
        inventory(local.create_cd_rom(&format!(r#"{{"name":"{name}","vmInstanceUuid":"{BARE_1}"}}"#)).await);
    }
    let vm = inventory(local.attach(BARE_1, RESCUE).await);
    assert_eq!(drive(&vm, 0)["isoUuid"], RESCUE);
    let last = drive(&vm, 2)["uuid"].as_str().unwrap();
    // The tags are inside of the key. An empty tag is ignored, and then the first one
    // counts.
    let path = format!("/zstack/v1/vm-instances/{BARE_1}/iso/{DRIVERS}");
    let body =
        json!({"null": {"systemTags": ["cdromUuid::", format!("cdromUuid::{last}"), "cdromUuid::unknown"]}});
    let vm = inventory(local.send("POST", &path, &body.to_string()).await);
    assert_eq!(drive(&vm, 2)["isoUuid"], DRIVERS);
    assert_eq!(drive(&vm, 1).get("isoUuid"), None);
}

#[tokio::test]
async fn detaching_keeps_the_drive() {
    let local = Local::sample().await;
    inventory(local.attach(WEB_1, RESCUE).await);
    local.clock.advance(60);
    let vm = inventory(local.detach(WEB_1, "").await);
    let drive = drive(&vm, 0);
    for key in ["isoUuid", "isoInstallPath", "protocol"] {
        assert_eq!(drive.get(key), None, "{key}");
    }
    assert_eq!(drive["lastOpDate"], "Jan 1, 2027 12:01:00 PM");
    // Detaching again succeeds and changes nothing.
    local.clock.advance(60);
    let again = inventory(local.detach(WEB_1, &format!("?isoUuid={RESCUE}&deleteMode=Permissive")).await);
    assert_eq!(again, vm);
}

#[tokio::test]
async fn detaching_one_iso_keeps_the_other() {
    let local = Local::sample().await;
    assert_eq!(code(&local.detach(WINDOWS_1, "").await), "SYS.1006");
    let vm = inventory(local.detach(WINDOWS_1, &format!("?isoUuid={RESCUE}")).await);
    assert_eq!(drive(&vm, 0)["isoUuid"], DRIVERS);
    assert_eq!(drive(&vm, 1).get("isoUuid"), None);
    let vm = inventory(local.detach(WINDOWS_1, "").await);
    assert_eq!(drive(&vm, 0).get("isoUuid"), None);
}

#[tokio::test]
async fn drives_get_the_lowest_free_device_id() {
    let local = Local::sample().await;
    let create = |name: &str| {
        let params = format!(r#"{{"name":"{name}","vmInstanceUuid":"{DB_1}","description":"{name}!"}}"#);
        let local = &local;
        async move { local.create_cd_rom(&params).await }
    };
    let first = inventory(create("one").await);
    assert_eq!((first["deviceId"].as_i64(), first["description"].as_str()), (Some(1), Some("one!")));
    assert_eq!(first["vmInstanceUuid"], DB_1);
    assert_eq!(first.get("isoUuid"), None);
    assert_eq!(inventory(create("two").await)["deviceId"], 2);
    assert_eq!(code(&create("three").await), "SYS.1006");
}

#[tokio::test]
async fn a_drive_can_be_created_with_a_given_uuid_once() {
    let local = Local::sample().await;
    let params = json!({
        "name": " cd ", "vmInstanceUuid": BARE_1, "resourceUuid": "5b1e0d6c2f9a3c47a8d0e6b4c9f17a23", "isoUuid": RESCUE,
    });
    let drive = inventory(local.create_cd_rom(&params.to_string()).await);
    assert_eq!(drive["uuid"], "5b1e0d6c2f9a3c47a8d0e6b4c9f17a23");
    assert_eq!(drive["name"], "cd");
    assert_eq!(drive["isoUuid"], RESCUE);
    assert_eq!(drive.get("isoInstallPath"), None);
    let params = json!({
        "name": "cd", "vmInstanceUuid": DB_1, "resourceUuid": "5b1e0d6c2f9a3c47a8d0e6b4c9f17a23",
    });
    let again = local.create_cd_rom(&params.to_string()).await;
    assert_eq!(code(&again), "SYS.1000");
    assert!(again.1["error"]["details"].as_str().unwrap().contains("choose another UUID"), "{}", again.1);
    // The 13th digit is the version, and the platform does not know version 6.
    let params = json!({
        "name": "cd", "vmInstanceUuid": DB_1, "resourceUuid": "5b1e0d6c2f9a6c47a8d0e6b4c9f17a23",
    });
    assert_eq!(code(&local.create_cd_rom(&params.to_string()).await), "SYS.1007");
}

#[tokio::test]
async fn reimaging_resets_the_root_volume_and_keeps_snapshots() {
    let local = Local::sample().await;
    inventory(local.attach(DB_1, RESCUE).await);
    let before = inventory(local.detach(DB_1, "?isoUuid=x").await);
    local.clock.advance(3600);
    let after = inventory(local.reimage(DB_1).await);

    let (old, new) = (&before["allVolumes"][0], &after["allVolumes"][0]);
    let folder =
        |volume: &Value| volume["installPath"].as_str().unwrap().rsplit_once('/').unwrap().0.to_owned();
    assert_eq!(folder(old), folder(new));
    assert_ne!(old["installPath"], new["installPath"]);
    let file = new["installPath"].as_str().unwrap().rsplit_once('/').unwrap().1;
    assert!(file.ends_with(".qcow2") && file.len() == 32 + 6, "{file}");
    // 40 GiB shrink back to the 20 GiB of the image.
    assert_eq!((old["size"].as_i64(), new["size"].as_i64()), (Some(40 << 30), Some(20 << 30)));
    assert_eq!(new["actualSize"], 900_i64 << 20);
    assert_eq!(new["lastOpDate"], "Jan 1, 2027 1:00:00 PM");
    // Nothing else has changed.
    let mut same = after.clone();
    same["allVolumes"][0] = old.clone();
    assert_eq!(same, before);

    // A snapshot has the old root volume, and the next snapshot is based on it.
    let root = old["uuid"].as_str().unwrap();
    let store = local.app.store();
    let latest = async || -> VolumeSnapshot {
        let snapshots = store.documents_with("VolumeSnapshot", "volumeUuid", root).await.unwrap();
        let snapshots: Vec<VolumeSnapshot> = snapshots.iter().map(records::read).collect();
        snapshots.into_iter().find(|snapshot| snapshot.latest).unwrap()
    };
    let first = latest().await;
    assert_eq!(first.name, format!("reimage-vm-point-{DB_1}-20270101130000"));
    assert_eq!(Some(first.install_path.as_str()), old["installPath"].as_str());
    inventory(local.reimage(DB_1).await);
    let second = latest().await;
    assert_eq!(second.parent_uuid, Some(first.uuid));
    assert_eq!((second.tree_uuid, second.distance), (first.tree_uuid, 2));
}

#[tokio::test]
async fn impossible_reimages_are_refused() {
    let local = Local::sample().await;
    assert_eq!(code(&local.reimage(WEB_1).await), "VM.1014");
    assert_eq!(code(&local.reimage(CACHE_1).await), "VM.1014");
    assert_eq!(code(&local.reimage(OLD_1).await), "VM.1014");
    assert_eq!(code(&local.reimage(INSTALLER_1).await), "VM.1015");
}

#[tokio::test]
async fn candidates_are_running_or_stopped_and_oldest_first() {
    let local = Local::sample().await;
    let all = ["web-1", "db-1", "installer-1", "windows-1", "bare-1", "alice-notes"];
    // The drives of the VM and the type of the image do not matter.
    assert_eq!(names(&local.candidates(RESCUE).await), all);
    assert_eq!(names(&local.candidates(TEMPLATE).await), all);
}

#[tokio::test]
async fn accounts_can_access_only_their_own_resources() {
    let mut local = Local::sample().await;
    local.session = local.log_in("alice", "wonderland").await;
    assert_eq!(names(&local.candidates(RESCUE).await), ["alice-notes"]);
    inventory(local.attach(ALICE_NOTES, RESCUE).await);
    // The ISO with drivers is not shared.
    assert_eq!(code(&local.attach(ALICE_NOTES, DRIVERS).await), "SYS.1006");
    for refused in [local.attach(DB_1, RESCUE).await, local.detach(DB_1, "").await, local.reimage(DB_1).await]
    {
        assert_eq!(code(&refused), "SYS.1006");
        assert!(
            refused.1["error"]["details"].as_str().unwrap().contains("Permission denied"),
            "{}",
            refused.1
        );
    }
}

#[tokio::test]
async fn a_vm_instance_has_the_fields_of_the_platform() {
    let local = Local::sample().await;
    let (_, answer) = local.candidates(RESCUE).await;
    let web = &answer["inventories"][0];
    let keys = |inventory: &Value| inventory.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(!answer.to_string().contains("null"), "{answer}");
    assert_eq!(web["memorySize"], 2_i64 << 30);
    assert_eq!(web["cpuSpeed"], 0);
    assert_eq!(web["internalId"], 1);
    let nic = &web["vmNics"][0];
    assert_eq!((nic["ip"].as_str(), nic["ipVersion"].as_i64()), (Some("192.168.1.10"), Some(4)));
    assert_eq!(nic["usedIpUuid"], nic["usedIps"][0]["uuid"]);
    assert_eq!(nic["usedIps"][0]["ipInLong"], 3_232_235_786_i64);
    assert_eq!(nic["usedIps"][0]["ipInBinary"], json!([-64, -88, 1, 10]));
    assert_eq!(nic["usedIps"][1]["ipVersion"], 6);
    assert_eq!(nic["usedIps"][1]["netmask"], "ffff:ffff:ffff:ffff::");
    // A stopped VM has no host. Empty lists are present.
    let bare = &answer["inventories"][4];
    assert_eq!(bare["name"], "bare-1");
    assert!(!keys(bare).contains(&"hostUuid".to_owned()));
    for list in ["vmNics", "vmCdRoms"] {
        assert_eq!(bare[list], json!([]), "{list}");
    }
    let db = &answer["inventories"][1];
    let volumes = db["allVolumes"].as_array().unwrap().iter();
    let device_ids: Vec<_> = volumes.map(|volume| volume["deviceId"].as_i64()).collect();
    assert_eq!(device_ids, [Some(0), Some(1)]);
}
