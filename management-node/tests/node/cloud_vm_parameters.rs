//! Tests of the parameters and tags of new VM instances.

use serde_json::{Value, json};

use crate::cloud_vm_instances::{Sample, first, get, uuid};
use crate::local::{Answer, code, inventory};

const GIB: i64 = 1 << 30;
const MISSING: &str = "ffffffffffff4fff8fffffffffffffff";

fn details(answer: &Answer) -> String {
    answer.1["error"].to_string()
}

#[tokio::test]
async fn nics_get_the_requested_addresses() {
    let sample = Sample::new().await;
    let (network, ip, mac) = (&sample.network, sample.free_ip().await, "fa:16:3e:00:00:07");
    let tags = json!([
        format!("staticIp::{network}::{ip}"),
        format!("customMac::{network}::{mac}"),
        "hostname::web"
    ]);
    let settings = json!([{"l3NetworkUuid": network, "driverType": "e1000"}]).to_string();
    let vm = inventory(sample.create_with(json!({"vmNicParams": settings}), tags).await);
    let nic = &vm["vmNics"][0];
    assert_eq!((&nic["ip"], &nic["mac"], &nic["driverType"]), (&json!(ip), &json!(mac), &json!("e1000")));
    assert_eq!(nic["usedIps"][0]["ip"], *ip);
    // The tag with the MAC address has an effect on the creation alone.
    assert_eq!(sample.tags(&vm).await, ["hostname::web".to_owned(), format!("staticIp::{network}::{ip}")]);
    // A recovered VM instance gets the static address again.
    let path = format!("/zstack/v1/vm-instances/{}", uuid(&vm));
    assert_eq!(sample.local.send("DELETE", &path, "").await.0, 200);
    let recovered = inventory(sample.act(&vm, "recoverVmInstance", json!({})).await);
    assert!(recovered["vmNics"][0].get("ip").is_none(), "{recovered}");
    let started = inventory(sample.act(&vm, "startVmInstance", json!({})).await);
    assert_eq!(started["vmNics"][0]["ip"], *ip);

    let free = sample.free_ip().await;
    for (tags, expected) in [
        (vec![format!("staticIp::{network}::{ip}")], "SYS.1007"),
        (vec![format!("staticIp::{network}::203.0.113.9")], "SYS.1007"),
        (vec![format!("staticIp::{network}::web")], "SYS.1007"),
        (vec![format!("staticIp::{MISSING}::{free}")], "SYS.1007"),
        (vec![format!("customMac::{network}::{mac}")], "SYS.1006"),
        (vec![format!("customMac::{network}::fa:16:3e")], "SYS.1007"),
    ] {
        let answer = sample.create_with(json!({}), json!(tags)).await;
        assert_eq!(code(&answer), expected, "{tags:?} {}", details(&answer));
    }
    for settings in ["[", "{}", "[1]", r#"[{"l3NetworkUuid": "x"}]"#] {
        let answer = sample.create(json!({"vmNicParams": settings})).await;
        assert!(matches!(code(&answer), "SYS.1006" | "SYS.1007"), "{settings} {}", details(&answer));
    }
    let wrong = json!([{"l3NetworkUuid": network, "driverType": "x"}]).to_string();
    assert_eq!(code(&sample.create(json!({"vmNicParams": wrong})).await), "SYS.1006");
}

#[tokio::test]
async fn drivers_follow_from_image_and_request() {
    let sample = Sample::new().await;
    let image = get(&sample.local, &format!("images?q=uuid={}", sample.template)).await;
    let usual = if image["inventories"][0]["virtio"] == true { "virtio" } else { "e1000" };
    for (params, expected) in
        [(json!({}), usual), (json!({"virtio": false}), "e1000"), (json!({"virtio": true}), "virtio")]
    {
        let vm = inventory(sample.create(params).await);
        assert_eq!(vm["vmNics"][0]["driverType"], expected);
    }
}

#[tokio::test]
async fn volumes_have_offerings_tags_and_storages() {
    let sample = Sample::new().await;
    let offering =
        inventory(sample.post("disk-offerings", json!({"name": "big", "diskSize": 50 * GIB})).await);
    let offering = uuid(&offering);
    let params = json!({
        "rootDiskOfferingUuid": offering, "dataDiskOfferingUuids": [offering], "dataDiskSizes": [GIB],
        "rootVolumeSystemTags": ["volumeProvisioningStrategy::ThinProvisioning"],
        "dataVolumeSystemTags": ["capability::virtio-scsi"],
        "dataVolumeSystemTagsOnIndex": {"1": ["volumeProvisioningStrategy::ThickProvisioning", "ephemeral::x"]},
    });
    let vm = inventory(sample.create(params).await);
    let volumes = vm["allVolumes"].as_array().unwrap();
    let of = |field: &str| volumes.iter().map(|volume| volume[field].clone()).collect::<Value>();
    assert_eq!(of("diskOfferingUuid"), json!([offering, offering, null]));
    assert_eq!(of("size"), json!([50 * GIB, 50 * GIB, GIB]));
    assert_eq!(of("description")[0], format!("Root volume for VM[uuid:{}]", uuid(&vm)));
    for (volume, expected) in volumes.iter().zip([
        &["volumeProvisioningStrategy::ThinProvisioning"][..],
        &["capability::virtio-scsi"],
        &["capability::virtio-scsi", "volumeProvisioningStrategy::ThickProvisioning"],
    ]) {
        assert_eq!(sample.tags(volume).await, expected);
    }
    // A template for data volumes, and another primary storage.
    let other = get(&sample.local, "primary-storage?q=type=LocalStorage").await["inventories"][0].clone();
    let path = format!("images/data-volume-templates/from/volumes/{}", uuid(&volumes[2]));
    let backup = first(&sample.local, "backup-storage?q=type=ImageStoreBackupStorage").await;
    let template =
        inventory(sample.post(&path, json!({"name": "data", "backupStorageUuids": [backup]})).await);
    let tag = format!("primaryStorageUuidForDataVolume::{}", uuid(&other));
    let params = json!({"dataVolumeTemplateUuids": [uuid(&template)]});
    let vm = inventory(sample.create_with(params, json!([tag])).await);
    let data = &vm["allVolumes"][1];
    assert_eq!((&data["rootImageUuid"], &data["size"]), (&template["uuid"], &template["size"]));
    assert_eq!(data["primaryStorageUuid"], other["uuid"]);
}

#[tokio::test]
async fn disks_replace_the_other_parameters_for_volumes() {
    let sample = Sample::new().await;
    let boot =
        json!({"boot": true, "templateUuid": sample.template, "size": 100 * GIB, "guestOsType": "Debian 12"});
    let disks = |others: Value| {
        let mut disks = vec![boot.clone()];
        disks.extend(others.as_array().unwrap().clone());
        json!({"imageUuid": null, "diskAOs": disks})
    };
    let others =
        json!([{"size": GIB, "systemTags": ["capability::virtio-scsi"]}, {"size": 2 * GIB, "name": "logs"}]);
    let vm = inventory(sample.create(disks(others)).await);
    assert_eq!((&vm["imageUuid"], &vm["guestOsType"]), (&json!(sample.template), &json!("Debian 12")));
    let volumes = vm["allVolumes"].as_array().unwrap();
    let of = |field: &str| volumes.iter().map(|volume| volume[field].clone()).collect::<Value>();
    assert_eq!(of("name"), json!(["ROOT-for-new", "DATA-for-new-1", "logs"]));
    assert_eq!(of("size"), json!([100 * GIB, GIB, 2 * GIB]));
    assert_eq!(sample.tags(&volumes[1]).await, ["capability::virtio-scsi"]);
    for (params, expected) in [
        (json!({"diskAOs": [{"size": GIB}]}), "SYS.1007"),
        (json!({"diskAOs": [boot, boot]}), "SYS.1007"),
        (disks(json!([{}])), "SYS.1006"),
        (disks(json!([{"size": GIB, "templateUuid": sample.template}])), "SYS.1006"),
        (disks(json!([{"size": -1}])), "SYS.1006"),
        (disks(json!([{"templateUuid": sample.template}])), "SYS.1007"),
        (disks(json!([{"diskOfferingUuid": MISSING}])), "SYS.1003"),
        (disks(json!([{"size": GIB, "primaryStorageUuid": MISSING}])), "SYS.1003"),
        (disks(json!([{"sourceUuid": MISSING, "sourceType": "VolumeVO"}])), "SYS.1006"),
    ] {
        let answer = sample.create(params.clone()).await;
        assert_eq!(code(&answer), expected, "{params} {}", details(&answer));
    }
}

#[tokio::test]
async fn settings_decide_names_and_drives() {
    let sample = Sample::new().await;
    sample.set("vm", "vmDefaultCdRomNum", "2").await;
    let vm = inventory(sample.create_with(json!({"strategy": "CreateStopped"}), json!([])).await);
    assert_eq!(vm["vmCdRoms"].as_array().unwrap().len(), 2);
    sample.set("vm", "maximumCdRomNum", "2").await;
    let drive = json!({"name": "third", "vmInstanceUuid": uuid(&vm)});
    assert_eq!(code(&sample.post("vm-instances/cdroms", drive).await), "SYS.1006");
    let tag = json!(["cdroms::EMPTY::empty::empty"]);
    let answer = sample.create_with(json!({}), tag).await;
    assert_eq!((code(&answer), &answer.1["error"]["cause"]["code"]), ("VM.1000", &json!("SYS.1006")));
    sample.set("vm", "uniqueVmName", "true").await;
    assert_eq!(code(&sample.create(json!({})).await), "SYS.1006");
    inventory(sample.create(json!({"name": "another"})).await);
}

#[tokio::test]
async fn other_parameters_are_stored() {
    let sample = Sample::new().await;
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Q1m1mP0w7b3dM3vYpZ5r8bG1wKq9r2T6kC4s1yV2u";
    let pair = inventory(sample.post("ssh-key-pair", json!({"name": "key", "publicKey": key})).await);
    let params = json!({
        "instanceOfferingUuid": null, "cpuNum": 2, "memorySize": 4 * GIB, "reservedMemorySize": GIB,
        "sshKeyPairUuids": [uuid(&pair)], "platform": "Windows", "guestOsType": "Windows 11",
    });
    let tags =
        json!(["usbRedirect::true", "qemuga", "sshkey::ssh-rsa AAAA", "vmPriority::High", "ephemeral::x"]);
    let vm = inventory(sample.create_with(params, tags).await);
    let of = |field: &str| vm[field].clone();
    assert_eq!(
        ["cpuNum", "memorySize", "reservedMemorySize"].map(of),
        [json!(2), json!(4 * GIB), json!(GIB)]
    );
    assert_eq!(
        ["platform", "guestOsType", "type"].map(of),
        ["Windows", "Windows 11", "UserVm"].map(Value::from)
    );
    assert!(vm.get("allocatorStrategy").is_none(), "{vm}");
    assert_eq!(
        sample.tags(&vm).await,
        ["qemuga", "sshkey::ssh-rsa AAAA", "usbRedirect::true", "vmPriority::High"]
    );
    let path = format!("/zstack/v1/ssh-key-pair/{}", uuid(&pair));
    assert_eq!(code(&sample.local.send("DELETE", &path, "").await), "SYS.1007");
    let detach = format!("/zstack/v1/ssh-key-pair/{}/vm-instance/{}", uuid(&pair), uuid(&vm));
    assert_eq!(sample.local.send("DELETE", &detach, "").await.0, 200);
    let params =
        json!({"instanceOfferingUuid": null, "cpuNum": 1, "memorySize": GIB, "reservedMemorySize": 2 * GIB});
    assert_eq!(code(&sample.create(params).await), "SYS.1007");
}

/// The values of some tags have rules, whichever operation sets them.
#[tokio::test]
async fn values_of_tags_are_checked() {
    let sample = Sample::new().await;
    let vm = inventory(sample.create(json!({})).await);
    for (tag, action, params) in [
        ("hostname::a b", "setVmHostname", json!({"hostname": "a b"})),
        ("bootMode::Uefi", "setVmBootMode", json!({"bootMode": "Uefi"})),
        ("consolePassword::password1", "setVmConsolePassword", json!({"consolePassword": "password1"})),
        ("bootOrder::Floppy", "setVmBootOrder", json!({"bootOrder": ["Floppy"]})),
        ("userdata::#cloud-config", "", json!({})),
    ] {
        let created = sample.create_with(json!({}), json!([tag])).await;
        assert_eq!(code(&created), "SYS.1007", "{tag}");
        let params_of_tag = json!({"resourceType": "VmInstanceVO", "resourceUuid": uuid(&vm), "tag": tag});
        assert_eq!(code(&sample.post("system-tags", params_of_tag).await), "SYS.1007", "{tag}");
        if !action.is_empty() {
            assert_eq!(code(&sample.act(&vm, action, params).await), "SYS.1007", "{action}");
        }
    }
    let twice = sample.create_with(json!({}), json!(["hostname::a", "hostname::b"])).await;
    assert_eq!(code(&twice), "SYS.1007");
    assert_eq!(sample.tags(&vm).await, Vec::<String>::new());
}
