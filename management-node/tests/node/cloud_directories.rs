//! Tests of directories and SSH key pairs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::calls::{delete, list, post, put, uuid};
use crate::local::{Local, assert_empty, code, inventory, sample};

#[tokio::test]
async fn directories_are_nested_and_moved() {
    let local = Local::sample().await;
    let zone = list(&local, "/zones").await[0]["uuid"].clone();
    let create = async |name: &str, parent: Option<&str>| {
        let params = json!({"name": name, "zoneUuid": zone, "type": "default", "parentUuid": parent});
        post(&local, "/create/directory", params).await
    };
    let path = async |uuid: &str| {
        list(&local, &format!("/directories?q=uuid={uuid}")).await.remove(0)["groupName"].take()
    };
    let a = uuid(create("a", None).await);
    let b = uuid(create("b", Some(&a)).await);
    let c = inventory(create("c (研发)", Some(&b)).await);
    assert_eq!(c["groupName"], "a/b/c (研发)");
    let c = c["uuid"].as_str().unwrap();
    let d = inventory(create("d", None).await);
    let (root, d) = (d["rootDirectoryUuid"].clone(), d["uuid"].as_str().unwrap());
    for (name, parent, expected) in [
        ("a/b", None, "SYS.1007"),
        ("a", None, "SYS.1006"),
        ("b", Some(&*a), "SYS.1006"),
        ("e", Some(c), "SYS.1006"),
    ] {
        assert_eq!(code(&create(name, parent).await), expected, "{name}");
    }
    let params = json!({"name": "x", "zoneUuid": zone, "type": "other"});
    assert_eq!(code(&post(&local, "/create/directory", params).await), "SYS.1006");
    let rename = async |uuid: &str, name: &str| {
        put(&local, "/update/directory", "updateDirectory", json!({"uuid": uuid, "name": name})).await
    };
    assert_eq!(inventory(rename(&b, "beta").await)["groupName"], "a/beta");
    assert_eq!(path(c).await, "a/beta/c (研发)");
    assert_eq!(code(&rename(&a, "d").await), "SYS.1006");
    let relocate = async |uuid: &str, parent: &str| {
        let params = json!({"directoryUuid": uuid, "targetParentUuid": parent});
        put(&local, "/move/directory", "moveDirectory", params).await
    };
    assert_eq!(code(&relocate(&a, c).await), "SYS.1006");
    assert_eq!(code(&relocate(&a, d).await), "SYS.1006");
    assert_empty(&relocate(&b, d).await);
    let moved = list(&local, &format!("/directories?q=uuid={c}")).await.remove(0);
    assert_eq!((&moved["groupName"], &moved["rootDirectoryUuid"]), (&json!("d/beta/c (研发)"), &root));

    let place = async |path: &str, action: Option<&str>, vm: &str, directory: &str| {
        let params = json!({"resourceUuids": [vm], "directoryUuid": directory});
        match action {
            Some(action) => put(&local, path, action, params).await,
            None => post(&local, path, params).await,
        }
    };
    assert_empty(&place("/add/resources/directory", None, sample::WEB_1, c).await);
    for (vm, directory) in [(sample::WEB_1, c), (sample::WEB_1, d), (sample::KVM_1, d)] {
        assert_eq!(code(&place("/add/resources/directory", None, vm, directory).await), "SYS.1007");
    }
    let action = Some("moveResourcesToDirectory");
    assert_empty(&place("/move/resources/directory", action, sample::WEB_1, d).await);
    let remove = |directory: &str| {
        format!("/remove/resources/directory?resourceUuids={}&directoryUuid={directory}", sample::WEB_1)
    };
    assert_empty(&delete(&local, &remove(c)).await);
    assert_eq!(code(&place("/add/resources/directory", None, sample::WEB_1, c).await), "SYS.1007");
    assert_empty(&delete(&local, &remove(d)).await);
    assert_empty(&place("/add/resources/directory", None, sample::WEB_1, c).await);
    assert_empty(&delete(&local, &format!("/delete/directory?uuid={d}")).await);
    assert_eq!(list(&local, "/directories").await.len(), 1);
    assert_eq!(list(&local, &format!("/vm-instances/{}", sample::WEB_1)).await.len(), 1);
}

/// Checks that a private key contains the public key twice: as such, and in the secret part, where the
/// secret key ends with it.
fn check_private_key(private: &str, public: &str) {
    let lines: Vec<_> = private.lines().collect();
    let [begin, text @ .., end] = lines.as_slice() else { panic!("{private}") };
    assert_eq!(*begin, "-----BEGIN OPENSSH PRIVATE KEY-----");
    assert_eq!(*end, "-----END OPENSSH PRIVATE KEY-----");
    let file = BASE64_STANDARD.decode(text.concat()).unwrap();
    assert!(file.starts_with(b"openssh-key-v1\0"));
    let public = BASE64_STANDARD.decode(public.rsplit(' ').next().unwrap()).unwrap();
    let key = &public[public.len() - 32..];
    assert_eq!(file.windows(32).filter(|bytes| *bytes == key).count(), 3);
}

#[tokio::test]
async fn ssh_key_pairs_are_generated_and_attached() {
    let local = Local::sample().await;
    let pair = inventory(post(&local, "/ssh-key-pair/generate", json!({"name": "k"})).await);
    let text = |field: &str| pair[field].as_str().unwrap();
    assert!(text("publicKey").starts_with("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"), "{pair}");
    check_private_key(text("privateKey"), text("publicKey"));
    let found = list(&local, "/ssh-key-pair").await.remove(0);
    assert_eq!((&found["publicKey"], found.get("privateKey")), (&pair["publicKey"], None));
    let at = format!("/ssh-key-pair/{}/vm-instance/{}", text("uuid"), sample::WEB_1);
    assert_eq!(code(&delete(&local, &at).await), "SYS.1007");
    assert_eq!(inventory(post(&local, &at, json!({})).await)["uuid"], pair["uuid"]);
    assert_eq!(code(&post(&local, &at, json!({})).await), "SYS.1007");
    let stopped = format!("/ssh-key-pair/{}/vm-instance/{}", text("uuid"), sample::BARE_1);
    assert_eq!(code(&post(&local, &stopped, json!({})).await), "SYS.1007");
    let pair = format!("/ssh-key-pair/{}", text("uuid"));
    assert_eq!(code(&delete(&local, &pair).await), "SYS.1007");
    assert_empty(&delete(&local, &at).await);
    assert_empty(&delete(&local, &pair).await);
    assert_eq!(code(&delete(&local, &pair).await), "SYS.1003");
}
