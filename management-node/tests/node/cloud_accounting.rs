//! Tests of accounting: the capacity of hosts, storages and networks, the times of changes, and what becomes of
//! deleted resources.

use serde_json::{Value, json};

use crate::cloud_vm_instances::{Sample, first, get, uuid};
use crate::local::sample::{KVM_1, OLD_1, RESCUE};
use crate::local::{code, inventory};

const GIB: i64 = 1 << 30;

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

/// Lets time pass, and returns the numbers of resources at some paths.
async fn count_after(sample: &mut Sample, seconds: i64, paths: &[String]) -> Vec<usize> {
    sample.local.clock.advance(seconds);
    sample.local.app.run_due_work().await.unwrap();
    // The last session may have expired.
    sample.local.session = sample.local.log_in("admin", "password").await;
    let mut counts = Vec::new();
    for path in paths {
        counts.push(get(&sample.local, path).await["inventories"].as_array().unwrap().len());
    }
    counts
}

/// A deleted resource stays for the period of the global configuration, and for ever with the policy Never.
#[tokio::test]
async fn deleted_resources_are_removed_after_a_time() {
    const HOUR: i64 = 3600;
    let mut sample = Sample::new().await;
    let vm = inventory(sample.create(json!({"dataDiskSizes": [GIB]})).await);
    let (vm, data) = (uuid(&vm), uuid(&vm["allVolumes"][1]));
    for path in [format!("vm-instances/{vm}"), format!("volumes/{data}"), format!("images/{RESCUE}")] {
        assert_eq!(sample.local.send("DELETE", &format!("/zstack/v1/{path}"), "").await.0, 200, "{path}");
    }
    let paths = [
        format!("vm-instances?q=uuid={vm}"),
        format!("volumes?q=uuid={data}"),
        format!("images?q=uuid={RESCUE}"),
        format!("vm-instances?q=uuid={OLD_1}"),
    ];
    sample.set("image", "deletionPolicy", "Never").await;
    assert_eq!(count_after(&mut sample, 0, &paths).await, [1, 1, 1, 1]);
    // Volumes stay for three days, VM instances for seven.
    assert_eq!(count_after(&mut sample, 71 * HOUR, &paths).await, [1, 1, 1, 1]);
    assert_eq!(count_after(&mut sample, HOUR, &paths).await, [1, 0, 1, 1]);
    sample.set("vm", "expungePeriod", "259200").await;
    assert_eq!(count_after(&mut sample, HOUR, &paths).await, [0, 0, 1, 0]);
    assert_eq!(count_after(&mut sample, 1000 * HOUR, &paths).await, [0, 0, 1, 0]);
    sample.set("image", "deletionPolicy", "Delay").await;
    assert_eq!(count_after(&mut sample, HOUR, &paths).await, [0, 0, 0, 0]);
}
