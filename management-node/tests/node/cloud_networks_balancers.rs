//! Tests of load balancers.

use serde_json::{Value, json};

use crate::calls::{delete, get_one, list, post, put, read, uuid_of};
use crate::cloud_guests::Guests;
use crate::local::{code, inventory};

/// A load balancer with a listener of the port 80.
async fn balancer(guests: &Guests) -> (String, Value, Value) {
    let local = &guests.cloud.local;
    let vip = guests.vip().await;
    let balancer = inventory(post(local, "/load-balancers", json!({"name": "lb", "vipUuid": vip})).await);
    let path = format!("load-balancers/{}/listeners", uuid_of(&balancer));
    let params = json!({"name": "http", "loadBalancerPort": 80, "protocol": "http"});
    let listener = inventory(post(local, &path, params).await);
    (vip, balancer, listener)
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
    let tags = list(local, &format!("/system-tags?q=resourceUuid={}", uuid_of(&listener))).await;
    assert!(tags.iter().any(|tag| tag["tag"] == "maxConnection::200000"), "{tags:?}");

    let path = format!("load-balancers/{}/listeners", uuid_of(&balancer));
    for (params, expected) in [
        (json!({"name": "x", "loadBalancerPort": 80}), "SYS.1007"),
        (json!({"name": "x", "loadBalancerPort": 81, "healthCheckProtocol": "udp"}), "SYS.1006"),
        (json!({"name": "x", "loadBalancerPort": 81, "healthCheckProtocol": "http"}), "SYS.1006"),
        (json!({"name": "x", "loadBalancerPort": 81, "httpVersions": ["h2"]}), "SYS.1007"),
    ] {
        assert_eq!(code(&post(local, &path, params.clone()).await), expected, "{params}");
    }
    inventory(post(local, &path, json!({"name": "udp", "loadBalancerPort": 80, "protocol": "udp"})).await);
    let path = format!("load-balancers/listeners/{}/actions", uuid_of(&listener));
    inventory(put(local, &path, "changeLoadBalancerListener", json!({"maxConnection": 5})).await);
    let tags = list(local, &format!("/system-tags?q=resourceUuid={}", uuid_of(&listener))).await;
    assert!(tags.iter().any(|tag| tag["tag"] == "maxConnection::5"), "{tags:?}");
    let lb = get_one(local, &format!("load-balancers/{}", uuid_of(&balancer))).await;
    assert_eq!(lb["listeners"].as_array().unwrap().len(), 2);
    let answer = inventory(delete(local, &format!("/load-balancers/listeners/{}", uuid_of(&listener))).await);
    assert_eq!(answer["listeners"].as_array().unwrap().len(), 1);

    // The VIP stays.
    for _ in 0..2 {
        assert_eq!(delete(local, &format!("/load-balancers/{}", uuid_of(&balancer))).await.0, 200);
    }
    assert_eq!(guests.vip_inventory(&vip).await.get("useFor"), None);
    assert_eq!(list(local, "/load-balancers/listeners").await.len(), 0);
    assert_eq!(list(local, "/load-balancers/servergroups").await.len(), 0);
    assert_eq!(code(&post(local, "/load-balancers", json!({"name": "lb"})).await), "SYS.1007");
    inventory(post(local, "/eips", json!({"name": "eip", "vipUuid": vip})).await);
    let refused = post(local, "/load-balancers", json!({"name": "lb", "vipUuid": vip})).await;
    assert_eq!(code(&refused), "SYS.1007");
}

#[tokio::test]
async fn nics_and_servers_are_backends() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let (_, balancer, listener) = balancer(&guests).await;
    let listener = uuid_of(&listener);
    let nics = format!("load-balancers/listeners/{listener}/vm-instances/nics");
    let changed = inventory(post(local, &nics, json!({"vmNicUuids": [web]})).await);
    assert_eq!(changed["vmNicRefs"][0]["status"], "Active");
    assert_eq!(changed["serverGroupUuid"], balancer["serverGroupUuid"]);
    assert_eq!(changed["serverGroupRefs"].as_array().unwrap().len(), 1);
    assert_eq!(code(&post(local, &nics, json!({"vmNicUuids": [web]})).await), "SYS.1006");

    let groups = format!("load-balancers/{}/servergroups", uuid_of(&balancer));
    let group = uuid_of(&inventory(post(local, &groups, json!({"name": "group"})).await));
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
    let twice = uuid_of(&inventory(post(local, &groups, json!({"name": "twice"})).await));
    let path = format!("load-balancers/servergroups/{twice}/backendservers");
    inventory(post(local, &path, json!({"vmNics": [{"uuid": web}]})).await);
    assert_eq!(code(&post(local, &refs, json!({"serverGroupUuid": twice})).await), "SYS.1006");
    let changed = inventory(delete(local, &format!("/{refs}?serverGroupUuid={group}")).await);
    assert_eq!(changed["serverGroupRefs"].as_array().unwrap().len(), 1);
    let path = format!("{backends}/actions");
    let remove = json!({"vmNicUuids": [db], "serverIps": ["192.0.2.9"]});
    let changed = inventory(put(local, &path, "removeBackendServerFromServerGroup", remove).await);
    assert_eq!((&changed["vmNicRefs"], &changed["serverIps"]), (&json!([]), &json!([])));
    inventory(post(local, &refs, json!({"serverGroupUuid": group})).await);
    assert_eq!(delete(local, &format!("/load-balancers/servergroups/{group}")).await.0, 200);
    let default = balancer["serverGroupUuid"].as_str().unwrap();
    assert_eq!(code(&delete(local, &format!("/load-balancers/servergroups/{default}")).await), "SYS.1007");
    let now = get_one(local, &format!("load-balancers/listeners/{listener}")).await;
    assert_eq!(now["serverGroupRefs"].as_array().unwrap().len(), 1);
    inventory(delete(local, &format!("/{nics}?vmNicUuids={web}")).await);
    let now = get_one(local, &format!("load-balancers/listeners/{listener}")).await;
    assert_eq!(now["vmNicRefs"], json!([]));
}

#[tokio::test]
async fn listeners_have_certificates_and_access_control_lists() {
    let guests = Guests::new().await;
    let local = &guests.cloud.local;
    let (_, balancer, http) = balancer(&guests).await;
    let params = json!({"name": "certificate", "certificate": "PEM"});
    let certificate = uuid_of(&inventory(post(local, "/certificates", params).await));
    let list = uuid_of(&inventory(post(local, "/access-control-lists", json!({"name": "list"})).await));
    let path = format!("load-balancers/{}/listeners", uuid_of(&balancer));
    let params = json!({"name": "https", "loadBalancerPort": 443, "protocol": "https"});
    let https = uuid_of(&inventory(post(local, &path, params).await));
    let of = |listener: &str, what: &str| format!("load-balancers/listeners/{listener}/{what}");
    let params = json!({"certificateUuid": certificate});
    let refused = post(local, &of(&uuid_of(&http), "certificate"), params.clone()).await;
    assert_eq!(code(&refused), "SYS.1006");
    let changed = inventory(post(local, &of(&https, "certificate"), params.clone()).await);
    assert_eq!(changed["certificateRefs"][0]["certificateUuid"], json!(certificate));
    assert_eq!(
        get_one(local, &format!("certificates/{certificate}")).await["listeners"][0]["listenerUuid"],
        json!(https)
    );
    assert_eq!(code(&post(local, &of(&https, "certificate"), params).await), "SYS.1006");
    let changed = inventory(
        delete(local, &format!("/{}?certificateUuid={certificate}", of(&https, "certificate"))).await,
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
        inventory(delete(local, &format!("/{}?aclUuids={list}", of(&https, "access-control-lists"))).await);
    assert_eq!(changed["aclRefs"], json!([]));
    let actions = format!("load-balancers/{}/actions", uuid_of(&balancer));
    let refreshed = inventory(put(local, &actions, "refreshLoadBalancer", json!({})).await);
    assert_eq!(refreshed["uuid"], balancer["uuid"]);
}

#[tokio::test]
async fn networks_and_nics_with_the_service_are_candidates() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let (_, balancer, listener) = balancer(&guests).await;
    let (balancer, listener) = (uuid_of(&balancer), uuid_of(&listener));
    let office = list(local, &format!("/vm-instances/nics/{web}")).await[0]["l3NetworkUuid"].clone();
    let uuids = async |path: String| list(local, &path).await.iter().map(uuid_of).collect::<Vec<_>>();
    let groups = "load-balancers/servergroups";
    for path in [
        format!("load-balancers/listeners/{listener}/networks/candidates"),
        format!("{groups}/candidate-l3network?loadBalancerUuid={balancer}"),
    ] {
        assert_eq!(uuids(path.clone()).await, [office.as_str().unwrap()], "{path}");
    }
    let of_listener = format!("load-balancers/listeners/{listener}/vm-instances/candidate-nics");
    let of_group = format!("{groups}/candidate-nics?loadBalancerUuid={balancer}");
    for path in [&of_listener, &of_group] {
        let found = uuids(path.clone()).await;
        assert!(found.contains(web) && found.contains(db), "{path}: {found:?}");
    }
    let path = format!("load-balancers/listeners/{listener}/vm-instances/nics");
    inventory(post(local, &path, json!({"vmNicUuids": [web]})).await);
    assert!(!uuids(of_listener).await.contains(web));
    assert!(uuids(format!("{of_group}&ipVersion=6")).await.contains(web));
    let default = list(local, &format!("/load-balancers/{balancer}")).await[0]["serverGroupUuid"].clone();
    let path = format!("{groups}/candidate-nics?servergroupUuid={}", default.as_str().unwrap());
    assert!(!uuids(path).await.contains(web));
    for path in ["candidate-l3network", "candidate-nics"] {
        let refused = local.send("GET", &format!("/zstack/v1/{groups}/{path}"), "").await;
        assert_eq!(code(&refused), "SYS.1007", "{path}");
    }
}

#[tokio::test]
async fn a_load_balancer_has_a_vip_of_each_ip_version() {
    let guests = Guests::new().await;
    let local = &guests.cloud.local;
    let (_, balancer, _) = balancer(&guests).await;
    let attach = |vip: &str| format!("load-balancers/{}/vip/{vip}", uuid_of(&balancer));
    let ipv4 = guests.vip().await;
    assert_eq!(code(&post(local, &attach(&ipv4), json!({})).await), "SYS.1006");
    let network = guests.vip_inventory(&ipv4).await["l3NetworkUuid"].as_str().unwrap().to_owned();
    let office = list(local, "/l3-networks?q=name=office").await;
    let params = json!({"name": "six", "l3NetworkUuid": uuid_of(&office[0]), "ipVersion": 6});
    let elsewhere = uuid_of(&inventory(post(local, "/vips", params).await));
    assert_eq!(code(&post(local, &attach(&elsewhere), json!({})).await), "SYS.1007");
    let range = json!({
        "name": "six", "startIp": "fd01::10", "endIp": "fd01::20", "gateway": "fd01::1", "prefixLen": 64,
        "addressMode": "Stateful-DHCP",
    });
    inventory(post(local, &format!("/l3-networks/{network}/ipv6-ranges"), range).await);
    let params = json!({"name": "six", "l3NetworkUuid": network, "ipVersion": 6});
    let ipv6 = uuid_of(&inventory(post(local, "/vips", params).await));
    let changed = inventory(post(local, &attach(&ipv6), json!({})).await);
    assert_eq!((&changed["ipv6VipUuid"], &changed["vipUuid"]), (&json!(ipv6), &balancer["vipUuid"]));
    assert_eq!(guests.vip_inventory(&ipv6).await["useFor"], "LoadBalancer");
}

#[tokio::test]
async fn a_list_redirects_requests_to_server_groups() {
    let guests = Guests::new().await;
    let local = &guests.cloud.local;
    let (_, balancer, listener) = balancer(&guests).await;
    let listener = uuid_of(&listener);
    let list = uuid_of(&inventory(post(local, "/access-control-lists", json!({"name": "list"})).await));
    let rule = json!({"name": "rule", "domain": "example.org"});
    inventory(post(local, &format!("/access-control-lists/{list}/redirectRules"), rule).await);
    let address = json!({"entries": "10.0.0.1"});
    inventory(post(local, &format!("/access-control-lists/{list}/ipentries"), address).await);
    let groups = format!("load-balancers/{}/servergroups", uuid_of(&balancer));
    let group = uuid_of(&inventory(post(local, &groups, json!({"name": "group"})).await));
    let change = async || {
        let path = format!("load-balancers/listener/acl/{list}/servergroup/actions");
        let params = json!({"listenerUuid": listener, "serverGroupUuids": [group]});
        put(local, &path, "changeAccessControlListServerGroup", params).await
    };
    assert_eq!(code(&change().await), "SYS.1006");
    let path = format!("load-balancers/listeners/{listener}/access-control-lists");
    inventory(post(local, &path, json!({"aclUuids": [list], "aclType": "redirect"})).await);
    let changed = inventory(change().await);
    assert_eq!(changed, json!({"aclUuid": list, "listenerUuid": listener, "serverGroupUuids": [group]}));
    let entries = async |query: &str| {
        let path = format!("load-balancers/listeners/access-control-lists/entries{query}");
        read(local, &path).await["inventories"].clone()
    };
    let found = entries(&format!("?listenerUuids={listener}&type=RedirectRule")).await;
    let [entry] = &found[&listener].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!((&entry["domain"], &entry["serverGroups"][0]["uuid"]), (&json!("example.org"), &json!(group)));
    assert_eq!(entries("").await[&listener].as_array().unwrap().len(), 2);
    // A server group leaves the list when it is deleted.
    assert_eq!(delete(local, &format!("/load-balancers/servergroups/{group}")).await.0, 200);
    let now = get_one(local, &format!("/load-balancers/listeners/{listener}")).await;
    assert_eq!(now["aclRefs"], json!([]));
}

#[tokio::test]
async fn a_vip_has_limits_for_ports() {
    let guests = Guests::new().await;
    let local = &guests.cloud.local;
    let vip = guests.vip().await;
    let set = async |params: Value| put(local, &format!("/vips/{vip}/actions"), "setVipQos", params).await;
    let limits = async || list(local, &format!("/vip/{vip}/vip-qos")).await;
    assert_eq!(code(&set(json!({"port": 80})).await), "SYS.1007");
    let whole = inventory(set(json!({"inboundBandwidth": 131072})).await);
    assert_eq!((&whole["vipUuid"], &whole["inboundBandwidth"]), (&json!(vip), &json!(131072)));
    inventory(set(json!({"port": 80, "outboundBandwidth": 131072})).await);
    let changed = inventory(set(json!({"outboundBandwidth": 262144})).await);
    assert_eq!((&changed["uuid"], &changed["inboundBandwidth"]), (&whole["uuid"], &json!(131072)));
    assert_eq!(limits().await.len(), 2);
    assert_eq!(delete(local, &format!("/vips/{vip}/vip-qos?port=80")).await.0, 200);
    assert_eq!(limits().await.len(), 1);
    assert_eq!(delete(local, &format!("/vips/{vip}")).await.0, 200);
}
