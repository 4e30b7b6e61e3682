//! Tests of storages and images.

use serde_json::{Value, json};

use crate::calls::{act, delete, get_one, list, post, uuid};
use crate::local::{Local, assert_empty, code, inventory, sample};

/// A zone with a cluster, a host, a local primary storage and an SFTP backup storage.
pub(crate) struct Cloud {
    pub(crate) local: Local,
    pub(crate) zone: String,
    pub(crate) cluster: String,
    pub(crate) primary: String,
    pub(crate) backup: String,
}

pub(crate) async fn cloud() -> Cloud {
    let local = Local::sample().await;
    let zone = uuid(post(&local, "/zones", json!({"name": "zone"})).await);
    let params = json!({"zoneUuid": zone, "name": "cluster", "hypervisorType": "KVM"});
    let cluster = uuid(post(&local, "/clusters", params).await);
    let params = json!({"name": "local", "url": "/zstack_ps", "zoneUuid": zone});
    let added = inventory(post(&local, "/primary-storage/local-storage", params).await);
    assert_eq!(
        (&added["type"], &added["state"], &added["status"], &added["mountPath"], &added["totalCapacity"]),
        (&json!("LocalStorage"), &json!("Enabled"), &json!("Connected"), &json!("/zstack_ps"), &json!(0))
    );
    let primary = added["uuid"].as_str().unwrap().to_owned();
    let attached = post(&local, &format!("/clusters/{cluster}/primary-storage/{primary}"), json!({})).await;
    assert_eq!(inventory(attached)["attachedClusterUuids"], json!([cluster]));
    let params = json!({
        "name": "host", "managementIp": "10.1.0.1", "clusterUuid": cluster, "username": "root", "password": "x",
    });
    inventory(post(&local, "/hosts/kvm", params).await);
    let params = json!({
        "name": "images", "hostname": "10.1.0.2", "username": "root", "password": "secret", "url": "/zstack_bs",
    });
    let added = inventory(post(&local, "/backup-storage/sftp", params).await);
    assert_eq!((&added["type"], &added["sshPort"]), (&json!("SftpBackupStorage"), &json!(22)));
    assert_eq!(added.get("password"), None);
    let backup = added["uuid"].as_str().unwrap().to_owned();
    let attached = post(&local, &format!("/zones/{zone}/backup-storage/{backup}"), json!({})).await;
    assert_eq!(inventory(attached)["attachedZoneUuids"], json!([zone]));
    Cloud { local, zone, cluster, primary, backup }
}

#[tokio::test]
async fn primary_storages_are_attached_and_deleted() {
    let Cloud { local, zone, cluster, primary, .. } = cloud().await;
    let at = format!("/clusters/{cluster}/primary-storage/{primary}");
    assert_eq!(code(&post(&local, &at, json!({})).await), "SYS.1006");
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
    let same = uuid(post(&local, "/primary-storage/local-storage", params).await);
    let refused = post(&local, &format!("/clusters/{cluster}/primary-storage/{same}"), json!({})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let elsewhere = "c1000000000040008000000000000001";
    let refused = post(&local, &format!("/clusters/{elsewhere}/primary-storage/{same}"), json!({})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let params = json!({"name": "x", "url": "/dev/shm", "zoneUuid": zone});
    assert_eq!(code(&post(&local, "/primary-storage/local-storage", params).await), "SYS.1007");

    assert_eq!(code(&delete(&local, &format!("/primary-storage/{primary}")).await), "SYS.1006");
    let state = act(
        &local,
        &format!("/primary-storage/{primary}"),
        "changePrimaryStorageState",
        json!({"stateEvent": "maintain"}),
    )
    .await;
    assert_eq!(inventory(state)["state"], "Maintenance");
    let detached = inventory(delete(&local, &at).await);
    assert_eq!(detached["attachedClusterUuids"], json!([]));
    assert_eq!(code(&delete(&local, &at).await), "SYS.1007");
    assert_empty(&delete(&local, &format!("/primary-storage/{primary}")).await);
    assert!(list(&local, &format!("/primary-storage?q=uuid={primary}")).await.is_empty());
}

#[tokio::test]
async fn detaching_a_storage_stops_its_vm_instances() {
    let local = Local::sample().await;
    let (nfs, cluster) = ("95000000000040008000000000000001", "c1000000000040008000000000000001");
    inventory(delete(&local, &format!("/clusters/{cluster}/primary-storage/{nfs}")).await);
    let vm = get_one(&local, &format!("/vm-instances/{}", sample::WEB_1)).await;
    assert_eq!(
        (&vm["state"], vm.get("hostUuid"), &vm["lastHostUuid"]),
        (&json!("Stopped"), None, &json!(sample::KVM_1))
    );
}

#[tokio::test]
async fn storages_of_all_types_are_added() {
    let Cloud { local, zone, cluster, .. } = cloud().await;
    let params = json!({"name": "nfs", "url": "10.1.0.9:/export", "zoneUuid": zone});
    let nfs = inventory(post(&local, "/primary-storage/nfs", params.clone()).await);
    assert!(nfs["mountPath"].as_str().unwrap().starts_with("/opt/zstack/nfsprimarystorage/prim-"));
    assert_eq!(nfs["totalCapacity"], 10_i64 << 40);
    assert_eq!(code(&post(&local, "/primary-storage/nfs", params).await), "SYS.1007");
    let params = json!({"name": "smp", "url": "/mnt/shared", "zoneUuid": zone});
    assert_eq!(inventory(post(&local, "/primary-storage/smp", params).await)["type"], "SharedMountPoint");
    let params = json!({"name": "blocks", "diskUuids": ["disk-1", "disk-2"], "zoneUuid": zone});
    let blocks = inventory(post(&local, "/primary-storage/sharedblockgroup", params).await);
    assert_eq!(
        (&blocks["type"], blocks["sharedBlocks"].as_array().unwrap().len()),
        (&json!("SharedBlock"), 2)
    );
    let params = json!({"name": "ceph", "monUrls": ["root:x@10.1.0.5", "root:x@10.1.0.6:22/?monPort=7000"], "zoneUuid": zone});
    let ceph = inventory(post(&local, "/primary-storage/ceph", params.clone()).await);
    assert_eq!(
        (&ceph["url"], &ceph["mountPath"], &ceph["type"]),
        (&json!("not used"), &json!("Ceph"), &json!("Ceph"))
    );
    assert_eq!((ceph["mons"].as_array().unwrap().len(), ceph["pools"].as_array().unwrap().len()), (2, 3));
    assert_eq!(code(&post(&local, "/primary-storage/ceph", params).await), "SYS.1007");
    let params = json!({"name": "ceph", "monUrls": ["root:x@10.1.0.5"]});
    let backup = inventory(post(&local, "/backup-storage/ceph", params).await);
    assert_eq!((&backup["fsid"], &backup["type"]), (&ceph["fsid"], &json!("Ceph")));
    let params = json!({"name": "store", "hostname": "10.1.0.7", "username": "root", "password": "x", "url": "/store"});
    let store = inventory(post(&local, "/backup-storage/image-store", params.clone()).await);
    assert_eq!(store["type"], "ImageStoreBackupStorage");
    assert_eq!(code(&post(&local, "/backup-storage/image-store", params).await), "SYS.1006");
    let params =
        json!({"name": "x", "hostname": "10.1.0.300", "username": "root", "password": "x", "url": "/store"});
    assert_eq!(code(&post(&local, "/backup-storage/sftp", params).await), "SYS.1007");
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
    assert_eq!(code(&post(&local, &at, json!({})).await), "SYS.1006");
    let (_, capacity) =
        local.send("GET", &format!("/zstack/v1/backup-storage/capacities?zoneUuids={zone}"), "").await;
    assert_eq!(capacity["totalCapacity"], 10_i64 << 40);
    let image = inventory(post(&local, "/images", template(&backup)).await);
    let (_, after) = local.send("GET", "/zstack/v1/backup-storage/capacities?all=true", "").await;
    assert!(after["availableCapacity"].as_i64() < after["totalCapacity"].as_i64());
    assert_eq!(inventory(delete(&local, &at).await)["attachedZoneUuids"], json!([]));
    assert_eq!(code(&delete(&local, &at).await), "SYS.1006");
    assert_empty(&delete(&local, &format!("/backup-storage/{backup}")).await);
    let image = get_one(&local, &format!("/images/{}", image["uuid"].as_str().unwrap())).await;
    assert_eq!((&image["status"], &image["backupStorageRefs"]), (&json!("Deleted"), &json!([])));
}

pub(crate) fn template(backup: &str) -> Value {
    json!({"name": "linux", "url": "http://images.example/linux.qcow2", "backupStorageUuids": [backup], "format": "qcow2"})
}

#[tokio::test]
async fn images_are_added_deleted_and_recovered() {
    let Cloud { local, backup, .. } = cloud().await;
    let image = inventory(post(&local, "/images", template(&backup)).await);
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
    assert_eq!(get_one(&local, &format!("/images/{uuid}")).await, image);

    for wrong in [
        json!({"url": "linux.qcow2"}),
        json!({"mediaType": "ISO", "system": true}),
        json!({"format": "vhd"}),
        json!({"mediaType": "RootVolumeTemplate", "format": "iso"}),
        json!({"backupStorageUuids": []}),
    ] {
        let mut params = template(&backup);
        params.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(code(&post(&local, "/images", params).await), "SYS.1007", "{wrong}");
    }
    let mut windows = template(&backup);
    windows["platform"] = json!("WindowsVirtio");
    windows["url"] = json!("/iso/windows.iso");
    windows["format"] = json!("iso");
    let windows = inventory(post(&local, "/images", windows).await);
    assert_eq!(
        (&windows["platform"], &windows["mediaType"], &windows["format"]),
        (&json!("Windows"), &json!("ISO"), &json!("iso"))
    );

    let at = format!("/images/{uuid}");
    assert_eq!(code(&act(&local, &at, "expungeImage", json!({})).await), "SYS.1006");
    assert_eq!(code(&act(&local, &at, "recoverImage", json!({})).await), "SYS.1006");
    assert_empty(&delete(&local, &at).await);
    let deleted = get_one(&local, &at).await;
    assert_eq!(
        (&deleted["status"], &deleted["backupStorageRefs"][0]["status"]),
        (&json!("Deleted"), &json!("Deleted"))
    );
    let recovered = inventory(act(&local, &at, "recoverImage", json!({})).await);
    assert_eq!(
        (&recovered["status"], &recovered["backupStorageRefs"][0]["status"]),
        (&json!("Ready"), &json!("Ready"))
    );
    let disabled = inventory(act(&local, &at, "changeImageState", json!({"stateEvent": "disable"})).await);
    assert_eq!(disabled["state"], "Disabled");
    let updated = inventory(act(&local, &at, "updateImage", json!({"name": "new"})).await);
    assert_eq!(updated["name"], "new");
    for mode in ["Legacy", "UEFI"] {
        assert_empty(&act(&local, &at, "setImageBootMode", json!({"bootMode": mode})).await);
    }
    let tags = list(&local, &format!("/system-tags?q=resourceUuid={uuid}")).await;
    assert_eq!(tags.iter().map(|tag| &tag["tag"]).collect::<Vec<_>>(), ["bootMode::UEFI"]);
    assert_empty(&delete(&local, &at).await);
    assert_empty(&act(&local, &at, "expungeImage", json!({})).await);
    assert!(list(&local, &at).await.is_empty());
    assert_empty(&delete(&local, &at).await);
}

#[tokio::test]
async fn a_deleted_iso_leaves_its_drives() {
    let local = Local::sample().await;
    inventory(local.attach(sample::WEB_1, sample::RESCUE).await);
    assert_empty(&delete(&local, &format!("/images/{}", sample::RESCUE)).await);
    let vm = get_one(&local, &format!("/vm-instances/{}", sample::WEB_1)).await;
    assert_eq!(vm["vmCdRoms"][0].get("isoUuid"), None);
    assert_eq!(code(&local.attach(sample::WEB_1, sample::RESCUE).await), "SYS.1006");
}
