//! Tests of storages, images, volumes and snapshots.

use serde_json::{Value, json};

use crate::local::{Answer, Local, assert_empty, code, inventory, sample};

/// A zone with a cluster, a host, a local primary storage and an SFTP backup storage.
struct Cloud {
    local: Local,
    zone: String,
    cluster: String,
    primary: String,
    backup: String,
}

impl Local {
    pub(crate) async fn post(&self, path: &str, params: Value) -> Answer {
        self.send("POST", &format!("/zstack/v1{path}"), &json!({"params": params}).to_string()).await
    }

    pub(crate) async fn put(&self, path: &str, action: &str, params: Value) -> Answer {
        self.send("PUT", &format!("/zstack/v1{path}/actions"), &json!({action: params}).to_string()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", &format!("/zstack/v1{path}"), "").await
    }

    pub(crate) async fn get_one(&self, path: &str) -> Value {
        let (status, answer) = self.send("GET", &format!("/zstack/v1{path}"), "").await;
        assert_eq!(status, 200, "{answer}");
        let list = answer["inventories"].as_array().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(list.len(), 1, "{answer}");
        list[0].clone()
    }

    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let (status, answer) = self.send("GET", &format!("/zstack/v1{path}"), "").await;
        assert_eq!(status, 200, "{answer}");
        answer["inventories"].as_array().cloned().unwrap_or_default()
    }
}

fn uuid(answer: Answer) -> String {
    inventory(answer)["uuid"].as_str().unwrap().to_owned()
}

async fn cloud() -> Cloud {
    let local = Local::sample().await;
    let zone = uuid(local.post("/zones", json!({"name": "zone"})).await);
    let params = json!({"zoneUuid": zone, "name": "cluster", "hypervisorType": "KVM"});
    let cluster = uuid(local.post("/clusters", params).await);
    let params = json!({"name": "local", "url": "/zstack_ps", "zoneUuid": zone});
    let added = inventory(local.post("/primary-storage/local-storage", params).await);
    assert_eq!(
        (&added["type"], &added["state"], &added["status"], &added["mountPath"], &added["totalCapacity"]),
        (&json!("LocalStorage"), &json!("Enabled"), &json!("Connected"), &json!("/zstack_ps"), &json!(0))
    );
    let primary = added["uuid"].as_str().unwrap().to_owned();
    let attached = local.post(&format!("/clusters/{cluster}/primary-storage/{primary}"), json!({})).await;
    assert_eq!(inventory(attached)["attachedClusterUuids"], json!([cluster]));
    let params = json!({
        "name": "host", "managementIp": "10.1.0.1", "clusterUuid": cluster, "username": "root", "password": "x",
    });
    inventory(local.post("/hosts/kvm", params).await);
    let params = json!({
        "name": "images", "hostname": "10.1.0.2", "username": "root", "password": "secret", "url": "/zstack_bs",
    });
    let added = inventory(local.post("/backup-storage/sftp", params).await);
    assert_eq!((&added["type"], &added["sshPort"]), (&json!("SftpBackupStorage"), &json!(22)));
    assert_eq!(added.get("password"), None);
    let backup = added["uuid"].as_str().unwrap().to_owned();
    let attached = local.post(&format!("/zones/{zone}/backup-storage/{backup}"), json!({})).await;
    assert_eq!(inventory(attached)["attachedZoneUuids"], json!([zone]));
    Cloud { local, zone, cluster, primary, backup }
}

#[tokio::test]
async fn primary_storages_are_attached_and_deleted() {
    let Cloud { local, zone, cluster, primary, .. } = cloud().await;
    let at = format!("/clusters/{cluster}/primary-storage/{primary}");
    assert_eq!(code(&local.post(&at, json!({})).await), "SYS.1006");
    let (_, capacity) = local
        .send("GET", &format!("/zstack/v1/primary-storage/capacities?primaryStorageUuids={primary}"), "")
        .await;
    assert_eq!(
        (&capacity["totalCapacity"], &capacity["availableCapacity"]),
        (&json!(1_i64 << 40), &json!(1_i64 << 40))
    );
    assert_eq!(code(&local.send("GET", "/zstack/v1/primary-storage/capacities", "").await), "SYS.1007");
    // Another one with the same folder, and a cluster of another zone.
    let params = json!({"name": "same", "url": "/zstack_ps", "zoneUuid": zone});
    let same = uuid(local.post("/primary-storage/local-storage", params).await);
    let refused = local.post(&format!("/clusters/{cluster}/primary-storage/{same}"), json!({})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let elsewhere = "c1000000000040008000000000000001";
    let refused = local.post(&format!("/clusters/{elsewhere}/primary-storage/{same}"), json!({})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let params = json!({"name": "x", "url": "/dev/shm", "zoneUuid": zone});
    assert_eq!(code(&local.post("/primary-storage/local-storage", params).await), "SYS.1007");

    assert_eq!(code(&local.delete(&format!("/primary-storage/{primary}")).await), "SYS.1006");
    let state = local
        .put(
            &format!("/primary-storage/{primary}"),
            "changePrimaryStorageState",
            json!({"stateEvent": "maintain"}),
        )
        .await;
    assert_eq!(inventory(state)["state"], "Maintenance");
    let detached = inventory(local.delete(&at).await);
    assert_eq!(detached["attachedClusterUuids"], json!([]));
    assert_eq!(code(&local.delete(&at).await), "SYS.1007");
    assert_empty(&local.delete(&format!("/primary-storage/{primary}")).await);
    assert!(local.list(&format!("/primary-storage?q=uuid={primary}")).await.is_empty());
}

#[tokio::test]
async fn detaching_a_storage_stops_its_vm_instances() {
    let local = Local::sample().await;
    let (nfs, cluster) = ("95000000000040008000000000000001", "c1000000000040008000000000000001");
    inventory(local.delete(&format!("/clusters/{cluster}/primary-storage/{nfs}")).await);
    let vm = local.get_one(&format!("/vm-instances/{}", sample::WEB_1)).await;
    assert_eq!(
        (&vm["state"], vm.get("hostUuid"), &vm["lastHostUuid"]),
        (&json!("Stopped"), None, &json!(sample::KVM_1))
    );
}

#[tokio::test]
async fn storages_of_all_types_are_added() {
    let Cloud { local, zone, cluster, .. } = cloud().await;
    let params = json!({"name": "nfs", "url": "10.1.0.9:/export", "zoneUuid": zone});
    let nfs = inventory(local.post("/primary-storage/nfs", params.clone()).await);
    assert!(nfs["mountPath"].as_str().unwrap().starts_with("/opt/zstack/nfsprimarystorage/prim-"));
    assert_eq!(nfs["totalCapacity"], 10_i64 << 40);
    assert_eq!(code(&local.post("/primary-storage/nfs", params).await), "SYS.1007");
    let params = json!({"name": "smp", "url": "/mnt/shared", "zoneUuid": zone});
    assert_eq!(inventory(local.post("/primary-storage/smp", params).await)["type"], "SharedMountPoint");
    let params = json!({"name": "blocks", "diskUuids": ["disk-1", "disk-2"], "zoneUuid": zone});
    let blocks = inventory(local.post("/primary-storage/sharedblockgroup", params).await);
    assert_eq!(
        (&blocks["type"], blocks["sharedBlocks"].as_array().unwrap().len()),
        (&json!("SharedBlock"), 2)
    );
    let params = json!({"name": "ceph", "monUrls": ["root:x@10.1.0.5", "root:x@10.1.0.6:22/?monPort=7000"], "zoneUuid": zone});
    let ceph = inventory(local.post("/primary-storage/ceph", params.clone()).await);
    assert_eq!(
        (&ceph["url"], &ceph["mountPath"], &ceph["type"]),
        (&json!("not used"), &json!("Ceph"), &json!("Ceph"))
    );
    assert_eq!((ceph["mons"].as_array().unwrap().len(), ceph["pools"].as_array().unwrap().len()), (2, 3));
    assert_eq!(code(&local.post("/primary-storage/ceph", params).await), "SYS.1007");
    let params = json!({"name": "ceph", "monUrls": ["root:x@10.1.0.5"]});
    let backup = inventory(local.post("/backup-storage/ceph", params).await);
    assert_eq!((&backup["fsid"], &backup["type"]), (&ceph["fsid"], &json!("Ceph")));
    let params = json!({"name": "store", "hostname": "10.1.0.7", "username": "root", "password": "x", "url": "/store"});
    let store = inventory(local.post("/backup-storage/image-store", params.clone()).await);
    assert_eq!(store["type"], "ImageStoreBackupStorage");
    assert_eq!(code(&local.post("/backup-storage/image-store", params).await), "SYS.1006");
    let params =
        json!({"name": "x", "hostname": "10.1.0.300", "username": "root", "password": "x", "url": "/store"});
    assert_eq!(code(&local.post("/backup-storage/sftp", params).await), "SYS.1007");
    // The older operations read all storages.
    inventory(local.attach(sample::WEB_1, sample::RESCUE).await);
    for kind in ["primary-storage", "backup-storage"] {
        let (status, types) = local.send("GET", &format!("/zstack/v1/{kind}/types"), "").await;
        assert!(status == 200 && types["types"].as_array().unwrap().contains(&json!("Ceph")), "{types}");
    }
    let (_, strategies) = local.send("GET", "/zstack/v1/primary-storage/allocators/strategies", "").await;
    assert_eq!(strategies["strategies"].as_array().unwrap().len(), 1);
    let _ = cluster;
}

#[tokio::test]
async fn backup_storages_are_detached_and_deleted_with_their_images() {
    let Cloud { local, zone, backup, .. } = cloud().await;
    let at = format!("/zones/{zone}/backup-storage/{backup}");
    assert_eq!(code(&local.post(&at, json!({})).await), "SYS.1006");
    let (_, capacity) =
        local.send("GET", &format!("/zstack/v1/backup-storage/capacities?zoneUuids={zone}"), "").await;
    assert_eq!(capacity["totalCapacity"], 10_i64 << 40);
    let image = inventory(local.post("/images", template(&backup)).await);
    let (_, after) = local.send("GET", "/zstack/v1/backup-storage/capacities?all=true", "").await;
    assert!(after["availableCapacity"].as_i64() < after["totalCapacity"].as_i64());
    assert_eq!(inventory(local.delete(&at).await)["attachedZoneUuids"], json!([]));
    assert_eq!(code(&local.delete(&at).await), "SYS.1006");
    assert_empty(&local.delete(&format!("/backup-storage/{backup}")).await);
    let image = local.get_one(&format!("/images/{}", image["uuid"].as_str().unwrap())).await;
    assert_eq!((&image["status"], &image["backupStorageRefs"]), (&json!("Deleted"), &json!([])));
}

fn template(backup: &str) -> Value {
    json!({"name": "linux", "url": "http://images.example/linux.qcow2", "backupStorageUuids": [backup], "format": "qcow2"})
}

#[tokio::test]
async fn images_are_added_deleted_and_recovered() {
    let Cloud { local, backup, .. } = cloud().await;
    let image = inventory(local.post("/images", template(&backup)).await);
    let uuid = image["uuid"].as_str().unwrap();
    for (field, expected) in [
        ("status", json!("Ready")),
        ("state", json!("Enabled")),
        ("mediaType", json!("RootVolumeTemplate")),
        ("platform", json!("Linux")),
        ("guestOsType", json!("Linux")),
        ("architecture", json!("x86_64")),
        ("type", json!("zstack")),
        ("system", json!(false)),
        ("virtio", json!(true)),
        ("size", json!(10_i64 << 30)),
        ("actualSize", json!(1_i64 << 30)),
    ] {
        assert_eq!(image[field], expected, "{field}");
    }
    let path =
        format!("/zstack_bs/rootVolumeTemplates/acct-36c27e8ff05c4780bf6d2fa65700f22e/{uuid}/linux.template");
    assert_eq!(image["backupStorageRefs"][0]["installPath"], path);
    assert_eq!(local.get_one(&format!("/images/{uuid}")).await, image);

    for wrong in [
        json!({"url": "linux.qcow2"}),
        json!({"mediaType": "ISO", "system": true}),
        json!({"format": "vhd"}),
        json!({"mediaType": "RootVolumeTemplate", "format": "iso"}),
        json!({"backupStorageUuids": []}),
    ] {
        let mut params = template(&backup);
        params.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(code(&local.post("/images", params).await), "SYS.1007", "{wrong}");
    }
    let mut windows = template(&backup);
    windows["platform"] = json!("WindowsVirtio");
    windows["url"] = json!("/iso/windows.iso");
    windows["format"] = json!("iso");
    let windows = inventory(local.post("/images", windows).await);
    assert_eq!(
        (&windows["platform"], &windows["mediaType"], &windows["format"]),
        (&json!("Windows"), &json!("ISO"), &json!("iso"))
    );

    let at = format!("/images/{uuid}");
    assert_eq!(code(&local.put(&at, "expungeImage", json!({})).await), "SYS.1006");
    assert_eq!(code(&local.put(&at, "recoverImage", json!({})).await), "SYS.1006");
    assert_empty(&local.delete(&at).await);
    let deleted = local.get_one(&at).await;
    assert_eq!(
        (&deleted["status"], &deleted["backupStorageRefs"][0]["status"]),
        (&json!("Deleted"), &json!("Deleted"))
    );
    let recovered = inventory(local.put(&at, "recoverImage", json!({})).await);
    assert_eq!(
        (&recovered["status"], &recovered["backupStorageRefs"][0]["status"]),
        (&json!("Ready"), &json!("Ready"))
    );
    let disabled = inventory(local.put(&at, "changeImageState", json!({"stateEvent": "disable"})).await);
    assert_eq!(disabled["state"], "Disabled");
    let updated = inventory(local.put(&at, "updateImage", json!({"name": "new"})).await);
    assert_eq!(updated["name"], "new");
    for mode in ["Legacy", "UEFI"] {
        assert_empty(&local.put(&at, "setImageBootMode", json!({"bootMode": mode})).await);
    }
    let tags = local.list(&format!("/system-tags?q=resourceUuid={uuid}")).await;
    assert_eq!(tags.iter().map(|tag| &tag["tag"]).collect::<Vec<_>>(), ["bootMode::UEFI"]);
    assert_empty(&local.delete(&at).await);
    assert_empty(&local.put(&at, "expungeImage", json!({})).await);
    assert!(local.list(&at).await.is_empty());
    assert_empty(&local.delete(&at).await);
}

#[tokio::test]
async fn a_deleted_iso_leaves_its_drives() {
    let local = Local::sample().await;
    inventory(local.attach(sample::WEB_1, sample::RESCUE).await);
    assert_empty(&local.delete(&format!("/images/{}", sample::RESCUE)).await);
    let vm = local.get_one(&format!("/vm-instances/{}", sample::WEB_1)).await;
    assert_eq!(vm["vmCdRoms"][0].get("isoUuid"), None);
    assert_eq!(code(&local.attach(sample::WEB_1, sample::RESCUE).await), "SYS.1006");
}

const GIB: i64 = 1 << 30;

async fn data_volume(local: &Local, size: i64) -> String {
    uuid(local.post("/volumes/data", json!({"name": "data", "diskSize": size})).await)
}

#[tokio::test]
async fn volumes_are_created_attached_and_detached() {
    let local = Local::sample().await;
    let offering = uuid(local.post("/disk-offerings", json!({"name": "d", "diskSize": 20 * GIB})).await);
    let params = json!({"name": "data", "diskOfferingUuid": offering, "diskSize": 5});
    let volume = inventory(local.post("/volumes/data", params).await);
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
    assert_eq!(code(&local.post("/volumes/data", json!({"name": "x", "diskSize": -1})).await), "SYS.1007");
    let uuid = volume["uuid"].as_str().unwrap();
    let at = |vm: &str| format!("/volumes/{uuid}/vm-instances/{vm}");
    let candidates = local.list(&format!("/volumes/{uuid}/candidate-vm-instances")).await;
    assert!(candidates.iter().any(|vm| vm["uuid"] == sample::WEB_1));
    assert_eq!(code(&local.post(&at(sample::OLD_1), json!({})).await), "VM.1005");
    local.clock.advance(60);
    let attached = inventory(local.post(&at(sample::WEB_1), json!({})).await);
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
    assert_eq!(code(&local.post(&at(sample::DB_1), json!({})).await), "SYS.1006");
    // The older operations see it.
    let vm = local.get_one(&format!("/vm-instances/{}", sample::WEB_1)).await;
    assert_eq!(vm["allVolumes"].as_array().unwrap().len(), 2);
    assert_eq!(vm["allVolumes"][1]["uuid"], uuid);
    inventory(local.stop(sample::WEB_1).await);

    let resize = |size: i64| local.put_volume(uuid, "resizeDataVolume", json!({"size": size}));
    assert_eq!(code(&resize(GIB).await), "SYS.1007");
    assert_eq!(inventory(resize(30 * GIB).await)["size"], 30 * GIB);
    let detached = inventory(local.delete(&format!("/volumes/{uuid}/vm-instances")).await);
    assert_eq!(
        (detached.get("vmInstanceUuid"), detached.get("deviceId"), &detached["lastVmInstanceUuid"]),
        (None, None, &json!(sample::WEB_1))
    );
    assert_eq!(code(&local.delete(&format!("/volumes/{uuid}/vm-instances")).await), "SYS.1006");
    let candidates = local.list(&format!("/vm-instances/{}/data-volume-candidates", sample::WEB_1)).await;
    assert_eq!(candidates.iter().map(|volume| &volume["uuid"]).collect::<Vec<_>>(), [uuid]);
    let disabled =
        local.put(&format!("/volumes/{uuid}"), "changeVolumeState", json!({"stateEvent": "disable"})).await;
    assert_eq!(inventory(disabled)["state"], "Disabled");
    assert_eq!(code(&local.post(&at(sample::WEB_1), json!({})).await), "SYS.1006");
    let root = vm["rootVolumeUuid"].as_str().unwrap();
    assert_eq!(code(&local.delete(&format!("/volumes/{root}/vm-instances")).await), "SYS.1006");
    assert_eq!(code(&local.delete(&format!("/volumes/{root}")).await), "SYS.1007");
}

impl Local {
    async fn put_volume(&self, uuid: &str, action: &str, params: Value) -> Answer {
        self.put(&format!("/volumes/data/resize/{uuid}"), action, params).await
    }
}

#[tokio::test]
async fn volumes_are_deleted_recovered_and_expunged() {
    let local = Local::sample().await;
    let uuid = data_volume(&local, GIB).await;
    let at = format!("/volumes/{uuid}");
    assert_eq!(code(&local.put(&at, "expungeDataVolume", json!({})).await), "SYS.1006");
    assert_empty(&local.delete(&at).await);
    assert_eq!(local.get_one(&at).await["status"], "Deleted");
    assert_eq!(code(&local.delete(&at).await), "SYS.1006");
    assert_eq!(inventory(local.put(&at, "recoverDataVolume", json!({})).await)["status"], "NotInstantiated");
    inventory(local.post(&format!("/volumes/{uuid}/vm-instances/{}", sample::DB_1), json!({})).await);
    // It is detached when it is deleted.
    assert_empty(&local.delete(&at).await);
    let deleted = local.get_one(&at).await;
    assert_eq!((&deleted["status"], deleted.get("vmInstanceUuid")), (&json!("Deleted"), None));
    assert_eq!(inventory(local.put(&at, "recoverDataVolume", json!({})).await)["status"], "Ready");
    assert_empty(&local.delete(&at).await);
    assert_empty(&local.put(&at, "expungeDataVolume", json!({})).await);
    assert!(local.list(&at).await.is_empty());
    assert_empty(&local.delete(&at).await);
}

#[tokio::test]
async fn volumes_are_created_on_storages() {
    let Cloud { local, primary, backup, cluster, .. } = cloud().await;
    let host = local.get_one(&format!("/hosts?q=clusterUuid={cluster}")).await;
    let host = host["uuid"].as_str().unwrap();
    let params = json!({"name": "d", "diskSize": GIB, "primaryStorageUuid": primary});
    assert_eq!(code(&local.post("/volumes/data", params.clone()).await), "SYS.1007");
    let body = json!({"params": params, "systemTags": [format!("localStorage::hostUuid::{host}")]});
    let volume = inventory(local.send("POST", "/zstack/v1/volumes/data", &body.to_string()).await);
    assert_eq!((&volume["status"], &volume["primaryStorageUuid"]), (&json!("Ready"), &json!(primary)));
    let storage = local.get_one(&format!("/primary-storage?q=uuid={primary}")).await;
    assert_eq!(storage["availableCapacity"], (1_i64 << 40) - GIB);
    // More than the disks have.
    let body = json!({
        "params": {"name": "d", "diskSize": 2000 * GIB, "primaryStorageUuid": primary},
        "systemTags": [format!("localStorage::hostUuid::{host}")],
    });
    assert_eq!(code(&local.send("POST", "/zstack/v1/volumes/data", &body.to_string()).await), "SYS.1006");

    let mut image = template(&backup);
    image["mediaType"] = json!("DataVolumeTemplate");
    let data = uuid(local.post("/images", image).await);
    let root = uuid(local.post("/images", template(&backup)).await);
    let from = |image: &str| format!("/volumes/data/from/data-volume-templates/{image}");
    let params = json!({"name": "copy", "primaryStorageUuid": primary, "hostUuid": host});
    assert_eq!(code(&local.post(&from(&root), params.clone()).await), "SYS.1007");
    let copy = inventory(local.post(&from(&data), params).await);
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
    assert!(local.list(&format!("/system-tags?q=resourceUuid={uuid}")).await.is_empty());
    for vm in [sample::WEB_1, sample::WINDOWS_1] {
        let attached = inventory(local.post(&format!("/volumes/{uuid}/vm-instances/{vm}"), json!({})).await);
        assert_eq!(attached.get("vmInstanceUuid"), None);
    }
    assert_eq!(
        code(&local.post(&format!("/volumes/{uuid}/vm-instances/{}", sample::WEB_1), json!({})).await),
        "SYS.1006"
    );
    assert_eq!(code(&local.delete(&format!("/volumes/{uuid}/vm-instances")).await), "SYS.1006");
    let detach = format!("/volumes/{uuid}/vm-instances?vmUuid={}", sample::WEB_1);
    inventory(local.delete(&detach).await);
    assert_eq!(code(&local.delete(&detach).await), "SYS.1006");
}

async fn root_of(local: &Local, vm: &str) -> String {
    local.get_one(&format!("/vm-instances/{vm}")).await["rootVolumeUuid"].as_str().unwrap().to_owned()
}

async fn snapshot(local: &Local, volume: &str, name: &str) -> Value {
    local.clock.advance(1);
    inventory(local.post(&format!("/volumes/{volume}/volume-snapshots"), json!({"name": name})).await)
}

#[tokio::test]
async fn snapshots_are_a_tree() {
    let local = Local::sample().await;
    let root = root_of(&local, sample::DB_1).await;
    let before = local.get_one(&format!("/volumes/{root}")).await;
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
    assert_ne!(local.get_one(&format!("/volumes/{root}")).await["installPath"], before["installPath"]);
    let second = snapshot(&local, &root, "second").await;
    assert_eq!(
        (&second["distance"], &second["parentUuid"], &second["treeUuid"]),
        (&json!(2), &first["uuid"], &first["treeUuid"])
    );
    let at = |snapshot: &Value| format!("/volume-snapshots/{}", snapshot["uuid"].as_str().unwrap());
    assert_eq!(local.get_one(&at(&first)).await["latest"], false);

    // A branch below the first one.
    assert_empty(&local.put(&at(&first), "revertVolumeFromSnapshot", json!({})).await);
    assert_eq!(local.get_one(&at(&first)).await["latest"], true);
    let third = snapshot(&local, &root, "third").await;
    assert_eq!((&third["distance"], &third["parentUuid"]), (&json!(2), &first["uuid"]));
    let tree = local.get_one(&format!("/volume-snapshots/trees?q=volumeUuid={root}")).await;
    assert_eq!((&tree["uuid"], &tree["current"]), (&first["treeUuid"], &json!(true)));
    assert_eq!(tree["tree"]["inventory"]["uuid"], first["uuid"]);
    assert_eq!(tree["tree"]["children"].as_array().unwrap().len(), 2);
    // The snapshot of a reimaged volume continues the tree.
    inventory(local.reimage(sample::DB_1).await);
    let latest = local.get_one(&format!("/volume-snapshots?q=volumeUuid={root}&q=latest=true")).await;
    assert_eq!((&latest["parentUuid"], &latest["state"]), (&third["uuid"], &json!("Enabled")));

    let (_, size) = local.put(&at(&first), "getVolumeSnapshotSize", json!({})).await;
    assert_eq!(size["size"], first["size"]);
    // With the third one goes that of the reimaged volume; the first one is the newest again.
    assert_empty(&local.delete(&at(&third)).await);
    assert_eq!(local.list(&format!("/volume-snapshots?q=volumeUuid={root}")).await.len(), 2);
    assert_eq!(local.get_one(&at(&first)).await["latest"], true);
    let body = json!({"batchDeleteVolumeSnapshot": {"uuids": [second["uuid"], first["uuid"]]}});
    let (status, deleted) =
        local.send("PUT", "/zstack/v1/volume-snapshots/batch-delete", &body.to_string()).await;
    assert_eq!((status, deleted["results"].as_array().map(Vec::len)), (200, Some(2)), "{deleted}");
    assert!(local.list(&format!("/volume-snapshots?q=volumeUuid={root}")).await.is_empty());
    assert!(local.list(&format!("/volume-snapshots/trees?q=volumeUuid={root}")).await.is_empty());
    assert_empty(&local.delete(&at(&first)).await);
}

#[tokio::test]
async fn impossible_snapshots_are_refused() {
    let local = Local::sample().await;
    let data = data_volume(&local, GIB).await;
    let at = format!("/volumes/{data}/volume-snapshots");
    assert_eq!(code(&local.post(&at, json!({"name": "x"})).await), "SYS.1006");
    let root = root_of(&local, sample::WEB_1).await;
    let snapshot = snapshot(&local, &root, "x").await;
    let uuid = snapshot["uuid"].as_str().unwrap();
    let revert = local.put(&format!("/volume-snapshots/{uuid}"), "revertVolumeFromSnapshot", json!({})).await;
    assert_eq!(code(&revert), "SYS.1006");
    let copy =
        local.post(&format!("/volumes/data/from/volume-snapshots/{uuid}"), json!({"name": "copy"})).await;
    let copy = inventory(copy);
    assert_eq!(copy["name"], "copy");
    assert_eq!(copy["size"], local.get_one(&format!("/volumes/{root}")).await["size"]);
    // With the VM instance go its snapshots.
    assert_empty(&local.destroy(sample::WEB_1).await);
    assert_empty(&local.expunge(sample::WEB_1).await);
    assert!(local.list(&format!("/volume-snapshots?q=uuid={uuid}")).await.is_empty());
}

#[tokio::test]
async fn groups_have_a_snapshot_of_each_volume() {
    let local = Local::sample().await;
    let root = root_of(&local, sample::DB_1).await;
    let group =
        inventory(local.post("/volume-snapshots/group", json!({"name": "g", "rootVolumeUuid": root})).await);
    assert_eq!(group["snapshotCount"], 2);
    let refs = group["volumeSnapshotRefs"].as_array().unwrap();
    assert_eq!(
        (&refs[1]["volumeType"], &refs[1]["volumeSnapshotName"]),
        (&json!("Data"), &json!("g-db-1-data"))
    );
    let uuid = group["uuid"].as_str().unwrap();
    let data = refs[1]["volumeUuid"].as_str().unwrap();
    let refused = local.post("/volume-snapshots/group", json!({"name": "g", "rootVolumeUuid": data})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let at = format!("/volume-snapshots/group/{uuid}");
    let availability = format!("/zstack/v1/volume-snapshots/groups/availabilities?uuids={uuid}");
    let (_, answer) = local.send("GET", &availability, "").await;
    assert_eq!(answer["results"][0]["available"], true, "{answer}");
    let (status, reverted) = local.put(&at, "revertVmFromSnapshotGroup", json!({})).await;
    assert_eq!((status, reverted["results"].as_array().map(Vec::len)), (200, Some(2)), "{reverted}");

    // Without the snapshot of the data volume, the group cannot be restored.
    assert_empty(
        &local
            .delete(&format!("/volume-snapshots/{}", refs[1]["volumeSnapshotUuid"].as_str().unwrap()))
            .await,
    );
    let (_, answer) = local.send("GET", &availability, "").await;
    assert_eq!(answer["results"][0]["available"], false, "{answer}");
    assert_eq!(code(&local.put(&at, "revertVmFromSnapshotGroup", json!({})).await), "SYS.1006");
    let (status, deleted) = local.delete(&at).await;
    assert_eq!((status, deleted["results"].as_array().map(Vec::len)), (200, Some(1)), "{deleted}");
    assert!(local.list(&format!("/volume-snapshots?q=groupUuid={uuid}")).await.is_empty());

    let group =
        inventory(local.post("/volume-snapshots/group", json!({"name": "g", "rootVolumeUuid": root})).await);
    let uuid = group["uuid"].as_str().unwrap();
    assert_empty(&local.delete(&format!("/volume-snapshots/ungroup/{uuid}")).await);
    assert_eq!(local.list(&format!("/volume-snapshots?q=volumeUuid={root}")).await.len(), 1);
    assert_empty(&local.destroy(sample::DB_1).await);
    assert_empty(&local.expunge(sample::DB_1).await);
}
