//! Tests of data volumes and snapshots.

use serde_json::{Value, json};

use crate::calls::{act, delete, get_one, list, post, uuid};
use crate::cloud_storages::{Cloud, cloud, template};
use crate::local::{Answer, Local, assert_empty, code, inventory, sample};

const GIB: i64 = 1 << 30;

async fn data_volume(local: &Local, size: i64) -> String {
    uuid(post(local, "/volumes/data", json!({"name": "data", "diskSize": size})).await)
}

#[tokio::test]
async fn volumes_are_created_attached_and_detached() {
    let local = Local::sample().await;
    let offering = uuid(post(&local, "/disk-offerings", json!({"name": "d", "diskSize": 20 * GIB})).await);
    let params = json!({"name": "data", "diskOfferingUuid": offering, "diskSize": 5});
    let volume = inventory(post(&local, "/volumes/data", params).await);
    assert_eq!(
        (
            &volume["status"],
            &volume["size"],
            &volume["type"],
            &volume["state"],
            volume.get("primaryStorageUuid")
        ),
        (&json!("NotInstantiated"), &json!(20 * GIB), &json!("Data"), &json!("Enabled"), None)
    );
    assert_eq!(code(&post(&local, "/volumes/data", json!({"name": "x", "diskSize": -1})).await), "SYS.1007");
    let uuid = volume["uuid"].as_str().unwrap();
    let at = |vm: &str| format!("/volumes/{uuid}/vm-instances/{vm}");
    let candidates = list(&local, &format!("/volumes/{uuid}/candidate-vm-instances")).await;
    assert!(candidates.iter().any(|vm| vm["uuid"] == sample::WEB_1));
    assert_eq!(code(&post(&local, &at(sample::OLD_1), json!({})).await), "VM.1005");
    local.clock.advance(60);
    let attached = inventory(post(&local, &at(sample::WEB_1), json!({})).await);
    assert_eq!(
        (&attached["status"], &attached["vmInstanceUuid"], &attached["deviceId"], &attached["format"]),
        (&json!("Ready"), &json!(sample::WEB_1), &json!(1), &json!("qcow2"))
    );
    let path =
        format!("/zstack_ps/dataVolumes/acct-36c27e8ff05c4780bf6d2fa65700f22e/vol-{uuid}/{uuid}.qcow2");
    assert_eq!(
        (&attached["installPath"], &attached["lastAttachDate"]),
        (&json!(path), &json!("Jan 1, 2027 12:01:00 PM"))
    );
    assert_eq!(code(&post(&local, &at(sample::DB_1), json!({})).await), "SYS.1006");
    // The older operations see it.
    let vm = get_one(&local, &format!("/vm-instances/{}", sample::WEB_1)).await;
    assert_eq!(vm["allVolumes"].as_array().unwrap().len(), 2);
    assert_eq!(vm["allVolumes"][1]["uuid"], uuid);
    inventory(local.stop(sample::WEB_1).await);

    let resize = |size: i64| local.put_volume(uuid, "resizeDataVolume", json!({"size": size}));
    assert_eq!(code(&resize(GIB).await), "SYS.1007");
    assert_eq!(inventory(resize(30 * GIB).await)["size"], 30 * GIB);
    let detached = inventory(delete(&local, &format!("/volumes/{uuid}/vm-instances")).await);
    assert_eq!(
        (detached.get("vmInstanceUuid"), detached.get("deviceId"), &detached["lastVmInstanceUuid"]),
        (None, None, &json!(sample::WEB_1))
    );
    assert_eq!(code(&delete(&local, &format!("/volumes/{uuid}/vm-instances")).await), "SYS.1006");
    let candidates = list(&local, &format!("/vm-instances/{}/data-volume-candidates", sample::WEB_1)).await;
    assert_eq!(candidates.iter().map(|volume| &volume["uuid"]).collect::<Vec<_>>(), [uuid]);
    let disabled =
        act(&local, &format!("/volumes/{uuid}"), "changeVolumeState", json!({"stateEvent": "disable"})).await;
    assert_eq!(inventory(disabled)["state"], "Disabled");
    assert_eq!(code(&post(&local, &at(sample::WEB_1), json!({})).await), "SYS.1006");
    let root = vm["rootVolumeUuid"].as_str().unwrap();
    assert_eq!(code(&delete(&local, &format!("/volumes/{root}/vm-instances")).await), "SYS.1006");
    assert_eq!(code(&delete(&local, &format!("/volumes/{root}")).await), "SYS.1007");
}

impl Local {
    async fn put_volume(&self, uuid: &str, action: &str, params: Value) -> Answer {
        act(self, &format!("/volumes/data/resize/{uuid}"), action, params).await
    }
}

#[tokio::test]
async fn volumes_are_deleted_recovered_and_expunged() {
    let local = Local::sample().await;
    let uuid = data_volume(&local, GIB).await;
    let at = format!("/volumes/{uuid}");
    assert_eq!(code(&act(&local, &at, "expungeDataVolume", json!({})).await), "SYS.1006");
    assert_empty(&delete(&local, &at).await);
    assert_eq!(get_one(&local, &at).await["status"], "Deleted");
    assert_eq!(code(&delete(&local, &at).await), "SYS.1006");
    assert_eq!(
        inventory(act(&local, &at, "recoverDataVolume", json!({})).await)["status"],
        "NotInstantiated"
    );
    inventory(post(&local, &format!("/volumes/{uuid}/vm-instances/{}", sample::DB_1), json!({})).await);
    // It is detached when it is deleted.
    assert_empty(&delete(&local, &at).await);
    let deleted = get_one(&local, &at).await;
    assert_eq!((&deleted["status"], deleted.get("vmInstanceUuid")), (&json!("Deleted"), None));
    assert_eq!(inventory(act(&local, &at, "recoverDataVolume", json!({})).await)["status"], "Ready");
    assert_empty(&delete(&local, &at).await);
    assert_empty(&act(&local, &at, "expungeDataVolume", json!({})).await);
    assert!(list(&local, &at).await.is_empty());
    assert_empty(&delete(&local, &at).await);
}

#[tokio::test]
async fn volumes_are_created_on_storages() {
    let Cloud { local, primary, backup, cluster, .. } = cloud().await;
    let host = get_one(&local, &format!("/hosts?q=clusterUuid={cluster}")).await;
    let host = host["uuid"].as_str().unwrap();
    let params = json!({"name": "d", "diskSize": GIB, "primaryStorageUuid": primary});
    assert_eq!(code(&post(&local, "/volumes/data", params.clone()).await), "SYS.1007");
    let body = json!({"params": params, "systemTags": [format!("localStorage::hostUuid::{host}")]});
    let volume = inventory(local.send("POST", "/zstack/v1/volumes/data", &body.to_string()).await);
    assert_eq!((&volume["status"], &volume["primaryStorageUuid"]), (&json!("Ready"), &json!(primary)));
    let storage = get_one(&local, &format!("/primary-storage?q=uuid={primary}")).await;
    assert_eq!(storage["availableCapacity"], (1_i64 << 40) - GIB);
    // More than the disks have.
    let body = json!({
        "params": {"name": "d", "diskSize": 2000 * GIB, "primaryStorageUuid": primary},
        "systemTags": [format!("localStorage::hostUuid::{host}")],
    });
    assert_eq!(code(&local.send("POST", "/zstack/v1/volumes/data", &body.to_string()).await), "SYS.1006");

    let mut image = template(&backup);
    image["mediaType"] = json!("DataVolumeTemplate");
    let data = uuid(post(&local, "/images", image).await);
    let root = uuid(post(&local, "/images", template(&backup)).await);
    let from = |image: &str| format!("/volumes/data/from/data-volume-templates/{image}");
    let params = json!({"name": "copy", "primaryStorageUuid": primary, "hostUuid": host});
    assert_eq!(code(&post(&local, &from(&root), params.clone()).await), "SYS.1007");
    let copy = inventory(post(&local, &from(&data), params).await);
    assert_eq!(
        (&copy["name"], &copy["size"], &copy["rootImageUuid"], &copy["status"]),
        (&json!("copy"), &json!(10 * GIB), &json!(data), &json!("Ready"))
    );
}

#[tokio::test]
async fn a_shareable_volume_has_several_vm_instances() {
    let local = Local::sample().await;
    let body = json!({"params": {"name": "s", "diskSize": GIB}, "systemTags": ["ephemeral::shareable"]});
    let volume = inventory(local.send("POST", "/zstack/v1/volumes/data", &body.to_string()).await);
    assert_eq!(volume["isShareable"], true);
    let uuid = volume["uuid"].as_str().unwrap();
    assert!(list(&local, &format!("/system-tags?q=resourceUuid={uuid}")).await.is_empty());
    for vm in [sample::WEB_1, sample::WINDOWS_1] {
        let attached =
            inventory(post(&local, &format!("/volumes/{uuid}/vm-instances/{vm}"), json!({})).await);
        assert_eq!(attached.get("vmInstanceUuid"), None);
    }
    assert_eq!(
        code(&post(&local, &format!("/volumes/{uuid}/vm-instances/{}", sample::WEB_1), json!({})).await),
        "SYS.1006"
    );
    assert_eq!(code(&delete(&local, &format!("/volumes/{uuid}/vm-instances")).await), "SYS.1006");
    let detach = format!("/volumes/{uuid}/vm-instances?vmUuid={}", sample::WEB_1);
    inventory(delete(&local, &detach).await);
    assert_eq!(code(&delete(&local, &detach).await), "SYS.1006");
}

async fn root_of(local: &Local, vm: &str) -> String {
    get_one(local, &format!("/vm-instances/{vm}")).await["rootVolumeUuid"].as_str().unwrap().to_owned()
}

async fn snapshot(local: &Local, volume: &str, name: &str) -> Value {
    local.clock.advance(1);
    inventory(post(local, &format!("/volumes/{volume}/volume-snapshots"), json!({"name": name})).await)
}

#[tokio::test]
async fn snapshots_are_a_tree() {
    let local = Local::sample().await;
    let root = root_of(&local, sample::DB_1).await;
    let before = get_one(&local, &format!("/volumes/{root}")).await;
    let first = snapshot(&local, &root, "first").await;
    assert_eq!(
        (
            &first["distance"],
            &first["latest"],
            first.get("parentUuid"),
            &first["volumeType"],
            &first["state"]
        ),
        (&json!(1), &json!(true), None, &json!("Root"), &json!("Enabled"))
    );
    assert_eq!(
        (&first["primaryStorageInstallPath"], &first["size"], &first["format"]),
        (&before["installPath"], &before["actualSize"], &json!("qcow2"))
    );
    assert_ne!(get_one(&local, &format!("/volumes/{root}")).await["installPath"], before["installPath"]);
    let second = snapshot(&local, &root, "second").await;
    assert_eq!(
        (&second["distance"], &second["parentUuid"], &second["treeUuid"]),
        (&json!(2), &first["uuid"], &first["treeUuid"])
    );
    let at = |snapshot: &Value| format!("/volume-snapshots/{}", snapshot["uuid"].as_str().unwrap());
    assert_eq!(get_one(&local, &at(&first)).await["latest"], false);

    // A branch below the first one.
    assert_empty(&act(&local, &at(&first), "revertVolumeFromSnapshot", json!({})).await);
    assert_eq!(get_one(&local, &at(&first)).await["latest"], true);
    let third = snapshot(&local, &root, "third").await;
    assert_eq!((&third["distance"], &third["parentUuid"]), (&json!(2), &first["uuid"]));
    let tree = get_one(&local, &format!("/volume-snapshots/trees?q=volumeUuid={root}")).await;
    assert_eq!((&tree["uuid"], &tree["current"]), (&first["treeUuid"], &json!(true)));
    assert_eq!(tree["tree"]["inventory"]["uuid"], first["uuid"]);
    assert_eq!(tree["tree"]["children"].as_array().unwrap().len(), 2);
    // The snapshot of a reimaged volume continues the tree.
    inventory(local.reimage(sample::DB_1).await);
    let latest = get_one(&local, &format!("/volume-snapshots?q=volumeUuid={root}&q=latest=true")).await;
    assert_eq!((&latest["parentUuid"], &latest["state"]), (&third["uuid"], &json!("Enabled")));

    let (_, size) = act(&local, &at(&first), "getVolumeSnapshotSize", json!({})).await;
    assert_eq!(size["size"], first["size"]);
    // With the third one goes that of the reimaged volume; the first one is the newest again.
    assert_empty(&delete(&local, &at(&third)).await);
    assert_eq!(list(&local, &format!("/volume-snapshots?q=volumeUuid={root}")).await.len(), 2);
    assert_eq!(get_one(&local, &at(&first)).await["latest"], true);
    let body = json!({"batchDeleteVolumeSnapshot": {"uuids": [second["uuid"], first["uuid"]]}});
    let (status, deleted) =
        local.send("PUT", "/zstack/v1/volume-snapshots/batch-delete", &body.to_string()).await;
    assert_eq!((status, deleted["results"].as_array().map(Vec::len)), (200, Some(2)), "{deleted}");
    assert!(list(&local, &format!("/volume-snapshots?q=volumeUuid={root}")).await.is_empty());
    assert!(list(&local, &format!("/volume-snapshots/trees?q=volumeUuid={root}")).await.is_empty());
    assert_empty(&delete(&local, &at(&first)).await);
}

#[tokio::test]
async fn impossible_snapshots_are_refused() {
    let local = Local::sample().await;
    let data = data_volume(&local, GIB).await;
    let at = format!("/volumes/{data}/volume-snapshots");
    assert_eq!(code(&post(&local, &at, json!({"name": "x"})).await), "SYS.1006");
    let root = root_of(&local, sample::WEB_1).await;
    let snapshot = snapshot(&local, &root, "x").await;
    let uuid = snapshot["uuid"].as_str().unwrap();
    let revert =
        act(&local, &format!("/volume-snapshots/{uuid}"), "revertVolumeFromSnapshot", json!({})).await;
    assert_eq!(code(&revert), "SYS.1006");
    let copy =
        post(&local, &format!("/volumes/data/from/volume-snapshots/{uuid}"), json!({"name": "copy"})).await;
    let copy = inventory(copy);
    assert_eq!(copy["name"], "copy");
    assert_eq!(copy["size"], get_one(&local, &format!("/volumes/{root}")).await["size"]);
    // With the VM instance go its snapshots.
    assert_empty(&local.destroy(sample::WEB_1).await);
    assert_empty(&local.expunge(sample::WEB_1).await);
    assert!(list(&local, &format!("/volume-snapshots?q=uuid={uuid}")).await.is_empty());
}

#[tokio::test]
async fn groups_have_a_snapshot_of_each_volume() {
    let local = Local::sample().await;
    let root = root_of(&local, sample::DB_1).await;
    let group = inventory(
        post(&local, "/volume-snapshots/group", json!({"name": "g", "rootVolumeUuid": root})).await,
    );
    assert_eq!(group["snapshotCount"], 2);
    let refs = group["volumeSnapshotRefs"].as_array().unwrap();
    assert_eq!(
        (&refs[1]["volumeType"], &refs[1]["volumeSnapshotName"]),
        (&json!("Data"), &json!("g-db-1-data"))
    );
    let uuid = group["uuid"].as_str().unwrap();
    let data = refs[1]["volumeUuid"].as_str().unwrap();
    let refused = post(&local, "/volume-snapshots/group", json!({"name": "g", "rootVolumeUuid": data})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let at = format!("/volume-snapshots/group/{uuid}");
    let availability = format!("/zstack/v1/volume-snapshots/groups/availabilities?uuids={uuid}");
    let (_, answer) = local.send("GET", &availability, "").await;
    assert_eq!(answer["results"][0]["available"], true, "{answer}");
    let (status, reverted) = act(&local, &at, "revertVmFromSnapshotGroup", json!({})).await;
    assert_eq!((status, reverted["results"].as_array().map(Vec::len)), (200, Some(2)), "{reverted}");

    // Without the snapshot of the data volume, the group cannot be restored.
    assert_empty(
        &delete(&local, &format!("/volume-snapshots/{}", refs[1]["volumeSnapshotUuid"].as_str().unwrap()))
            .await,
    );
    let (_, answer) = local.send("GET", &availability, "").await;
    assert_eq!(answer["results"][0]["available"], false, "{answer}");
    assert_eq!(code(&act(&local, &at, "revertVmFromSnapshotGroup", json!({})).await), "SYS.1006");
    let (status, deleted) = delete(&local, &at).await;
    assert_eq!((status, deleted["results"].as_array().map(Vec::len)), (200, Some(1)), "{deleted}");
    assert!(list(&local, &format!("/volume-snapshots?q=groupUuid={uuid}")).await.is_empty());

    let group = inventory(
        post(&local, "/volume-snapshots/group", json!({"name": "g", "rootVolumeUuid": root})).await,
    );
    let uuid = group["uuid"].as_str().unwrap();
    assert_empty(&delete(&local, &format!("/volume-snapshots/ungroup/{uuid}")).await);
    assert_eq!(list(&local, &format!("/volume-snapshots?q=volumeUuid={root}")).await.len(), 1);
    assert_empty(&local.destroy(sample::DB_1).await);
    assert_empty(&local.expunge(sample::DB_1).await);
}
