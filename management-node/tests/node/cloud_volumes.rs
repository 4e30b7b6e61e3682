//! Tests of the limits and places of volumes, of trash, and of rarer operations on snapshots and storages.

use serde_json::{Value, json};

use crate::calls::{act, delete, get_one, list, post};
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
    let vm = get_one(local, &format!("/vm-instances/{vm}")).await;
    vm["allVolumes"].as_array().unwrap().iter().map(|volume| uuid(volume).to_owned()).collect()
}

async fn data_volume(local: &Local) -> String {
    let params = json!({"name": "data", "diskSize": GIB});
    uuid(&inventory(post(local, "/volumes/data", params).await)).to_owned()
}

#[tokio::test]
async fn volumes_have_limits() {
    let local = Local::sample().await;
    let root = volumes_of(&local, WEB_1).await.remove(0);
    let at = format!("/volumes/{root}");
    let qos = format!("{at}/qos");
    let set = async |params: Value| -> Answer { act(&local, &at, "setVolumeQos", params).await };
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
        inventory(delete(&local, &format!("{qos}?mode=read")).await)["volumeQos"],
        "write=2048,totalIops=50"
    );
    assert_eq!(inventory(delete(&local, &format!("{qos}?mode=all")).await).get("volumeQos"), None);
    assert_eq!(inventory(act(&local, &at, "flattenVolume", json!({})).await)["uuid"], *root);
    let backup =
        async |volume: &str| act(&local, &format!("/volumes/{volume}"), "backupDataVolume", json!({})).await;
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
        post(&local, &format!("/volumes/{volume}/hosts/{KVM_1}"), json!({"mountPath": path})).await
    };
    assert_eq!(code(&mount(&volume, "/mnt").await), "SYS.1006");
    inventory(post(&local, &format!("/volumes/{volume}/vm-instances/{WEB_1}"), json!({})).await);
    assert_eq!(code(&mount(&volume, "/mnt").await), "SYS.1006");
    inventory(delete(&local, &format!("/volumes/{volume}/vm-instances")).await);
    assert_eq!(code(&mount(&volume, "mnt").await), "SYS.1007");
    assert_empty(&mount(&volume, "/mnt").await);
    assert_eq!(code(&mount(&volume, "/mnt").await), "SYS.1007");
    let at = format!("/volumes/{volume}");
    assert_eq!(code(&delete(&local, &at).await), "SYS.1007");
    let disable = json!({"stateEvent": "disable"});
    assert_eq!(code(&act(&local, &at, "changeVolumeState", disable).await), "SYS.1007");
    assert_eq!(code(&delete(&local, &format!("{at}/hosts?hostUuid={KVM_2}")).await), "SYS.1006");
    assert_empty(&delete(&local, &format!("{at}/hosts")).await);
    assert_eq!(code(&delete(&local, &format!("{at}/hosts")).await), "SYS.1006");
    assert_empty(&delete(&local, &at).await);
}

#[tokio::test]
async fn local_volumes_move_and_leave_trash() {
    let local = Local::sample().await;
    let volumes = volumes_of(&local, DB_1).await;
    let (root, data) = (&volumes[0], &volumes[1]);
    let migrate = async |volume: &str, host: &str| {
        let path = format!("/primary-storage/local-storage/volumes/{volume}");
        act(&local, &path, "localStorageMigrateVolume", json!({"destHostUuid": host})).await
    };
    // The root volume waits for the data volume, which has to be detached.
    assert_eq!(code(&migrate(root, KVM_1).await), "SYS.1006");
    assert_eq!(code(&migrate(data, KVM_1).await), "SYS.1007");
    inventory(delete(&local, &format!("/volumes/{data}/vm-instances")).await);
    assert_eq!(code(&migrate(root, KVM_2).await), "SYS.1007");
    let shared = volumes_of(&local, WEB_1).await.remove(0);
    assert_eq!(code(&migrate(&shared, KVM_1).await), "SYS.1007");
    let targets = list(&local, &format!("/volumes/{root}/migration-target-hosts")).await;
    assert_eq!(targets.iter().map(uuid).collect::<Vec<_>>(), [KVM_1]);
    for volume in [root, data] {
        let place = inventory(migrate(volume, KVM_1).await);
        assert_eq!((&place["hostUuid"], &place["resourceUuid"]), (&json!(KVM_1), &json!(volume)));
        let found =
            list(&local, &format!("/volumes?q=localStorageHostRef.hostUuid={KVM_1}&q=uuid={volume}")).await;
        assert_eq!(found.len(), 1);
    }
    inventory(migrate(root, KVM_2).await);

    let trash = format!("/primary-storage/trash?uuid={LOCAL}");
    let items = list(&local, &trash).await;
    let of = |field: &str| items.iter().map(|item| item[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("trashId"), [1, 2, 3]);
    assert_eq!(of("hostUuid"), [KVM_2, KVM_2, KVM_1]);
    let of_root = format!("{trash}&resourceUuid={root}&resourceType=VolumeVO&trashType=MigrateVolume");
    assert_eq!(list(&local, &of_root).await.len(), 2);
    let alone = format!("/zstack/v1{trash}&resourceUuid={root}");
    assert_eq!(code(&local.send("GET", &alone, "").await), "SYS.1007");
    let at = format!("/primary-storage/{LOCAL}/trash");
    let clean_up = async |params: Value| {
        let (status, answer) = act(&local, &at, "cleanUpTrashOnPrimaryStorage", params).await;
        assert_eq!(status, 200, "{answer}");
        answer
    };
    assert_eq!(clean_up(json!({"trashId": 2})).await["result"]["resourceUuids"], json!([data]));
    assert_eq!(clean_up(json!({})).await["results"].as_array().unwrap().len(), 2);
    assert!(list(&local, &trash).await.is_empty());
    assert!(list(&local, "/backup-storage/trash?uuid=b5000000000040008000000000000001").await.is_empty());
    let at = "/backup-storage/b5000000000040008000000000000001/trash";
    let (_, cleaned) = act(&local, at, "cleanUpTrashOnBackupStorage", json!({})).await;
    assert_eq!(cleaned["result"]["size"], 0);
    let at = format!("/primary-storage/{LOCAL}/storagetrash");
    let (_, cleaned) = act(&local, &at, "cleanUpStorageTrashOnPrimaryStorage", json!({})).await;
    assert_eq!(cleaned["total"], 0);
}

#[tokio::test]
async fn the_newest_snapshot_is_undone() {
    let local = Local::sample().await;
    let root = volumes_of(&local, DB_1).await.remove(0);
    let at = format!("/volumes/{root}");
    let take = async |name: &str| {
        local.clock.advance(1);
        inventory(post(&local, &format!("{at}/volume-snapshots"), json!({"name": name})).await)
    };
    let before = get_one(&local, &at).await;
    let (first, second) = (take("first").await, take("second").await);
    let undo = async |snapshot: &Value| {
        act(&local, &at, "undoSnapshotCreation", json!({"snapShotUuid": snapshot["uuid"]})).await
    };
    assert_eq!(code(&undo(&first).await), "SYS.1006");
    assert_eq!(inventory(undo(&second).await)["installPath"], second["primaryStorageInstallPath"]);
    let left = get_one(&local, "/volume-snapshots").await;
    assert_eq!((&left["uuid"], &left["latest"]), (&first["uuid"], &json!(true)));
    assert_eq!(inventory(undo(&first).await)["installPath"], before["installPath"]);
    assert!(list(&local, "/volume-snapshots").await.is_empty());

    let third = take("third").await;
    let path = format!("/volume-snapshots/shrink/{}", uuid(&third));
    let (_, shrunk) = act(&local, &path, "shrinkVolumeSnapshot", json!({})).await;
    assert_eq!(shrunk["shrinkResult"]["oldSize"], third["size"]);
    // What the volume contained becomes trash.
    let path_of_third = format!("/volume-snapshots/{}", uuid(&third));
    assert_empty(&act(&local, &path_of_third, "revertVolumeFromSnapshot", json!({})).await);
    let trash = list(&local, &format!("/primary-storage/trash?uuid={LOCAL}&trashType=RevertVolume")).await;
    assert_eq!(trash[0]["resourceUuid"], *root);
    inventory(local.start(DB_1).await);
    assert_eq!(code(&act(&local, &path, "shrinkVolumeSnapshot", json!({})).await), "SYS.1006");
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
        post(&local, &format!("/volumes/{root}/schedulers/creating-volume-snapshots"), all).await
    };
    assert_eq!(code(&schedule(json!({})).await), "SYS.1007");
    assert_eq!(code(&schedule(json!({"type": "cron", "interval": 5})).await), "SYS.1007");
    assert_empty(&schedule(json!({"interval": 86_400, "repeatCount": 3})).await);
    let job = get_one(&local, "/scheduler/jobs?q=name=nightly").await;
    let trigger = get_one(&local, "/scheduler/triggers?q=name=nightly").await;
    assert_eq!((&job["targetResourceUuid"], &job["triggersUuid"]), (&json!(root), &json!([trigger["uuid"]])));
    assert_eq!((&trigger["schedulerInterval"], &trigger["repeatCount"]), (&json!(86_400), &json!(3)));
}

#[tokio::test]
async fn groups_with_memory_need_their_networks() {
    let local = Local::sample().await;
    let network = get_one(&local, "/l3-networks?q=name=office").await;
    let root = volumes_of(&local, WEB_1).await.remove(0);
    let find = async || {
        let path = format!(
            "/memory-snapshots/group/reference?resourceUuid={}&resourceType=L3NetworkVO",
            uuid(&network)
        );
        list(&local, &path).await
    };
    let params = json!({"rootVolumeUuid": root, "name": "disks"});
    inventory(post(&local, "/volume-snapshots/group", params).await);
    assert!(find().await.is_empty());
    let params = json!({"rootVolumeUuid": root, "name": "all", "withMemory": true});
    let group = inventory(post(&local, "/volume-snapshots/group", params).await);
    assert_eq!(find().await[0]["uuid"], group["uuid"]);
    let data = data_volume(&local).await;
    inventory(post(&local, &format!("/volumes/{data}/vm-instances/{WEB_1}"), json!({})).await);
    inventory(local.stop(WEB_1).await);
    let at = format!("/vm-instances/{WEB_1}");
    let boot = act(&local, &at, "setVmBootVolume", json!({"volumeUuid": data})).await;
    assert_eq!(code(&boot), "SYS.1006");
}

#[tokio::test]
async fn storages_report_their_contents() {
    let local = Local::sample().await;
    let body = json!({"null": {"clusterUuid": CLUSTER}}).to_string();
    let synced = local.send("POST", "/zstack/v1/volumes/batch-sync-volumes", &body).await;
    let volumes = list(&local, "/volumes?q=vmInstanceUuid!=null&q=status=Ready").await;
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
    let zone = get_one(&local, "/zones").await;
    for (path, params) in [
        (
            "/primary-storage/ceph",
            json!({"zoneUuid": zone["uuid"], "name": "p", "monUrls": ["root:x@ceph-1"]}),
        ),
        ("/backup-storage/ceph", json!({"name": "b", "monUrls": ["root:x@ceph-1"]})),
    ] {
        let storage = inventory(post(&local, path, params).await);
        let mons = format!("{path}/{}/mons", uuid(&storage));
        let hosts = |storage: &Value| {
            let mons = storage["mons"].as_array().unwrap().iter();
            mons.map(|monitor| monitor["hostname"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let add = async |url: &str| post(&local, &mons, json!({"monUrls": [url]})).await;
        let mut added = hosts(&inventory(add("root:x@ceph-2:2222/?monPort=7000").await));
        added.sort();
        assert_eq!(added, ["ceph-1", "ceph-2"]);
        assert_eq!(code(&add("root:x@ceph-2").await), "SYS.1007");
        assert_eq!(code(&add("ceph-3").await), "SYS.1007");
        let all = delete(&local, &format!("{mons}?monHostnames=ceph-1&monHostnames=ceph-2")).await;
        assert_eq!(code(&all), "SYS.1006");
        let left = inventory(delete(&local, &format!("{mons}?monHostnames=ceph-1&monHostnames=other")).await);
        assert_eq!(hosts(&left), ["ceph-2"]);
        assert_eq!(hosts(&get_one(&local, &format!("{path}?q=uuid={}", uuid(&storage))).await), ["ceph-2"]);
    }
    let discover = async |config: &str| {
        let params = json!({"url": "http://10.0.0.1", "identity": "zbs", "config": config});
        post(&local, "/primary-storage/addon/discover", params).await
    };
    let found = inventory(discover(r#"{"pool": "p"}"#).await);
    assert_eq!((&found["identity"], &found["config"]), (&json!("zbs"), &json!({"pool": "p"})));
    assert_eq!(code(&discover("pool").await), "SYS.1007");
    assert!(list(&local, "/primary-storage?q=type=Addon").await.is_empty());
    let params = json!({
        "zoneUuid": zone["uuid"], "name": "e", "url": "http://10.0.0.1", "identity": "zbs", "config": "{}",
        "defaultOutputProtocol": "Vhost",
    });
    let storage = inventory(post(&local, "/primary-storage/addon", params).await);
    let protocol = json!({"uuid": storage["uuid"], "outputProtocol": "iSCSI"});
    let added = post(&local, "/primary-storage/protocol", protocol).await;
    assert_eq!(added.0, 200, "{added:?}");
    let found = get_one(&local, &format!("/primary-storage?q=uuid={}", uuid(&storage))).await;
    assert!(found["outputProtocols"].as_array().unwrap().contains(&json!("iSCSI")), "{found}");
}

#[tokio::test]
async fn the_deletion_policy_removes_volumes_at_once() {
    let local = Local::sample().await;
    let policy = json!({"value": "Direct"});
    inventory(
        act(&local, "/global-configurations/volume/deletionPolicy", "updateGlobalConfig", policy).await,
    );
    let volume = data_volume(&local).await;
    inventory(post(&local, &format!("/volumes/{volume}/vm-instances/{WEB_1}"), json!({})).await);
    inventory(post(&local, &format!("/volumes/{volume}/volume-snapshots"), json!({"name": "s"})).await);
    assert_empty(&delete(&local, &format!("/volumes/{volume}")).await);
    assert!(list(&local, &format!("/volumes?q=uuid={volume}")).await.is_empty());
    assert!(list(&local, &format!("/volume-snapshots?q=volumeUuid={volume}")).await.is_empty());
    assert_eq!(volumes_of(&local, WEB_1).await.len(), 1);
}
