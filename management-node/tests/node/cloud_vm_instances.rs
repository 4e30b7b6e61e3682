//! Tests of the creation of VM instances, and of the operations on them that the sample cloud did not need.

use serde_json::{Value, json};

use crate::local::sample::RESCUE;
use crate::local::{Answer, Local, code, inventory};

const GIB: i64 = 1 << 30;

/// Resources of the sample.
pub(crate) struct Sample {
    pub(crate) local: Local,
    pub(crate) network: String,
    pub(crate) template: String,
    pub(crate) offering: String,
}

pub(crate) async fn get(local: &Local, path: &str) -> Value {
    let (status, answer) = local.send("GET", &format!("/zstack/v1/{path}"), "").await;
    assert_eq!(status, 200, "{answer}");
    answer
}

pub(crate) async fn first(local: &Local, path: &str) -> String {
    get(local, path).await["inventories"][0]["uuid"].as_str().unwrap().to_owned()
}

impl Sample {
    pub(crate) async fn new() -> Self {
        let local = Local::sample().await;
        let network = first(&local, "l3-networks").await;
        let template = first(&local, "images?q=mediaType=RootVolumeTemplate&sort=%2BcreateDate").await;
        let offering = first(&local, "instance-offerings").await;
        Self { local, network, template, offering }
    }

    /// Creates a VM instance from these parameters and, unless they have others, the template and the
    /// network of the sample.
    pub(crate) async fn create(&self, params: Value) -> Answer {
        self.create_with(params, json!([])).await
    }

    pub(crate) async fn create_with(&self, params: Value, tags: Value) -> Answer {
        let mut all = json!({
            "name": "new", "instanceOfferingUuid": self.offering, "imageUuid": self.template,
            "l3NetworkUuids": [self.network],
        });
        for (name, value) in params.as_object().unwrap() {
            all[name] = value.clone();
        }
        let body = json!({"params": all, "systemTags": tags}).to_string();
        self.local.send("POST", "/zstack/v1/vm-instances", &body).await
    }

    pub(crate) async fn act(&self, vm: &Value, action: &str, params: Value) -> Answer {
        let mut body = serde_json::Map::new();
        body.insert(action.to_owned(), params);
        let path = format!("/zstack/v1/vm-instances/{}/actions", uuid(vm));
        self.local.send("PUT", &path, &Value::Object(body).to_string()).await
    }

    /// The system tags of a resource.
    pub(crate) async fn tags(&self, resource: &Value) -> Vec<String> {
        let path = format!("system-tags?q=resourceUuid={}&sort=%2Btag", uuid(resource));
        let tags = get(&self.local, &path).await;
        let tags = tags["inventories"].as_array().unwrap().iter();
        tags.map(|tag| tag["tag"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn set(&self, category: &str, name: &str, value: &str) {
        let path = format!("/zstack/v1/global-configurations/{category}/{name}/actions");
        let body = json!({"updateGlobalConfig": {"value": value}}).to_string();
        inventory(self.local.send("PUT", &path, &body).await);
    }

    pub(crate) async fn post(&self, path: &str, params: Value) -> Answer {
        let body = json!({"params": params}).to_string();
        self.local.send("POST", &format!("/zstack/v1/{path}"), &body).await
    }

    /// An address of the network that is free.
    pub(crate) async fn free_ip(&self) -> String {
        let free = get(&self.local, &format!("l3-networks/{}/ip/free?limit=9", self.network)).await;
        free["inventories"][8]["ip"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn uuid(inventory: &Value) -> &str {
    inventory["uuid"].as_str().unwrap()
}

#[tokio::test]
async fn a_new_vm_instance_runs_with_all_its_parts() {
    let sample = Sample::new().await;
    let params = json!({"dataDiskSizes": [GIB, 2 * GIB], "description": "A test."});
    let vm = inventory(sample.create_with(params, json!(["hostname::web"])).await);
    assert_eq!(vm["state"], "Running");
    assert_eq!(vm["description"], "A test.");
    assert_eq!(vm["hostUuid"], vm["lastHostUuid"]);
    let nic = &vm["vmNics"][0];
    assert_eq!(nic["l3NetworkUuid"], *sample.network);
    assert!(nic["mac"].as_str().unwrap().starts_with("fa:"), "{nic}");
    let volumes = vm["allVolumes"].as_array().unwrap();
    let of = |field: &str| volumes.iter().map(|volume| volume[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("type"), ["Root", "Data", "Data"]);
    assert_eq!(of("deviceId"), [0, 1, 2]);
    assert_eq!(of("size")[1..], [GIB, 2 * GIB]);
    assert_eq!(of("name"), ["ROOT-for-new", "DATA-for-new", "DATA-for-new"]);
    assert_eq!(volumes[0]["uuid"], vm["rootVolumeUuid"]);
    assert_eq!(vm["vmCdRoms"].as_array().unwrap().len(), 1);
    // It is found by all of them.
    for condition in ["name=new", "vmNics.uuid=NIC", "allVolumes.uuid=VOLUME", "state=Running"] {
        let condition = condition.replace("NIC", uuid(nic)).replace("VOLUME", uuid(&volumes[1]));
        let found = get(&sample.local, &format!("vm-instances?q={condition}")).await;
        let is_found = found["inventories"].as_array().unwrap().iter().any(|found| uuid(found) == uuid(&vm));
        assert!(is_found, "{condition}");
    }
    let hostname = get(&sample.local, &format!("vm-instances/{}/hostnames", uuid(&vm))).await;
    assert_eq!(hostname, json!({"hostname": "web"}));
    // Two VM instances have different addresses.
    let other = inventory(sample.create(json!({})).await);
    assert_ne!(other["vmNics"][0]["ip"], vm["vmNics"][0]["ip"]);
    assert_eq!(other["internalId"].as_i64(), vm["internalId"].as_i64().map(|id| id + 1));
}

#[tokio::test]
async fn the_strategy_decides_the_state() {
    let sample = Sample::new().await;
    let stopped = inventory(sample.create(json!({"strategy": "CreateStopped"})).await);
    assert_eq!(stopped["state"], "Stopped");
    assert_eq!(stopped["allVolumes"].as_array().unwrap().len(), 1);
    assert!(stopped.get("hostUuid").is_none(), "{stopped}");
    let created = inventory(sample.create(json!({"strategy": "JustCreate"})).await);
    assert_eq!(created["state"], "Created");
    assert_eq!(created["allVolumes"], json!([]));
    for vm in [&stopped, &created] {
        let started = inventory(sample.act(vm, "startVmInstance", json!({})).await);
        assert_eq!(started["state"], "Running");
        assert_eq!(started["allVolumes"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_iso_boots_from_the_first_drive() {
    let sample = Sample::new().await;
    let params = json!({"imageUuid": RESCUE, "rootDiskSize": 10 * GIB});
    let vm = inventory(sample.create(params).await);
    assert_eq!(vm["vmCdRoms"][0]["isoUuid"], RESCUE);
    assert!(vm["vmCdRoms"][0]["isoInstallPath"].is_string(), "{vm}");
    assert_eq!(vm["allVolumes"][0]["size"], 10 * GIB);
    inventory(sample.act(&vm, "stopVmInstance", json!({})).await);
    let reimaged = sample.act(&vm, "reimageVmInstance", json!({})).await;
    assert_eq!(code(&reimaged), "VM.1015");
}

#[tokio::test]
async fn tags_decide_the_drives() {
    let sample = Sample::new().await;
    let rescue = format!("cdroms::{RESCUE}::empty::none");
    for (tag, expected) in [
        (rescue.as_str(), json!([RESCUE, null])),
        ("cdroms::none::none::none", json!([])),
        ("createWithoutCdRom::true", json!([])),
    ] {
        let vm = inventory(sample.create_with(json!({}), json!([tag])).await);
        let drives = vm["vmCdRoms"].as_array().unwrap().iter();
        assert_eq!(drives.map(|drive| drive["isoUuid"].clone()).collect::<Value>(), expected, "{tag}");
    }
    for tag in [
        "cdroms::none".to_owned(),
        format!("cdroms::{RESCUE}::{RESCUE}::none"),
        format!("cdroms::{}::none::none", sample.template),
    ] {
        assert_eq!(code(&sample.create_with(json!({}), json!([tag])).await), "VM.1000", "{tag}");
    }
}

#[tokio::test]
async fn invalid_requests_create_nothing() {
    let sample = Sample::new().await;
    let missing = "ffffffffffff4fff8fffffffffffffff";
    let before = get(&sample.local, "vm-instances?count=true").await;
    for (params, expected) in [
        (json!({"instanceOfferingUuid": null}), "SYS.1006"),
        (json!({"instanceOfferingUuid": null, "cpuNum": 1, "memorySize": 0}), "SYS.1006"),
        (json!({"instanceOfferingUuid": missing}), "SYS.1003"),
        (json!({"imageUuid": missing}), "SYS.1003"),
        (json!({"l3NetworkUuids": [missing]}), "SYS.1003"),
        (json!({"hostUuid": sample.offering}), "SYS.1003"),
        (json!({"l3NetworkUuids": [sample.network, sample.network]}), "SYS.1006"),
        (json!({"l3NetworkUuids": null}), "SYS.1006"),
        (json!({"defaultL3NetworkUuid": missing}), "SYS.1003"),
        (json!({"imageUuid": null}), "SYS.1007"),
        (json!({"imageUuid": RESCUE}), "SYS.1007"),
        (json!({"imageUuid": RESCUE, "rootDiskSize": 0}), "SYS.1006"),
        (json!({"dataDiskSizes": [GIB, 0]}), "SYS.1006"),
        (json!({"resourceUuid": "x"}), "SYS.1007"),
        (json!({"strategy": "Later"}), "SYS.1007"),
    ] {
        let answer = sample.create(params.clone()).await;
        assert_eq!(code(&answer), expected, "{params}: {answer:?}");
    }
    assert_eq!(get(&sample.local, "vm-instances?count=true").await, before);
}

#[tokio::test]
async fn disabled_places_are_not_used() {
    let sample = Sample::new().await;
    let zone = first(&sample.local, "zones").await;
    let body = r#"{"changeZoneState": {"stateEvent": "disable"}}"#;
    let path = format!("/zstack/v1/zones/{zone}/actions");
    inventory(sample.local.send("PUT", &path, body).await);
    let answer = sample.create(json!({})).await;
    assert_eq!(code(&answer), "VM.1000", "{answer:?}");
    assert_eq!(answer.1["error"]["cause"]["code"], "HOST_ALLOCATION.1000");
    assert_eq!(code(&sample.create(json!({"zoneUuid": zone})).await), "SYS.1006");
}

#[tokio::test]
async fn networks_are_attached_and_detached() {
    let sample = Sample::new().await;
    let vm = inventory(sample.create(json!({})).await);
    let path = format!("/zstack/v1/vm-instances/{}/l3-networks/{}", uuid(&vm), sample.network);
    let attached = inventory(sample.local.send("POST", &path, r#"{"params": {}}"#).await);
    let nics = attached["vmNics"].as_array().unwrap();
    assert_eq!(nics.len(), 2);
    assert_ne!(nics[0]["ip"], nics[1]["ip"]);
    let used = nics[1]["ip"].as_str().unwrap();
    let path = format!("/zstack/v1/vm-instances/nics/{}", uuid(&nics[1]));
    let detached = inventory(sample.local.send("DELETE", &path, "").await);
    assert_eq!(detached["vmNics"].as_array().unwrap().len(), 1);
    // Its address is free again.
    let addresses = get(&sample.local, &format!("vm-instances/nics?q=ip={used}")).await;
    assert_eq!(addresses["inventories"], json!([]));
    assert_eq!(inventory(sample.create(json!({})).await)["vmNics"][0]["ip"], used);
}

#[tokio::test]
async fn size_and_host_change() {
    let sample = Sample::new().await;
    let vm = inventory(sample.create(json!({})).await);
    let params = json!({"params": {"name": "big", "cpuNum": 16, "memorySize": 64 * GIB}}).to_string();
    let big = inventory(sample.local.send("POST", "/zstack/v1/instance-offerings", &params).await);
    let change = json!({"instanceOfferingUuid": uuid(&big)});
    assert_eq!(code(&sample.act(&vm, "changeInstanceOffering", change.clone()).await), "SYS.1007");
    let hosts = get(&sample.local, &format!("vm-instances/{}/migration-target-hosts", uuid(&vm))).await;
    let target = &hosts["inventories"][0];
    let moved = inventory(sample.act(&vm, "migrateVm", json!({"hostUuid": uuid(target)})).await);
    assert_eq!((&moved["hostUuid"], &moved["lastHostUuid"]), (&target["uuid"], &vm["hostUuid"]));
    inventory(sample.act(&vm, "stopVmInstance", json!({})).await);
    let changed = inventory(sample.act(&vm, "changeInstanceOffering", change).await);
    assert_eq!((&changed["cpuNum"], &changed["memorySize"]), (&json!(16), &json!(64 * GIB)));
    assert_eq!(code(&sample.act(&vm, "migrateVm", json!({})).await), "SYS.1006");
}
