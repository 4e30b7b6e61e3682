//! Tests of load balancers.

use serde_json::{Value, json};

use crate::cloud_networks::{Guests, all, delete, post, put, uuid};
use crate::local::{Local, code, inventory};

/// A load balancer with a listener of the port 80.
async fn balancer(guests: &Guests) -> (String, Value, Value) {
    let local = &guests.cloud.local;
    let vip = guests.vip().await;
    let balancer = inventory(post(local, "load-balancers", json!({"name": "lb", "vipUuid": vip})).await);
    let path = format!("load-balancers/{}/listeners", uuid(&balancer));
    let params = json!({"name": "http", "loadBalancerPort": 80, "protocol": "http"});
    let listener = inventory(post(local, &path, params).await);
    (vip, balancer, listener)
}

async fn get_one(local: &Local, path: &str) -> Value {
    all(local, path).await[0].clone()
}

#[tokio::test]
async fn a_load_balancer_has_a_default_group_and_listeners() {
    let guests = Guests::new().await;
    let local = &guests.cloud.local;
    let (vip, balancer, listener) = balancer(&guests).await;
    assert_eq!((&balancer["state"], &balancer["type"]), (&json!("Enabled"), &json!("Shared")));
    let group = balancer["serverGroupUuid"].as_str().unwrap();
    let group = get_one(local, &format!("load-balancers/servergroups/{group}")).await;
    assert_eq!(
        (&group["name"], &group["loadBalancerUuid"]),
        (&json!("default-server-group-lb"), &balancer["uuid"])
    );
    assert_eq!(guests.vip_inventory(&vip).await["useFor"], "LoadBalancer");
    assert_eq!((&listener["instancePort"], &listener["protocol"]), (&json!(80), &json!("http")));
    let tags = all(local, &format!("system-tags?q=resourceUuid={}", uuid(&listener))).await;
    assert!(tags.iter().any(|tag| tag["tag"] == "maxConnection::200000"), "{tags:?}");

    let path = format!("load-balancers/{}/listeners", uuid(&balancer));
    for (params, expected) in [
        (json!({"name": "x", "loadBalancerPort": 80}), "SYS.1007"),
        (json!({"name": "x", "loadBalancerPort": 81, "healthCheckProtocol": "udp"}), "SYS.1006"),
        (json!({"name": "x", "loadBalancerPort": 81, "healthCheckProtocol": "http"}), "SYS.1006"),
        (json!({"name": "x", "loadBalancerPort": 81, "httpVersions": ["h2"]}), "SYS.1007"),
    ] {
        assert_eq!(code(&post(local, &path, params.clone()).await), expected, "{params}");
    }
    inventory(post(local, &path, json!({"name": "udp", "loadBalancerPort": 80, "protocol": "udp"})).await);
    let path = format!("load-balancers/listeners/{}/actions", uuid(&listener));
    inventory(put(local, &path, "changeLoadBalancerListener", json!({"maxConnection": 5})).await);
    let tags = all(local, &format!("system-tags?q=resourceUuid={}", uuid(&listener))).await;
    assert!(tags.iter().any(|tag| tag["tag"] == "maxConnection::5"), "{tags:?}");
    let lb = get_one(local, &format!("load-balancers/{}", uuid(&balancer))).await;
    assert_eq!(lb["listeners"].as_array().unwrap().len(), 2);
    let answer = inventory(delete(local, &format!("load-balancers/listeners/{}", uuid(&listener))).await);
    assert_eq!(answer["listeners"].as_array().unwrap().len(), 1);

    // The VIP stays.
    for _ in 0..2 {
        assert_eq!(delete(local, &format!("load-balancers/{}", uuid(&balancer))).await.0, 200);
    }
    assert_eq!(guests.vip_inventory(&vip).await.get("useFor"), None);
    assert_eq!(all(local, "load-balancers/listeners").await.len(), 0);
    assert_eq!(all(local, "load-balancers/servergroups").await.len(), 0);
    assert_eq!(code(&post(local, "load-balancers", json!({"name": "lb"})).await), "SYS.1007");
    inventory(post(local, "eips", json!({"name": "eip", "vipUuid": vip})).await);
    let refused = post(local, "load-balancers", json!({"name": "lb", "vipUuid": vip})).await;
    assert_eq!(code(&refused), "SYS.1007");
}

#[tokio::test]
async fn nics_and_servers_are_backends() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let (_, balancer, listener) = balancer(&guests).await;
    let listener = uuid(&listener);
    let nics = format!("load-balancers/listeners/{listener}/vm-instances/nics");
    let changed = inventory(post(local, &nics, json!({"vmNicUuids": [web]})).await);
    assert_eq!(changed["vmNicRefs"][0]["status"], "Active");
    assert_eq!(changed["serverGroupUuid"], balancer["serverGroupUuid"]);
    assert_eq!(changed["serverGroupRefs"].as_array().unwrap().len(), 1);
    assert_eq!(code(&post(local, &nics, json!({"vmNicUuids": [web]})).await), "SYS.1006");

    let groups = format!("load-balancers/{}/servergroups", uuid(&balancer));
    let group = uuid(&inventory(post(local, &groups, json!({"name": "group"})).await));
    let backends = format!("load-balancers/servergroups/{group}/backendservers");
    let params = json!({"vmNics": [{"uuid": db, "weight": "50"}], "servers": [{"ipAddress": "192.0.2.9", "weight": "7"}]});
    let changed = inventory(post(local, &backends, params.clone()).await);
    assert_eq!(
        (&changed["vmNicRefs"][0]["weight"], &changed["serverIps"][0]["weight"]),
        (&json!(50), &json!(7))
    );
    assert_eq!(code(&post(local, &backends, params).await), "SYS.1006");
    let wrong = json!({"servers": [{"ipAddress": "192.0.2.10", "weight": "101"}]});
    assert_eq!(code(&post(local, &backends, wrong).await), "SYS.1007");
    let path = format!("load-balancers/servergroups/{group}/backendserver/actions");
    let weight = json!({"servers": [{"ipAddress": "192.0.2.9", "weight": "8"}]});
    let changed = inventory(put(local, &path, "changeLoadBalancerBackendServer", weight).await);
    assert_eq!(changed["serverIps"][0]["weight"], 8);

    let refs = format!("load-balancers/listeners/{listener}/servergroups");
    let changed = inventory(post(local, &refs, json!({"serverGroupUuid": group})).await);
    assert_eq!(changed["serverGroupRefs"].as_array().unwrap().len(), 2);
    assert_eq!(code(&post(local, &refs, json!({"serverGroupUuid": group})).await), "SYS.1006");
    let twice = uuid(&inventory(post(local, &groups, json!({"name": "twice"})).await));
    let path = format!("load-balancers/servergroups/{twice}/backendservers");
    inventory(post(local, &path, json!({"vmNics": [{"uuid": web}]})).await);
    assert_eq!(code(&post(local, &refs, json!({"serverGroupUuid": twice})).await), "SYS.1006");
    let changed = inventory(delete(local, &format!("{refs}?serverGroupUuid={group}")).await);
    assert_eq!(changed["serverGroupRefs"].as_array().unwrap().len(), 1);
    let path = format!("{backends}/actions");
    let remove = json!({"vmNicUuids": [db], "serverIps": ["192.0.2.9"]});
    let changed = inventory(put(local, &path, "removeBackendServerFromServerGroup", remove).await);
    assert_eq!((&changed["vmNicRefs"], &changed["serverIps"]), (&json!([]), &json!([])));
    inventory(post(local, &refs, json!({"serverGroupUuid": group})).await);
    assert_eq!(delete(local, &format!("load-balancers/servergroups/{group}")).await.0, 200);
    let default = balancer["serverGroupUuid"].as_str().unwrap();
    assert_eq!(code(&delete(local, &format!("load-balancers/servergroups/{default}")).await), "SYS.1007");
    let now = get_one(local, &format!("load-balancers/listeners/{listener}")).await;
    assert_eq!(now["serverGroupRefs"].as_array().unwrap().len(), 1);
    inventory(delete(local, &format!("{nics}?vmNicUuids={web}")).await);
    let now = get_one(local, &format!("load-balancers/listeners/{listener}")).await;
    assert_eq!(now["vmNicRefs"], json!([]));
}

#[tokio::test]
async fn listeners_have_certificates_and_access_control_lists() {
    let guests = Guests::new().await;
    let local = &guests.cloud.local;
    let (_, balancer, http) = balancer(&guests).await;
    let params = json!({"name": "certificate", "certificate": "PEM"});
    let certificate = uuid(&inventory(post(local, "certificates", params).await));
    let list = uuid(&inventory(post(local, "access-control-lists", json!({"name": "list"})).await));
    let path = format!("load-balancers/{}/listeners", uuid(&balancer));
    let params = json!({"name": "https", "loadBalancerPort": 443, "protocol": "https"});
    let https = uuid(&inventory(post(local, &path, params).await));
    let of = |listener: &str, what: &str| format!("load-balancers/listeners/{listener}/{what}");
    let params = json!({"certificateUuid": certificate});
    let refused = post(local, &of(&uuid(&http), "certificate"), params.clone()).await;
    assert_eq!(code(&refused), "SYS.1006");
    let changed = inventory(post(local, &of(&https, "certificate"), params.clone()).await);
    assert_eq!(changed["certificateRefs"][0]["certificateUuid"], json!(certificate));
    assert_eq!(
        get_one(local, &format!("certificates/{certificate}")).await["listeners"][0]["listenerUuid"],
        json!(https)
    );
    assert_eq!(code(&post(local, &of(&https, "certificate"), params).await), "SYS.1006");
    let changed = inventory(
        delete(local, &format!("{}?certificateUuid={certificate}", of(&https, "certificate"))).await,
    );
    assert_eq!(changed["certificateRefs"], json!([]));

    let params = json!({"aclUuids": [list], "aclType": "white"});
    let changed = inventory(post(local, &of(&https, "access-control-lists"), params.clone()).await);
    assert_eq!(
        (&changed["aclRefs"][0]["aclUuid"], &changed["aclRefs"][0]["type"]),
        (&json!(list), &json!("white"))
    );
    assert_eq!(code(&post(local, &of(&https, "access-control-lists"), params).await), "SYS.1006");
    let changed =
        inventory(delete(local, &format!("{}?aclUuids={list}", of(&https, "access-control-lists"))).await);
    assert_eq!(changed["aclRefs"], json!([]));
    let actions = format!("load-balancers/{}/actions", uuid(&balancer));
    let refreshed = inventory(put(local, &actions, "refreshLoadBalancer", json!({})).await);
    assert_eq!(refreshed["uuid"], balancer["uuid"]);
}
