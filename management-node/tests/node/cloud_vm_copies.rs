//! Tests of VM instances that are copies, of quotas and tags of new ones, and of the operations in guests.

use serde_json::{Value, json};
use zstack_node::inventory::password_hash;

use crate::calls::{act, delete, get_one, list, post};
use crate::local::sample::{CACHE_1, DB_1, KVM_1, RESCUE, TEMPLATE, WEB_1};
use crate::local::{Answer, Local, assert_empty, code, inventory};

const GIB: i64 = 1 << 30;
const OFFICE: &str = "13000000000040008000000000000001";
const ZONE: &str = "20000000000040008000000000000001";
const MISSING: &str = "ffffffffffff4fff8fffffffffffffff";

fn uuid(inventory: &Value) -> &str {
    inventory["uuid"].as_str().unwrap()
}

async fn root_of(local: &Local, vm: &str) -> Value {
    let vm = get_one(local, &format!("/vm-instances/{vm}")).await;
    get_one(local, &format!("/volumes/{}", vm["rootVolumeUuid"].as_str().unwrap())).await
}

fn size(value: &Value, name: &str) -> Value {
    let mut all = json!({"name": name, "cpuNum": 1, "memorySize": GIB, "l3NetworkUuids": [OFFICE]});
    for (field, value) in value.as_object().unwrap() {
        all[field] = value.clone();
    }
    all
}

#[tokio::test]
async fn vm_instances_are_created_from_volumes_and_snapshots() {
    let local = Local::sample().await;
    let root = root_of(&local, DB_1).await;
    let post = async |path: &str, params: Value| post(&local, path, params).await;
    let from_volume = "/vm-instances/from/volume";
    let vm = inventory(post(from_volume, size(&json!({"volumeUuid": uuid(&root)}), "from-volume")).await);
    assert_eq!((&vm["state"], &vm["platform"]), (&json!("Running"), &json!("Linux")));
    let source = get_one(&local, &format!("/vm-instances/{DB_1}")).await;
    assert_eq!((&vm["guestOsType"], &vm["architecture"]), (&source["guestOsType"], &source["architecture"]));
    let copy = root_of(&local, uuid(&vm)).await;
    assert_eq!((&copy["size"], &copy["type"]), (&root["size"], &json!("Root")));
    assert_ne!(copy["uuid"], root["uuid"]);
    let refused = post(from_volume, size(&json!({"volumeUuid": MISSING}), "x")).await;
    assert_eq!(code(&refused), "SYS.1003");
    let empty = post("/volumes/data", json!({"name": "empty", "diskSize": GIB})).await;
    let params = json!({"volumeUuid": inventory(empty)["uuid"]});
    assert_eq!(code(&post(from_volume, size(&params, "x")).await), "SYS.1006");

    let path = format!("/volumes/{}/volume-snapshots", uuid(&root));
    let snapshot = inventory(post(&path, json!({"name": "s"})).await);
    let path = format!("/vm-instances/from/volume-snapshots/{}", uuid(&snapshot));
    let params = size(&json!({"strategy": "CreateStopped"}), "from-snapshot");
    let vm = inventory(post(&path, params).await);
    assert_eq!((&vm["state"], &vm["name"]), (&json!("Stopped"), &json!("from-snapshot")));
    assert_eq!(root_of(&local, uuid(&vm)).await["size"], root["size"]);

    let group = json!({"rootVolumeUuid": uuid(&root), "name": "g"});
    let group = inventory(post("/volume-snapshots/group", group).await);
    let path = format!("/vm-instances/from/volume-snapshots/group/{}", uuid(&group));
    let vm = inventory(post(&path, size(&json!({}), "from-group")).await);
    let sizes: Vec<_> = vm["allVolumes"].as_array().unwrap().iter().map(|volume| &volume["size"]).collect();
    assert_eq!(sizes, [&root["size"], &json!(200 * GIB)]);
    // Tags of data volumes are by the UUID of the source.
    let data = get_one(&local, &format!("/volumes?q=vmInstanceUuid={DB_1}&q=type=Data")).await;
    let tags = json!({"dataVolumeSystemTags": {uuid(&data): ["capability::virtio-scsi"]}});
    let vm = inventory(post(&path, size(&tags, "with-tags")).await);
    let tag = get_one(&local, &format!("/system-tags?q=resourceUuid={}", uuid(&vm["allVolumes"][1]))).await;
    assert_eq!(tag["tag"], "capability::virtio-scsi");
}

#[tokio::test]
async fn clones_have_the_same_parts() {
    let local = Local::sample().await;
    let clone = async |vm: &str, params: Value| {
        let (status, answer) = act(&local, &format!("/vm-instances/{vm}"), "cloneVmInstance", params).await;
        assert_eq!(status, 200, "{answer}");
        answer["result"].clone()
    };
    let result = clone(DB_1, json!({"names": ["one", "two"], "full": true})).await;
    assert_eq!(result["numberOfClonedVm"], 2);
    let copies: Vec<_> =
        result["inventories"].as_array().unwrap().iter().map(|one| &one["inventory"]).collect();
    for (copy, name) in copies.iter().zip(["one", "two"]) {
        assert_eq!((&copy["name"], &copy["state"]), (&json!(name), &json!("Running")));
        assert_eq!((&copy["imageUuid"], &copy["cpuNum"]), (&json!(TEMPLATE), &json!(4)));
        let sizes: Vec<_> =
            copy["allVolumes"].as_array().unwrap().iter().map(|volume| &volume["size"]).collect();
        assert_eq!(sizes, [&json!(40 * GIB), &json!(200 * GIB)]);
        assert_eq!(get_one(&local, &format!("/vm-instances/{}", uuid(copy))).await["name"], name);
    }
    assert_ne!(copies[0]["vmNics"][0]["ip"], copies[1]["vmNics"][0]["ip"]);
    let result = clone(CACHE_1, json!({"names": ["stopped"], "strategy": "CreateStopped"})).await;
    let copy = &result["inventories"][0]["inventory"];
    assert_eq!((&copy["state"], copy["allVolumes"].as_array().unwrap().len()), (&json!("Stopped"), 1));
    let number =
        act(&local, &format!("/vm-instances/{DB_1}"), "cloneVmInstance", json!({"names": [1]})).await;
    assert_eq!(code(&number), "SYS.1007");
    // Each clone that fails has an error of its own.
    let disabled = json!({"stateEvent": "disable"});
    inventory(act(&local, &format!("/zones/{ZONE}"), "changeZoneState", disabled).await);
    let result = clone(DB_1, json!({"names": ["late"]})).await;
    assert_eq!(result["numberOfClonedVm"], 0);
    assert_eq!(result["inventories"][0]["error"]["code"], "SYS.1006");
    assert_empty(&local.destroy(DB_1).await);
    let refused =
        act(&local, &format!("/vm-instances/{DB_1}"), "cloneVmInstance", json!({"names": ["x"]})).await;
    assert_eq!(code(&refused), "SYS.1006");
}

fn from_template(name: &str) -> Value {
    size(&json!({"imageUuid": TEMPLATE}), name)
}

async fn limit(local: &Local, account: &str, name: &str, value: i64) {
    let params = json!({"identityUuid": account, "name": name, "value": value});
    inventory(act(local, "/accounts/quotas", "updateQuota", params).await);
}

#[tokio::test]
async fn quotas_limit_new_vm_instances() {
    let mut local = Local::sample().await;
    let params = json!({"name": "bob", "password": password_hash("bob")});
    let account = inventory(post(&local, "/accounts", params).await);
    let account = uuid(&account).to_owned();
    limit(&local, &account, "vm.totalNum", 2).await;
    limit(&local, &account, "volume.data.num", 1).await;
    let share = json!({"resourceUuids": [OFFICE], "toPublic": true});
    assert_empty(&act(&local, "/accounts/resources", "shareResource", share).await);
    let bob = local.log_in("bob", "bob").await;
    let admin = std::mem::replace(&mut local.session, bob);
    let mut with_disks = from_template("disks");
    with_disks["dataDiskSizes"] = json!([GIB, GIB]);
    let refused: Answer = post(&local, "/vm-instances", with_disks).await;
    assert_eq!(code(&refused), "ID.1003", "{refused:?}");
    let vm = inventory(post(&local, "/vm-instances", from_template("first")).await);
    // Both clones together exceed the quota, so that none is created.
    let path = format!("/vm-instances/{}", uuid(&vm));
    let refused = act(&local, &path, "cloneVmInstance", json!({"names": ["a", "b"]})).await;
    assert_eq!(code(&refused), "ID.1003");
    assert_eq!(list(&local, "/vm-instances").await.len(), 1);
    inventory(post(&local, "/vm-instances", from_template("second")).await);
    assert_eq!(code(&post(&local, "/vm-instances", from_template("third")).await), "ID.1003");
    local.session = admin;
    inventory(post(&local, "/vm-instances", from_template("of-admin")).await);
}

#[tokio::test]
async fn tags_are_attached_to_new_resources() {
    let local = Local::sample().await;
    let pattern = inventory(post(&local, "/tags", json!({"name": "web", "value": "role::web"})).await);
    let mut params = from_template("tagged");
    params["tagUuids"] = json!([pattern["uuid"]]);
    let vm = inventory(post(&local, "/vm-instances", params).await);
    let zone = json!({"name": "tagged", "tagUuids": [pattern["uuid"]]});
    let zone = inventory(post(&local, "/zones", zone).await);
    let volume = json!({"name": "tagged", "diskSize": GIB, "tagUuids": [pattern["uuid"]]});
    let volume = inventory(post(&local, "/volumes/data", volume).await);
    for (resource, ty) in [(&vm, "VmInstanceVO"), (&zone, "ZoneVO"), (&volume, "VolumeVO")] {
        let tag = get_one(&local, &format!("/user-tags?q=resourceUuid={}", uuid(resource))).await;
        assert_eq!(
            (&tag["tag"], &tag["tagPatternUuid"], &tag["resourceType"]),
            (&json!("role::web"), &pattern["uuid"], &json!(ty))
        );
    }
    let missing = json!({"name": "x", "tagUuids": [MISSING]});
    assert_eq!(code(&post(&local, "/zones", missing).await), "SYS.1003");
    // The tags go with the pattern.
    assert_empty(&delete(&local, &format!("/tags/{}", uuid(&pattern))).await);
    assert!(list(&local, &format!("/user-tags?q=resourceUuid={}", uuid(&vm))).await.is_empty());
}

#[tokio::test]
async fn a_vm_instance_boots_from_another_volume() {
    let local = Local::sample().await;
    let at = format!("/vm-instances/{DB_1}");
    let vm = get_one(&local, &at).await;
    let (root, data) = (&vm["allVolumes"][0], &vm["allVolumes"][1]);
    let boot = async |volume: &Value| {
        act(&local, &at, "setVmBootVolume", json!({"volumeUuid": volume["uuid"]})).await
    };
    let changed = inventory(boot(data).await);
    assert_eq!(changed["rootVolumeUuid"], data["uuid"]);
    for (volume, ty, is_first) in [(data, "Root", true), (root, "Data", false)] {
        let volume = get_one(&local, &format!("/volumes/{}", uuid(volume))).await;
        assert_eq!((&volume["type"], volume["deviceId"] == 0), (&json!(ty), is_first));
    }
    assert_eq!(code(&boot(&root_of(&local, WEB_1).await).await), "SYS.1006");
    inventory(local.start(DB_1).await);
    assert_eq!(code(&boot(root).await), "SYS.1006");
}

#[tokio::test]
async fn guests_are_operated_while_they_run() {
    let local = Local::sample().await;
    let act_on = async |vm: &str, action: &str, params: Value| {
        act(&local, &format!("/vm-instances/{vm}"), action, params).await
    };
    for (action, params) in [
        ("changeVmPassword", json!({"account": "root", "password": "secret"})),
        ("takeVmConsoleScreenshot", json!({})),
        ("attachGuestToolsIsoToVm", json!({})),
    ] {
        let (status, answer) = act_on(WEB_1, action, params.clone()).await;
        assert_eq!(status, 200, "{action}: {answer}");
        assert_eq!(answer.get("imageData").is_some(), action == "takeVmConsoleScreenshot");
        assert_eq!(code(&act_on(DB_1, action, params.clone()).await), "SYS.1006", "{action}");
        assert_eq!(code(&act_on(MISSING, action, params).await), "SYS.1003", "{action}");
    }
    let trim = async |vm: &str| post(&local, &format!("/vm-instances/{vm}/actions"), json!({})).await;
    assert_empty(&trim(WEB_1).await);
    assert_eq!(code(&trim(DB_1).await), "SYS.1006");
    let tools = local.send("GET", &format!("/zstack/v1/vm-instances/{WEB_1}/guest-tools-infos"), "").await;
    assert_eq!(tools.1["status"], "Running");

    assert_empty(&act_on(WEB_1, "setVmQxlMemory", json!({"vram": 1024})).await);
    assert_empty(&act_on(WEB_1, "updateVmPriority", json!({"priority": "Normal"})).await);
    assert_empty(&act_on(WEB_1, "updateVmPriority", json!({"priority": "High"})).await);
    let tags = list(&local, &format!("/system-tags?q=resourceUuid={WEB_1}&sort=%2Btag")).await;
    let tags: Vec<_> = tags.iter().map(|tag| tag["tag"].as_str().unwrap()).collect();
    assert_eq!(tags, ["qxlMemory::ram::65536::vram::1024::vgamem::16384", "vmPriority::High"]);

    let script = json!({"name": "s", "scriptContent": "true", "platform": "Linux", "scriptType": "Shell"});
    let script = inventory(post(&local, "/scripts", script).await);
    let run = async |vm: &str| {
        let params = json!({"vmInstanceUuids": [vm], "scriptTimeout": 90});
        act(&local, &format!("/scripts/{}", uuid(&script)), "executeGuestVmScript", params).await
    };
    let record = inventory(run(WEB_1).await);
    assert_eq!(
        (
            &record["scriptUuid"],
            &record["scriptContent"],
            &record["scriptTimeout"],
            &record["executionCount"]
        ),
        (&script["uuid"], &json!("true"), &json!(90), &json!(1))
    );
    assert_eq!(code(&run(DB_1).await), "SYS.1006");

    let shell = json!({"hostUuids": [KVM_1], "script": "true"});
    let results = inventory(act(&local, "/hosts/kvm", "kvmRunShell", shell).await);
    assert_eq!(results[KVM_1]["returnCode"], 0);
    let metadata = list(&local, "/guest-os/metadata").await;
    assert!(metadata.iter().any(|guest| guest["platform"] == "Windows"), "{metadata:?}");
    assert_empty(&act(&local, "/guest-os/metadata", "refreshGuestOsMetadata", json!({})).await);
}

#[tokio::test]
async fn capabilities_follow_state_and_storage() {
    let local = Local::sample().await;
    let get = async |path: String| local.send("GET", &format!("/zstack/v1{path}"), "").await.1;
    for (vm, live, cold, memory) in
        [(WEB_1, true, false, true), (DB_1, false, true, false), (CACHE_1, false, false, true)]
    {
        let expected = json!({
            "supportLiveMigration": live, "supportVolumeMigration": cold, "supportMemorySnapshot": memory,
            "supportReimage": true,
        });
        assert_eq!(get(format!("/vm-instances/{vm}/capabilities")).await["capabilities"], expected, "{vm}");
        let all = get(format!("/vm-instances/capabilities?vmUuids={vm}")).await;
        assert_eq!(all["vmsCaps"][vm], expected, "{vm}");
    }
    let root = root_of(&local, DB_1).await;
    let capabilities = get(format!("/volumes/{}/capabilities", uuid(&root))).await;
    assert_eq!(capabilities["capabilities"]["MigrationInCurrentPrimaryStorage"], true);
    let addresses = get(format!("/vm-instances/devices?uuid={DB_1}&resourceTypes=VolumeVO")).await;
    let addresses = addresses["addresses"]["VolumeVO"].as_array().unwrap();
    assert_eq!(addresses.len(), 2);
    assert_ne!(addresses[0]["address"], addresses[1]["address"]);
    let at = format!("/vm-instances/{DB_1}");
    assert_eq!(inventory(act(&local, &at, "flattenVmInstance", json!({})).await)["uuid"], DB_1);
}

#[tokio::test]
async fn the_deletion_policy_removes_vm_instances_at_once() {
    let local = Local::sample().await;
    let policy = json!({"value": "Direct"});
    inventory(act(&local, "/global-configurations/vm/deletionPolicy", "updateGlobalConfig", policy).await);
    inventory(local.attach(DB_1, RESCUE).await);
    let root = root_of(&local, DB_1).await;
    assert_empty(&local.destroy(DB_1).await);
    assert!(list(&local, &format!("/vm-instances?q=uuid={DB_1}")).await.is_empty());
    assert!(list(&local, &format!("/volumes?q=uuid={}", uuid(&root))).await.is_empty());
    // Its data volume remains.
    assert_eq!(list(&local, "/volumes?q=name=db-1-data").await[0]["status"], "Ready");
    assert_empty(&local.destroy(DB_1).await);
}
