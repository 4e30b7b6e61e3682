//! Tests of images that are made of volumes, and of the files of images.

use serde_json::{Value, json};

use crate::calls::{act, delete, get_one, list, post};
use crate::local::sample::{DB_1, RESCUE, TEMPLATE, WEB_1};
use crate::local::{Answer, Local, assert_empty, code, inventory};

const SFTP: &str = "b5000000000040008000000000000001";
const IMAGE_STORE: &str = "b5000000000040008000000000000002";
const NFS: &str = "95000000000040008000000000000001";
const GIB: i64 = 1 << 30;

fn uuid(inventory: &Value) -> &str {
    inventory["uuid"].as_str().unwrap()
}

async fn root_of(local: &Local, vm: &str) -> String {
    get_one(local, &format!("/vm-instances/{vm}")).await["rootVolumeUuid"].as_str().unwrap().to_owned()
}

/// Adds a second ImageStore backup storage to the zone of the sample.
async fn second_store(local: &Local) -> String {
    let params =
        json!({"name": "second", "hostname": "10.1.0.3", "username": "root", "password": "x", "url": "/bs"});
    let storage = inventory(post(local, "/backup-storage/image-store", params).await);
    let zone = get_one(local, "/zones").await;
    let path = format!("/zones/{}/backup-storage/{}", uuid(&zone), uuid(&storage));
    inventory(post(local, &path, json!({})).await);
    uuid(&storage).to_owned()
}

#[tokio::test]
async fn templates_are_made_of_volumes_and_snapshots() {
    let local = Local::sample().await;
    let root = root_of(&local, DB_1).await;
    let from_root = async |vm: &str, params: Value| -> Answer {
        let root = root_of(&local, vm).await;
        post(&local, &format!("/images/root-volume-templates/from/volumes/{root}"), params).await
    };
    let params = json!({"name": "db", "backupStorageUuids": [IMAGE_STORE], "description": "A test."});
    let image = inventory(from_root(DB_1, params).await);
    assert_eq!(
        (&image["name"], &image["mediaType"], &image["status"], &image["size"], &image["actualSize"]),
        (&json!("db"), &json!("RootVolumeTemplate"), &json!("Ready"), &json!(40 * GIB), &json!(6 * GIB))
    );
    assert_eq!(
        (&image["url"], &image["guestOsType"]),
        (&json!(format!("volume://{root}")), &json!("Rocky Linux 9"))
    );
    assert_eq!(image["backupStorageRefs"][0]["backupStorageUuid"], IMAGE_STORE);
    // A VM instance can be created from it.
    let params = json!({
        "name": "copy", "cpuNum": 1, "memorySize": GIB, "imageUuid": image["uuid"],
        "zoneUuid": "20000000000040008000000000000001",
    });
    assert_eq!(inventory(post(&local, "/vm-instances", params).await)["imageUuid"], image["uuid"]);
    let sftp = json!({"name": "web", "backupStorageUuids": [SFTP]});
    assert_eq!(code(&from_root(WEB_1, sftp.clone()).await), "SYS.1007");
    inventory(local.stop(WEB_1).await);
    inventory(from_root(WEB_1, sftp).await);
    // Without a backup storage, the node chooses one.
    let chosen = inventory(from_root(WEB_1, json!({"name": "chosen"})).await);
    assert_eq!(chosen["backupStorageRefs"].as_array().unwrap().len(), 1);

    let data = list(&local, "/volumes?q=name=db-1-data").await;
    let path = format!("/images/data-volume-templates/from/volumes/{}", uuid(&data[0]));
    let image = inventory(post(&local, &path, json!({"name": "data"})).await);
    assert_eq!((&image["mediaType"], &image["size"]), (&json!("DataVolumeTemplate"), &json!(200 * GIB)));
    let empty = inventory(post(&local, "/volumes/data", json!({"name": "empty", "diskSize": GIB})).await);
    let path = format!("/images/data-volume-templates/from/volumes/{}", uuid(&empty));
    assert_eq!(code(&post(&local, &path, json!({"name": "x"})).await), "SYS.1006");

    let path = format!("/volumes/{root}/volume-snapshots");
    let snapshot = inventory(post(&local, &path, json!({"name": "s"})).await);
    for (kind, media) in
        [("root-volume-templates", "RootVolumeTemplate"), ("data-volume-templates", "DataVolumeTemplate")]
    {
        let path = format!("/images/{kind}/from/volume-snapshots/{}", uuid(&snapshot));
        let params = json!({"name": media, "backupStorageUuids": [IMAGE_STORE]});
        let image = inventory(post(&local, &path, params).await);
        assert_eq!((&image["mediaType"], &image["size"]), (&json!(media), &json!(40 * GIB)));
        assert_eq!(image["url"], format!("volumeSnapshot://{}", uuid(&snapshot)));
        assert_eq!(get_one(&local, &format!("/images?q=name={media}")).await["uuid"], image["uuid"]);
    }

    for path in [
        format!("/images/volumes/{root}/candidate-backup-storage"),
        format!("/images/volume-snapshots/{}/candidate-backup-storage", uuid(&snapshot)),
        format!("/images/candidate-backup-storage?volumeUuid={root}"),
    ] {
        let mut names: Vec<_> = list(&local, &path).await.iter().map(|one| one["name"].clone()).collect();
        names.sort_by_key(ToString::to_string);
        assert_eq!(names, ["image-store", "sftp"], "{path}");
    }
    let nothing = local.send("GET", "/zstack/v1/images/candidate-backup-storage", "").await;
    assert_eq!(code(&nothing), "SYS.1007");
}

#[tokio::test]
async fn image_files_are_exported_hashed_and_copied() {
    let local = Local::sample().await;
    let at = format!("/backup-storage/{IMAGE_STORE}");
    let export = async |image: &str, storage: &str| {
        let params = json!({"imageUuid": image, "exportFormat": "raw"});
        act(&local, &format!("/backup-storage/{storage}"), "exportImageFromBackupStorage", params).await
    };
    let (status, exported) = export(TEMPLATE, IMAGE_STORE).await;
    assert_eq!(status, 200, "{exported}");
    let image = format!("/images/{TEMPLATE}");
    let copy = async || {
        inventory(act(&local, &image, "updateImage", json!({})).await)["backupStorageRefs"][0].clone()
    };
    assert_eq!(copy().await["exportUrl"], exported["imageUrl"]);
    assert_eq!(copy().await["exportMd5Sum"], exported["exportMd5Sum"]);
    assert_eq!(code(&export(TEMPLATE, SFTP).await), "SYS.1007");
    assert_empty(&delete(&local, &format!("{at}/exported-images/{TEMPLATE}")).await);
    assert_eq!(copy().await.get("exportUrl"), None);

    let params = json!({"backupStorageUuid": IMAGE_STORE});
    let hash = inventory(act(&local, &image, "calculateImageHash", params).await)["md5Sum"].clone();
    assert_eq!(hash.as_str().unwrap().len(), 32);
    assert_eq!(get_one(&local, &image).await["md5Sum"], hash);

    let second = second_store(&local).await;
    for action in ["syncImageFromImageStoreBackupStorage", "recoveryImageFromImageStoreBackupStorage"] {
        let path =
            if action.starts_with("sync") { image.clone() } else { format!("/backup-storage/{TEMPLATE}") };
        let params = |to: &str| json!({"srcBackupStorageUuid": IMAGE_STORE, "dstBackupStorageUuid": to, "name": action});
        let copy = inventory(act(&local, &path, action, params(&second)).await);
        let source = get_one(&local, &image).await;
        assert_ne!(copy["uuid"], source["uuid"]);
        assert_eq!((&copy["name"], &copy["size"]), (&json!(action), &source["size"]));
        assert_eq!(copy["backupStorageRefs"][0]["backupStorageUuid"], *second);
        assert_eq!(code(&act(&local, &path, action, params(IMAGE_STORE)).await), "SYS.1007");
        assert_eq!(code(&act(&local, &path, action, params(SFTP)).await), "SYS.1007");
    }
    let jobs = local.send("GET", "/zstack/v1/images/upload-job/details/x", "").await;
    assert_eq!(jobs.1["existingJobDetails"], json!([]));
}

#[tokio::test]
async fn unused_image_caches_are_deleted() {
    let local = Local::sample().await;
    let params = json!({
        "name": "first", "cpuNum": 1, "memorySize": GIB, "imageUuid": TEMPLATE,
        "primaryStorageUuidForRootVolume": NFS, "zoneUuid": "20000000000040008000000000000001",
    });
    inventory(post(&local, "/vm-instances", params).await);
    let caches = format!("/primary-storage/imagecache?q=imageUuid={TEMPLATE}&q=primaryStorageUuid={NFS}");
    let at = format!("/primary-storage/{NFS}");
    let clean_up = async |force: bool| {
        act(&local, &at, "cleanUpImageCacheOnPrimaryStorage", json!({"force": force})).await
    };
    assert_empty(&clean_up(true).await);
    assert_eq!(list(&local, &caches).await.len(), 1);
    let vms = list(&local, &format!("/vm-instances?q=imageUuid={TEMPLATE}")).await;
    for vm in &vms {
        assert_empty(&local.destroy(uuid(vm)).await);
        assert_empty(&local.expunge(uuid(vm)).await);
    }
    // The image still exists.
    assert_empty(&clean_up(false).await);
    assert_eq!(list(&local, &caches).await.len(), 1);
    assert_empty(&clean_up(true).await);
    assert!(list(&local, &caches).await.is_empty());
}

#[tokio::test]
async fn the_deletion_policy_removes_images_at_once() {
    let local = Local::sample().await;
    let set = async |value: &str| {
        let params = json!({"value": value});
        inventory(
            act(&local, "/global-configurations/image/deletionPolicy", "updateGlobalConfig", params).await,
        )
    };
    set("Direct").await;
    inventory(local.attach(WEB_1, RESCUE).await);
    assert_empty(&delete(&local, &format!("/images/{RESCUE}?backupStorageUuids={SFTP}")).await);
    let left = get_one(&local, &format!("/images/{RESCUE}")).await;
    assert_eq!((&left["status"], left["backupStorageRefs"].as_array().unwrap().len()), (&json!("Ready"), 1));
    assert_empty(&delete(&local, &format!("/images/{RESCUE}")).await);
    assert!(list(&local, &format!("/images?q=uuid={RESCUE}")).await.is_empty());
    let vm = get_one(&local, &format!("/vm-instances/{WEB_1}")).await;
    assert_eq!(vm["vmCdRoms"][0].get("isoUuid"), None);
    set("Never").await;
    assert_empty(&delete(&local, &format!("/images/{TEMPLATE}")).await);
    assert_eq!(get_one(&local, &format!("/images/{TEMPLATE}")).await["status"], "Deleted");
}
