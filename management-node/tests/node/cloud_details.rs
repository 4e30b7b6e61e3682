//! Tests of details on which clients rely: the parameters and tags of new VM instances, the capacity of
//! hosts, and the times of changes.

use serde_json::{Value, json};

use crate::cloud_vm_instances::{Sample, first, get, uuid};
use crate::local::sample::{KVM_1, RESCUE};
use crate::local::{Answer, code, inventory};

const GIB: i64 = 1 << 30;
const MISSING: &str = "ffffffffffff4fff8fffffffffffffff";

impl Sample {
    /// The system tags of a resource.
    async fn tags(&self, resource: &Value) -> Vec<String> {
        let path = format!("system-tags?q=resourceUuid={}&sort=%2Btag", uuid(resource));
        let tags = get(&self.local, &path).await;
        let tags = tags["inventories"].as_array().unwrap().iter();
        tags.map(|tag| tag["tag"].as_str().unwrap().to_owned()).collect()
    }

    async fn set(&self, category: &str, name: &str, value: &str) {
        let path = format!("/zstack/v1/global-configurations/{category}/{name}/actions");
        let body = json!({"updateGlobalConfig": {"value": value}}).to_string();
        inventory(self.local.send("PUT", &path, &body).await);
    }

    async fn post(&self, path: &str, params: Value) -> Answer {
        let body = json!({"params": params}).to_string();
        self.local.send("POST", &format!("/zstack/v1/{path}"), &body).await
    }

    /// An address of the network that is free.
    async fn free_ip(&self) -> String {
        let free = get(&self.local, &format!("l3-networks/{}/ip/free?limit=9", self.network)).await;
        free["inventories"][8]["ip"].as_str().unwrap().to_owned()
    }
}

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

#[tokio::test]
async fn hosts_have_limited_capacity() {
    let sample = Sample::new().await;
    let capacity = async || {
        let capacity = get(&sample.local, &format!("hosts/capacities/cpu-memory?hostUuids={KVM_1}")).await;
        (capacity["availableCpu"].as_i64().unwrap(), capacity["availableMemory"].as_i64().unwrap())
    };
    let (cpus, memory) = capacity().await;
    let params = |memory: i64, strategy: &str| {
        json!({
            "instanceOfferingUuid": null, "cpuNum": 2, "memorySize": memory, "hostUuid": KVM_1, "strategy": strategy,
        })
    };
    // The host keeps 1 GiB for itself.
    let refused = sample.create(params(memory, "InstantStart")).await;
    assert_eq!(code(&refused), "VM.1000", "{refused:?}");
    assert_eq!(refused.1["error"]["cause"]["code"], "HOST_ALLOCATION.1000");
    let vm = inventory(sample.create(params(memory - GIB, "InstantStart")).await);
    assert_eq!(capacity().await, (cpus - 2, GIB));
    let host = get(&sample.local, &format!("hosts?q=uuid={KVM_1}")).await["inventories"][0].clone();
    assert_eq!(
        (&host["availableCpuCapacity"], &host["availableMemoryCapacity"]),
        (&json!(cpus - 2), &json!(GIB))
    );
    // A small VM instance is placed on another host, and a stopped one cannot start on this one.
    let other = inventory(sample.create(json!({"strategy": "CreateStopped"})).await);
    let refused = sample.act(&other, "startVmInstance", json!({"hostUuid": KVM_1})).await;
    assert_eq!(code(&refused), "VM.1001", "{refused:?}");
    assert_eq!(refused.1["error"]["cause"]["code"], "HOST_ALLOCATION.1000");
    assert_ne!(inventory(sample.act(&other, "startVmInstance", json!({})).await)["hostUuid"], KVM_1);
    let query = format!(
        "vm-instances/candidate-destinations?instanceOfferingUuid={}&imageUuid={}&l3NetworkUuids={}",
        sample.offering, sample.template, sample.network
    );
    let candidates = get(&sample.local, &query).await;
    let is_candidate = candidates["hosts"].as_array().unwrap().iter().any(|host| uuid(host) == KVM_1);
    assert!(!is_candidate && !candidates["hosts"].as_array().unwrap().is_empty(), "{candidates}");
    // A stopped VM instance takes nothing.
    inventory(sample.act(&vm, "stopVmInstance", json!({})).await);
    assert_eq!(capacity().await, (cpus, memory));
}

#[tokio::test]
async fn disabled_hosts_start_nothing() {
    let sample = Sample::new().await;
    let vm = inventory(sample.create(json!({"strategy": "CreateStopped"})).await);
    let path = format!("/zstack/v1/hosts/{KVM_1}/actions");
    let body = r#"{"changeHostState": {"stateEvent": "disable"}}"#;
    inventory(sample.local.send("PUT", &path, body).await);
    let refused = sample.act(&vm, "startVmInstance", json!({"hostUuid": KVM_1})).await;
    assert_eq!(refused.1["error"]["cause"]["code"], "HOST_ALLOCATION.1000");
    let path = format!("vm-instances/{}/starting-target-hosts", uuid(&vm));
    let places = get(&sample.local, &path).await;
    assert!(places["hosts"].as_array().unwrap().iter().all(|host| uuid(host) != KVM_1), "{places}");
}

/// Capacities fall when something is created, and rise when it is removed, not when it is deleted.
#[tokio::test]
async fn capacities_follow_from_the_same_accounting() {
    let sample = Sample::new().await;
    let network = &sample.network;
    let free_ips = async || {
        let capacity = get(&sample.local, &format!("ip-capacity?l3NetworkUuids={network}")).await;
        capacity["ipv4AvailableCapacity"].as_i64().unwrap()
    };
    let used = async || {
        let statistic = get(&sample.local, &format!("l3-networks/{network}/ip-statistic")).await;
        statistic["ipStatistics"].as_array().unwrap().len()
    };
    let storages = get(&sample.local, "primary-storage").await["inventories"].as_array().unwrap().clone();
    let sum = async || {
        let mut sum = 0;
        for storage in &storages {
            let path = format!("primary-storage/capacities?primaryStorageUuids={}", uuid(storage));
            sum += get(&sample.local, &path).await["availableCapacity"].as_i64().unwrap();
        }
        sum
    };
    let (before_ips, before_used, before) = (free_ips().await, used().await, sum().await);
    let vm = inventory(sample.create(json!({"dataDiskSizes": [3 * GIB]})).await);
    let root = vm["allVolumes"][0]["size"].as_i64().unwrap();
    assert_eq!(free_ips().await, before_ips - 1);
    assert!(used().await > before_used);
    // The image may have been cached, too.
    let after = sum().await;
    assert!(after <= before - root - 3 * GIB, "{before} {after}");
    let path = format!("/zstack/v1/vm-instances/{}", uuid(&vm));
    assert_eq!(sample.local.send("DELETE", &path, "").await.0, 200);
    assert_eq!((free_ips().await, used().await, sum().await), (before_ips, before_used, after));
    assert_eq!(sample.act(&vm, "expungeVmInstance", json!({})).await.0, 200);
    assert_eq!(sum().await, after + root);
    let data = uuid(&vm["allVolumes"][1]);
    assert_eq!(sample.local.send("DELETE", &format!("/zstack/v1/volumes/{data}"), "").await.0, 200);
    assert_eq!(sum().await, after + root);
    let body = r#"{"expungeDataVolume": {}}"#;
    assert_eq!(sample.local.send("PUT", &format!("/zstack/v1/volumes/{data}/actions"), body).await.0, 200);
    assert_eq!(sum().await, after + root + 3 * GIB);
}

#[tokio::test]
async fn new_images_are_complete_at_once() {
    let sample = Sample::new().await;
    let backup = first(&sample.local, "backup-storage?q=type=ImageStoreBackupStorage").await;
    for (params, media, format) in [
        (json!({"url": "http://example.com/a.qcow2", "format": "qcow2"}), "RootVolumeTemplate", "qcow2"),
        (json!({"url": "http://example.com/a.iso", "format": "iso"}), "ISO", "iso"),
        (json!({"url": "file:///a.iso", "format": "iso", "mediaType": "ISO"}), "ISO", "iso"),
    ] {
        let mut params = params;
        params["name"] = "new".into();
        params["backupStorageUuids"] = json!([backup]);
        let image = inventory(sample.post("images", params).await);
        let of = |field: &str| image[field].clone();
        assert_eq!(
            ["status", "state", "mediaType", "format"].map(of),
            ["Ready", "Enabled", media, format].map(Value::from)
        );
        assert!(image["size"].as_i64() > Some(0) && image["actualSize"].as_i64() > Some(0), "{image}");
        assert!(image["md5Sum"].is_string(), "{image}");
        let copy = &image["backupStorageRefs"][0];
        assert_eq!((&copy["status"], &copy["backupStorageUuid"]), (&json!("Ready"), &json!(backup)));
        let uuid = uuid(&image);
        let act = async |action: &str| {
            let path = format!("/zstack/v1/images/{uuid}/actions");
            sample.local.send("PUT", &path, &json!({action: {}}).to_string()).await
        };
        assert_eq!(code(&act("expungeImage").await), "SYS.1006");
        assert_eq!(sample.local.send("DELETE", &format!("/zstack/v1/images/{uuid}"), "").await.0, 200);
        assert_eq!(inventory(act("recoverImage").await)["status"], "Ready");
        assert_eq!(sample.local.send("DELETE", &format!("/zstack/v1/images/{uuid}"), "").await.0, 200);
        assert_eq!(act("expungeImage").await.0, 200);
        assert_eq!(get(&sample.local, &format!("images?q=uuid={uuid}")).await["inventories"], json!([]));
    }
}

/// Each change of a resource moves its time.
#[tokio::test]
async fn changes_move_the_time_of_the_last_operation() {
    let sample = Sample::new().await;
    let vm = inventory(sample.create(json!({"dataDiskSizes": [GIB]})).await);
    let (vm, data, nic) = (uuid(&vm), uuid(&vm["allVolumes"][1]), uuid(&vm["vmNics"][0]));
    let zone = first(&sample.local, "zones").await;
    let cluster = first(&sample.local, "clusters").await;
    let storage = first(&sample.local, "primary-storage").await;
    let image = &sample.template;
    let offering = &sample.offering;
    let put = |action: &str, params: Value| ("PUT", json!({action: params}).to_string());
    let at = |resource: &str, uuid: &str| (resource.to_owned(), uuid.to_owned());
    let state = |action: &str, event: &str| put(action, json!({"stateEvent": event}));
    let path = |of: &(String, String)| format!("{}/{}/actions", of.0, of.1);
    let (vms, volumes) = (at("vm-instances", vm), at("volumes", data));
    for (resource, (method, body), path) in [
        (&vms, put("updateVmInstance", json!({"name": "renamed"})), path(&vms)),
        (&vms, put("rebootVmInstance", json!({})), path(&vms)),
        (&vms, put("pauseVmInstance", json!({})), path(&vms)),
        (&vms, put("resumeVmInstance", json!({})), path(&vms)),
        (&volumes, put("updateVolume", json!({"name": "renamed"})), path(&volumes)),
        (&volumes, ("DELETE", String::new()), format!("volumes/{data}/vm-instances")),
        (&volumes, ("POST", "{}".to_owned()), format!("volumes/{data}/vm-instances/{vm}")),
        (&vms, put("stopVmInstance", json!({})), path(&vms)),
        (&vms, put("startVmInstance", json!({})), path(&vms)),
        (
            &at("vm-instances/nics", nic),
            put("changeVmNicState", json!({"state": "disable"})),
            format!("vm-instances/nics/{nic}/actions"),
        ),
        (&vms, ("DELETE", String::new()), format!("vm-instances/{vm}")),
        (&vms, put("recoverVmInstance", json!({})), path(&vms)),
        (&at("zones", &zone), put("updateZone", json!({"description": "new"})), path(&at("zones", &zone))),
        (&at("clusters", &cluster), state("changeClusterState", "disable"), path(&at("clusters", &cluster))),
        (&at("hosts", KVM_1), state("changeHostState", "enable"), path(&at("hosts", KVM_1))),
        (&at("hosts", KVM_1), put("reconnectHost", json!({})), path(&at("hosts", KVM_1))),
        (
            &at("primary-storage", &storage),
            state("changePrimaryStorageState", "disable"),
            path(&at("primary-storage", &storage)),
        ),
        (&at("images", image), state("changeImageState", "disable"), path(&at("images", image))),
        (&at("images", RESCUE), ("DELETE", String::new()), format!("images/{RESCUE}")),
        (&at("images", RESCUE), put("recoverImage", json!({})), path(&at("images", RESCUE))),
        (
            &at("instance-offerings", offering),
            state("changeInstanceOfferingState", "disable"),
            path(&at("instance-offerings", offering)),
        ),
        (
            &at("l3-networks", &sample.network),
            put("updateL3Network", json!({"name": "new"})),
            path(&at("l3-networks", &sample.network)),
        ),
    ] {
        let last = async || {
            let found = get(&sample.local, &format!("{}?q=uuid={}", resource.0, resource.1)).await;
            found["inventories"][0]["lastOpDate"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned()
        };
        let before = last().await;
        sample.local.clock.advance(60);
        let (status, answer) = sample.local.send(method, &format!("/zstack/v1/{path}"), &body).await;
        assert_eq!(status, 200, "{method} {path} {body} {answer}");
        assert_ne!(last().await, before, "{method} {path} {body}");
    }
}
