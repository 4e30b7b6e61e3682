//! Tests of the limits and places of volumes, of trash, and of rarer operations on snapshots and storages.

use serde_json::{Value, json};

use crate::local::sample::{DB_1, KVM_1, KVM_2, WEB_1};
use crate::local::{Answer, Local, assert_empty, code, inventory};

const LOCAL: &str = "95000000000040008000000000000002";
const CLUSTER: &str = "c1000000000040008000000000000001";
const GIB: i64 = 1 << 30;

fn uuid(inventory: &Value) -> &str {
    inventory["uuid"].as_str().unwrap()
}

async fn get(local: &Local, path: &str) -> Value {
    let (status, answer) = local.send("GET", &format!("/zstack/v1{path}"), "").await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn volumes_of(local: &Local, vm: &str) -> Vec<String> {
    let vm = local.get_one(&format!("/vm-instances/{vm}")).await;
    vm["allVolumes"].as_array().unwrap().iter().map(|volume| uuid(volume).to_owned()).collect()
}

async fn data_volume(local: &Local) -> String {
    let params = json!({"name": "data", "diskSize": GIB});
    uuid(&inventory(local.post("/volumes/data", params).await)).to_owned()
}

#[tokio::test]
async fn volumes_have_limits() {
    let local = Local::sample().await;
    let root = volumes_of(&local, WEB_1).await.remove(0);
    let at = format!("/volumes/{root}");
    let qos = format!("{at}/qos");
    let set = async |params: Value| -> Answer { local.put(&at, "setVolumeQos", params).await };
    assert_eq!(get(&local, &qos).await["volumeBandwidth"], -1);
    // Each row: the new limits, the text of the volume, and the limits that it then has.
    for (params, text, limits) in [
        (json!({"mode": "total", "volumeBandwidth": 1024}), "total=1024", [1024, -1, -1, -1]),
        (json!({"readBandwidth": 1025}), "read=1025", [-1, 1025, -1, -1]),
        (json!({"mode": "write", "volumeBandwidth": 2048}), "read=1025,write=2048", [-1, 1025, 2048, -1]),
        (json!({"totalIOPS": 50}), "read=1025,write=2048,totalIops=50", [-1, 1025, 2048, 50]),
    ] {
        assert_eq!(inventory(set(params.clone()).await)["volumeQos"], text, "{params}");
        let found = get(&local, &qos).await;
        let fields = ["volumeBandwidth", "volumeBandwidthRead", "volumeBandwidthWrite", "iopsTotal"];
        assert_eq!(fields.map(|field| found[field].as_i64().unwrap()), limits, "{params}");
    }
    for params in [json!({}), json!({"mode": "read"}), json!({"readIOPS": 0})] {
        assert_eq!(code(&set(params.clone()).await), "SYS.1007", "{params}");
    }
    assert_eq!(
        inventory(local.delete(&format!("{qos}?mode=read")).await)["volumeQos"],
        "write=2048,totalIops=50"
    );
    assert_eq!(inventory(local.delete(&format!("{qos}?mode=all")).await).get("volumeQos"), None);
    assert_eq!(inventory(local.put(&at, "flattenVolume", json!({})).await)["uuid"], *root);
    let backup =
        async |volume: &str| local.put(&format!("/volumes/{volume}"), "backupDataVolume", json!({})).await;
    assert_eq!(code(&backup(&root).await), "SYS.1006");
    let data = volumes_of(&local, DB_1).await.remove(1);
    assert_eq!(inventory(backup(&data).await)["uuid"], *data);
    let formats = get(&local, "/volumes/formats").await;
    assert_eq!(formats["formats"][0]["format"], "qcow2");
}

#[tokio::test]
async fn a_host_mounts_a_volume() {
    let local = Local::sample().await;
    let volume = data_volume(&local).await;
    let mount = async |volume: &str, path: &str| {
        local.post(&format!("/volumes/{volume}/hosts/{KVM_1}"), json!({"mountPath": path})).await
    };
    assert_eq!(code(&mount(&volume, "/mnt").await), "SYS.1006");
    inventory(local.post(&format!("/volumes/{volume}/vm-instances/{WEB_1}"), json!({})).await);
    assert_eq!(code(&mount(&volume, "/mnt").await), "SYS.1006");
    inventory(local.delete(&format!("/volumes/{volume}/vm-instances")).await);
    assert_eq!(code(&mount(&volume, "mnt").await), "SYS.1007");
    assert_empty(&mount(&volume, "/mnt").await);
    assert_eq!(code(&mount(&volume, "/mnt").await), "SYS.1007");
    let at = format!("/volumes/{volume}");
    assert_eq!(code(&local.delete(&at).await), "SYS.1007");
    let disable = json!({"stateEvent": "disable"});
    assert_eq!(code(&local.put(&at, "changeVolumeState", disable).await), "SYS.1007");
    assert_eq!(code(&local.delete(&format!("{at}/hosts?hostUuid={KVM_2}")).await), "SYS.1006");
    assert_empty(&local.delete(&format!("{at}/hosts")).await);
    assert_eq!(code(&local.delete(&format!("{at}/hosts")).await), "SYS.1006");
    assert_empty(&local.delete(&at).await);
}

#[tokio::test]
async fn local_volumes_move_and_leave_trash() {
    let local = Local::sample().await;
    let volumes = volumes_of(&local, DB_1).await;
    let (root, data) = (&volumes[0], &volumes[1]);
    let migrate = async |volume: &str, host: &str| {
        let path = format!("/primary-storage/local-storage/volumes/{volume}");
        local.put(&path, "localStorageMigrateVolume", json!({"destHostUuid": host})).await
    };
    // The root volume waits for the data volume, which has to be detached.
    assert_eq!(code(&migrate(root, KVM_1).await), "SYS.1006");
    assert_eq!(code(&migrate(data, KVM_1).await), "SYS.1007");
    inventory(local.delete(&format!("/volumes/{data}/vm-instances")).await);
    assert_eq!(code(&migrate(root, KVM_2).await), "SYS.1007");
    let shared = volumes_of(&local, WEB_1).await.remove(0);
    assert_eq!(code(&migrate(&shared, KVM_1).await), "SYS.1007");
    let targets = local.list(&format!("/volumes/{root}/migration-target-hosts")).await;
    assert_eq!(targets.iter().map(uuid).collect::<Vec<_>>(), [KVM_1]);
    for volume in [root, data] {
        let place = inventory(migrate(volume, KVM_1).await);
        assert_eq!((&place["hostUuid"], &place["resourceUuid"]), (&json!(KVM_1), &json!(volume)));
        let found =
            local.list(&format!("/volumes?q=localStorageHostRef.hostUuid={KVM_1}&q=uuid={volume}")).await;
        assert_eq!(found.len(), 1);
    }
    inventory(migrate(root, KVM_2).await);

    let trash = format!("/primary-storage/trash?uuid={LOCAL}");
    let items = local.list(&trash).await;
    let of = |field: &str| items.iter().map(|item| item[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("trashId"), [1, 2, 3]);
    assert_eq!(of("hostUuid"), [KVM_2, KVM_2, KVM_1]);
    let of_root = format!("{trash}&resourceUuid={root}&resourceType=VolumeVO&trashType=MigrateVolume");
    assert_eq!(local.list(&of_root).await.len(), 2);
    let alone = format!("/zstack/v1{trash}&resourceUuid={root}");
    assert_eq!(code(&local.send("GET", &alone, "").await), "SYS.1007");
    let at = format!("/primary-storage/{LOCAL}/trash");
    let clean_up = async |params: Value| {
        let (status, answer) = local.put(&at, "cleanUpTrashOnPrimaryStorage", params).await;
        assert_eq!(status, 200, "{answer}");
        answer
    };
    assert_eq!(clean_up(json!({"trashId": 2})).await["result"]["resourceUuids"], json!([data]));
    assert_eq!(clean_up(json!({})).await["results"].as_array().unwrap().len(), 2);
    assert!(local.list(&trash).await.is_empty());
    assert!(local.list("/backup-storage/trash?uuid=b5000000000040008000000000000001").await.is_empty());
    let at = "/backup-storage/b5000000000040008000000000000001/trash";
    let (_, cleaned) = local.put(at, "cleanUpTrashOnBackupStorage", json!({})).await;
    assert_eq!(cleaned["result"]["size"], 0);
    let at = format!("/primary-storage/{LOCAL}/storagetrash");
    let (_, cleaned) = local.put(&at, "cleanUpStorageTrashOnPrimaryStorage", json!({})).await;
    assert_eq!(cleaned["total"], 0);
}

#[tokio::test]
async fn the_newest_snapshot_is_undone() {
    let local = Local::sample().await;
    let root = volumes_of(&local, DB_1).await.remove(0);
    let at = format!("/volumes/{root}");
    let take = async |name: &str| {
        local.clock.advance(1);
        inventory(local.post(&format!("{at}/volume-snapshots"), json!({"name": name})).await)
    };
    let before = local.get_one(&at).await;
    let (first, second) = (take("first").await, take("second").await);
    let undo = async |snapshot: &Value| {
        local.put(&at, "undoSnapshotCreation", json!({"snapShotUuid": snapshot["uuid"]})).await
    };
    assert_eq!(code(&undo(&first).await), "SYS.1006");
    assert_eq!(inventory(undo(&second).await)["installPath"], second["primaryStorageInstallPath"]);
    let left = local.get_one("/volume-snapshots").await;
    assert_eq!((&left["uuid"], &left["latest"]), (&first["uuid"], &json!(true)));
    assert_eq!(inventory(undo(&first).await)["installPath"], before["installPath"]);
    assert!(local.list("/volume-snapshots").await.is_empty());

    let third = take("third").await;
    let path = format!("/volume-snapshots/shrink/{}", uuid(&third));
    let (_, shrunk) = local.put(&path, "shrinkVolumeSnapshot", json!({})).await;
    assert_eq!(shrunk["shrinkResult"]["oldSize"], third["size"]);
    // What the volume contained becomes trash.
    let path_of_third = format!("/volume-snapshots/{}", uuid(&third));
    assert_empty(&local.put(&path_of_third, "revertVolumeFromSnapshot", json!({})).await);
    let trash = local.list(&format!("/primary-storage/trash?uuid={LOCAL}&trashType=RevertVolume")).await;
    assert_eq!(trash[0]["resourceUuid"], *root);
    inventory(local.start(DB_1).await);
    assert_eq!(code(&local.put(&path, "shrinkVolumeSnapshot", json!({})).await), "SYS.1006");
}

#[tokio::test]
async fn snapshots_have_a_schedule() {
    let local = Local::sample().await;
    let root = volumes_of(&local, DB_1).await.remove(0);
    let schedule = async |params: Value| {
        let mut all = json!({"snapShotName": "s", "schedulerName": "nightly", "type": "simple"});
        for (name, value) in params.as_object().unwrap() {
            all[name] = value.clone();
        }
        local.post(&format!("/volumes/{root}/schedulers/creating-volume-snapshots"), all).await
    };
    assert_eq!(code(&schedule(json!({})).await), "SYS.1007");
    assert_eq!(code(&schedule(json!({"type": "cron", "interval": 5})).await), "SYS.1007");
    assert_empty(&schedule(json!({"interval": 86_400, "repeatCount": 3})).await);
    let job = local.get_one("/scheduler/jobs?q=name=nightly").await;
    let trigger = local.get_one("/scheduler/triggers?q=name=nightly").await;
    assert_eq!((&job["targetResourceUuid"], &job["triggersUuid"]), (&json!(root), &json!([trigger["uuid"]])));
    assert_eq!((&trigger["schedulerInterval"], &trigger["repeatCount"]), (&json!(86_400), &json!(3)));
}

#[tokio::test]
async fn groups_with_memory_need_their_networks() {
    let local = Local::sample().await;
    let network = local.get_one("/l3-networks?q=name=office").await;
    let root = volumes_of(&local, WEB_1).await.remove(0);
    let find = async || {
        let path = format!(
            "/memory-snapshots/group/reference?resourceUuid={}&resourceType=L3NetworkVO",
            uuid(&network)
        );
        local.list(&path).await
    };
    let params = json!({"rootVolumeUuid": root, "name": "disks"});
    inventory(local.post("/volume-snapshots/group", params).await);
    assert!(find().await.is_empty());
    let params = json!({"rootVolumeUuid": root, "name": "all", "withMemory": true});
    let group = inventory(local.post("/volume-snapshots/group", params).await);
    assert_eq!(find().await[0]["uuid"], group["uuid"]);
    let data = data_volume(&local).await;
    inventory(local.post(&format!("/volumes/{data}/vm-instances/{WEB_1}"), json!({})).await);
    inventory(local.stop(WEB_1).await);
    let at = format!("/vm-instances/{WEB_1}");
    let boot = local.put(&at, "setVmBootVolume", json!({"volumeUuid": data})).await;
    assert_eq!(code(&boot), "SYS.1006");
}

#[tokio::test]
async fn storages_report_their_contents() {
    let local = Local::sample().await;
    let body = json!({"null": {"clusterUuid": CLUSTER}}).to_string();
    let synced = local.send("POST", "/zstack/v1/volumes/batch-sync-volumes", &body).await;
    let volumes = local.list("/volumes?q=vmInstanceUuid!=null&q=status=Ready").await;
    assert_eq!((&synced.1["successCount"], &synced.1["failCount"]), (&json!(volumes.len()), &json!(0)));
    let report = get(&local, &format!("/primary-storage/{LOCAL}/usage/report?uris=a")).await;
    assert_eq!(report["usageReport"], report["uriUsageForecast"]["a"]);
    assert_eq!(report["usageReport"]["usedPhysicalCapacitiesHistory"].as_array().unwrap().len(), 1);
    let types = get(&local, "/primary-storage/types").await;
    assert_eq!(types["types"][0], "LocalStorage");
    assert!(get(&local, "/backup-storage/types").await["types"].as_array().unwrap().contains(&json!("Ceph")));
    let strategies = get(&local, "/primary-storage/allocators/strategies").await;
    assert_eq!(strategies["strategies"], json!(["DefaultPrimaryStorageAllocationStrategy"]));
}

#[tokio::test]
async fn ceph_storages_have_monitors() {
    let local = Local::sample().await;
    let zone = local.get_one("/zones").await;
    for (path, params) in [
        (
            "/primary-storage/ceph",
            json!({"zoneUuid": zone["uuid"], "name": "p", "monUrls": ["root:x@ceph-1"]}),
        ),
        ("/backup-storage/ceph", json!({"name": "b", "monUrls": ["root:x@ceph-1"]})),
    ] {
        let storage = inventory(local.post(path, params).await);
        let mons = format!("{path}/{}/mons", uuid(&storage));
        let hosts = |storage: &Value| {
            let mons = storage["mons"].as_array().unwrap().iter();
            mons.map(|monitor| monitor["hostname"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let add = async |url: &str| local.post(&mons, json!({"monUrls": [url]})).await;
        let mut added = hosts(&inventory(add("root:x@ceph-2:2222/?monPort=7000").await));
        added.sort();
        assert_eq!(added, ["ceph-1", "ceph-2"]);
        assert_eq!(code(&add("root:x@ceph-2").await), "SYS.1007");
        assert_eq!(code(&add("ceph-3").await), "SYS.1007");
        let all = local.delete(&format!("{mons}?monHostnames=ceph-1&monHostnames=ceph-2")).await;
        assert_eq!(code(&all), "SYS.1006");
        let left = inventory(local.delete(&format!("{mons}?monHostnames=ceph-1&monHostnames=other")).await);
        assert_eq!(hosts(&left), ["ceph-2"]);
        assert_eq!(hosts(&local.get_one(&format!("{path}?q=uuid={}", uuid(&storage))).await), ["ceph-2"]);
    }
    let discover = async |config: &str| {
        let params = json!({"url": "http://10.0.0.1", "identity": "zbs", "config": config});
        local.post("/primary-storage/addon/discover", params).await
    };
    let found = inventory(discover(r#"{"pool": "p"}"#).await);
    assert_eq!((&found["identity"], &found["config"]), (&json!("zbs"), &json!({"pool": "p"})));
    assert_eq!(code(&discover("pool").await), "SYS.1007");
    assert!(local.list("/primary-storage?q=type=Addon").await.is_empty());
    let params = json!({
        "zoneUuid": zone["uuid"], "name": "e", "url": "http://10.0.0.1", "identity": "zbs", "config": "{}",
        "defaultOutputProtocol": "Vhost",
    });
    let storage = inventory(local.post("/primary-storage/addon", params).await);
    let protocol = json!({"uuid": storage["uuid"], "outputProtocol": "iSCSI"});
    let added = local.post("/primary-storage/protocol", protocol).await;
    assert_eq!(added.0, 200, "{added:?}");
    let found = local.get_one(&format!("/primary-storage?q=uuid={}", uuid(&storage))).await;
    assert!(found["outputProtocols"].as_array().unwrap().contains(&json!("iSCSI")), "{found}");
}

#[tokio::test]
async fn the_deletion_policy_removes_volumes_at_once() {
    let local = Local::sample().await;
    let policy = json!({"value": "Direct"});
    inventory(local.put("/global-configurations/volume/deletionPolicy", "updateGlobalConfig", policy).await);
    let volume = data_volume(&local).await;
    inventory(local.post(&format!("/volumes/{volume}/vm-instances/{WEB_1}"), json!({})).await);
    inventory(local.post(&format!("/volumes/{volume}/volume-snapshots"), json!({"name": "s"})).await);
    assert_empty(&local.delete(&format!("/volumes/{volume}")).await);
    assert!(local.list(&format!("/volumes?q=uuid={volume}")).await.is_empty());
    assert!(local.list(&format!("/volume-snapshots?q=volumeUuid={volume}")).await.is_empty());
    assert_eq!(volumes_of(&local, WEB_1).await.len(), 1);
}
