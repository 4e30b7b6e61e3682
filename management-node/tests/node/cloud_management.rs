//! Tests of the management node itself, of settings and tags, and of small resources.

use serde_json::{Value, json};

use crate::calls::{delete, get, list, post, put, uuid};
use crate::local::{Local, assert_empty, code, inventory, sample};

#[tokio::test]
async fn the_node_describes_itself() {
    let local = Local::sample().await;
    let nodes = list(&local, "/management-nodes").await;
    assert_eq!((nodes.len(), &nodes[0]["hostName"]), (1, &json!("localhost")));
    let node = nodes[0]["uuid"].as_str().unwrap();
    let (_, architecture) =
        put(&local, "/management-nodes/actions", "getManagementNodeArch", json!({})).await;
    assert_eq!(architecture["architecture"], std::env::consts::ARCH);
    let (_, system) = put(&local, "/management/actions", "getManagementNodeOS", json!({})).await;
    assert_eq!(system["name"], std::env::consts::OS);
    let (_, zone) = get(&local, "/management-nodes/platform-timezone").await;
    assert_eq!((&zone["timezone"], &zone["offset"]), (&json!("UTC"), &json!("+00:00")));
    assert_eq!(get(&local, "/meta-data/opensource").await.1["opensource"], false);
    let (_, supported) = put(&local, "/management-nodes/actions", "getSupportAPIs", json!({})).await;
    let supported: Vec<_> =
        supported["supportApis"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(supported.contains(&"CreateZone") && supported.contains(&"AttachIsoToVmInstance"));
    assert!(!supported.contains(&"RefreshCaptcha"));
    for (path, field) in [
        ("/external/services", "inventories"),
        ("/errorcode/elaborations?code=SYS.1000", "contents"),
        ("/errorcode/elaborations/categories", "categories"),
        ("/encrypted/fields", "encryptedFields"),
        ("/debug", "signals"),
    ] {
        assert_eq!(get(&local, path).await, (200, json!({field: []})), "{path}");
    }
    assert_empty(&get(&local, "/search/indexes/refresh").await);
    assert_empty(&post(&local, "/debug", json!({"signals": ["DumpTaskQueue"]})).await);
    assert_empty(&put(&local, "/errorcode/actions", "reloadElaboration", json!({})).await);
    assert_empty(&put(&local, "/clean/queue", "cleanQueue", json!({"signatureName": "x"})).await);

    let agents = list(&local, "/consoles/agents").await;
    let agent = agents[0]["uuid"].as_str().unwrap();
    assert_eq!((agents.len(), &agents[0]["status"]), (1, &json!("Connected")));
    for params in [json!({}), json!({"agentUuids": [agent]})] {
        let results = inventory(put(&local, "/consoles/agents", "reconnectConsoleProxyAgent", params).await);
        assert_eq!(results, json!({agent: {"success": true}}));
    }

    let license = get(&local, "/licenses").await;
    assert_eq!(inventory(license)["managementNodeUuid"], node);
    let at = format!("/licenses/mn/{node}/actions");
    let first = uuid(put(&local, &at, "updateLicense", json!({"license": "x"})).await);
    let second = uuid(put(&local, &at, "updateLicense", json!({"license": "y"})).await);
    assert_ne!(first, second);
    let reloaded = inventory(put(&local, "/licenses/actions", "reloadLicense", json!({})).await);
    assert_eq!((&reloaded["uuid"], &reloaded["expired"]), (&json!(second), &json!(false)));
}

#[tokio::test]
async fn several_settings_and_tags_are_changed_at_once() {
    let local = Local::sample().await;
    let at = format!("/resource-configurations/{}", sample::WEB_1);
    let setting = |name: &str, value: &str| json!({"category": "vm", "name": name, "value": value});
    let change = async |configs: Value| {
        let params = json!({"resourceConfigs": configs});
        post(&local, &format!("{at}/resource-configs/actions"), params).await
    };
    let settings = json!([setting("numa", "true"), setting("videoType", "qxl")]);
    let (status, changed) = change(settings).await;
    assert_eq!((status, &changed["inventories"][1]["value"]), (200, &json!("qxl")), "{changed}");
    assert_eq!(code(&change(json!([setting("numa", "false"), setting("x", "y")])).await), "SYS.1007");
    let (_, found) = get(&local, &format!("{at}/vm?names=numa&names=emulateHyperV")).await;
    assert_eq!(
        (&found["configs"][0]["value"], &found["configs"][1]["value"], &found["configs"][1]["name"]),
        (&json!("true"), &json!("false"), &json!("emulateHyperV"))
    );
    let (_, bindable) = get(&local, "/resource-configurations/bindable?category=host").await;
    let bindable = bindable["bindableConfigs"].as_array().unwrap();
    assert_eq!(
        (bindable.len(), &bindable[0]["bindResourceTypes"]),
        (1, &json!(["HostVO", "ClusterVO", "ZoneVO"]))
    );

    let tags = async |tags: Value| {
        let params = json!({"resourceType": "VmInstanceVO", "tags": tags});
        post(&local, &format!("/system-tags/{}/tags", sample::WEB_1), params).await
    };
    let (status, created) = tags(json!(["a::1", "b::2"])).await;
    assert_eq!((status, &created["inventories"][1]["tag"]), (200, &json!("b::2")), "{created}");
    assert_eq!(code(&tags(json!(["c::3", "a::1"])).await), "SYS.1006");
    assert_eq!(code(&tags(json!(["d::4", "d::4"])).await), "SYS.1006");
    assert_eq!(list(&local, &format!("/system-tags?q=resourceUuid={}", sample::WEB_1)).await.len(), 2);

    let path = format!("/resources/names?uuids={}&uuids={}", sample::WEB_1, sample::KVM_1);
    let names = list(&local, &path).await;
    assert_eq!(
        names[1],
        json!({
            "uuid": sample::KVM_1, "resourceName": "kvm-1", "resourceType": "HostVO",
            "concreteResourceType": names[1]["concreteResourceType"],
        })
    );
    assert_eq!(code(&get(&local, &format!("/resources/names?uuids={}", "0".repeat(32))).await), "SYS.1003");
}

#[tokio::test]
async fn bare_metal_and_public_clouds_have_states() {
    let local = Local::sample().await;
    let zone = list(&local, "/zones").await[0]["uuid"].clone();
    let params = json!({
        "zoneUuid": zone, "name": "pxe", "hostname": "10.0.0.9", "sshUsername": "root", "sshPassword": "x",
        "storagePath": "/pxe", "dhcpInterface": "eth0",
    });
    let server = uuid(post(&local, "/baremetal/pxeservers", params).await);
    let at = format!("/baremetal/pxeservers/{server}/actions");
    for (action, state) in [("stopBaremetalPxeServer", "Disabled"), ("startBaremetalPxeServer", "Enabled")] {
        assert_eq!(inventory(put(&local, &at, action, json!({})).await)["state"], state);
        assert_eq!(list(&local, "/baremetal/pxeservers").await[0]["state"], state);
    }
    let key = |name: &str| {
        post(&local, "/hybrid/aliyun/key", json!({"name": name, "key": name, "secret": "secret"}))
    };
    let (first, second) = (uuid(key("first").await), uuid(key("second").await));
    for (key, action, expected) in [
        (&first, "attach", ["true", "false"]),
        (&second, "attach", ["false", "true"]),
        (&second, "detach", ["false", "false"]),
    ] {
        let name = format!("{action}AliyunKey");
        assert_empty(&put(&local, &format!("/hybrid/aliyun/key/{key}/{action}"), &name, json!({})).await);
        for (key, expected) in [&first, &second].into_iter().zip(expected) {
            let change = json!({"description": "d"});
            let found =
                put(&local, &format!("/hybrid/aliyun/{key}/key"), "updateAliyunKeySecret", change).await;
            assert_eq!(inventory(found)["current"], expected);
        }
    }
    assert_empty(&delete(&local, &format!("/hybrid/aliyun/key/{first}")).await);
    assert_eq!(code(&delete(&local, &format!("/hybrid/aliyun/key/{first}")).await), "SYS.1003");
}
