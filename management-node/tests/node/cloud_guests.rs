//! Tests of EIPs and port forwarding, which lead to the NICs of VM instances.

use serde_json::{Value, json};

use crate::calls::{delete, list, post, put, read, uuid_of};
use crate::cloud_networks::Networks;
use crate::cloud_security_groups::group;
use crate::local::sample::{DB_1, WEB_1};
use crate::local::{Local, code, inventory};

/// A cloud with NICs that can have EIPs, and a public network.
pub(crate) struct Guests {
    pub(crate) cloud: Networks,
    /// The NIC of the running VM instance `web-1`, and the first one of `db-1`.
    pub(crate) nics: [String; 2],
    pub(crate) public: String,
}

impl Guests {
    pub(crate) async fn new() -> Self {
        let cloud = Networks::on(Local::sample().await).await;
        let public = cloud.public().await;
        let mut nics = Vec::new();
        for vm in [WEB_1, DB_1] {
            let vms = list(&cloud.local, &format!("/vm-instances/{vm}")).await;
            nics.push(vms[0]["vmNics"][0].clone());
        }
        let services = json!({"networkServices": {
            "vrouter": ["Eip", "PortForwarding", "LoadBalancer"], "SecurityGroup": ["SecurityGroup"],
        }});
        let l3 = nics[0]["l3NetworkUuid"].as_str().unwrap();
        inventory(post(&cloud.local, &format!("/l3-networks/{l3}/network-services"), services).await);
        Self { nics: [uuid_of(&nics[0]), uuid_of(&nics[1])], cloud, public }
    }

    pub(crate) async fn vip(&self) -> String {
        uuid_of(&self.cloud.vip(&self.public).await)
    }

    pub(crate) async fn vip_inventory(&self, vip: &str) -> Value {
        list(&self.cloud.local, &format!("/vips/{vip}")).await[0].clone()
    }
}

#[tokio::test]
async fn an_eip_leads_to_a_nic_of_another_network() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let vip = guests.vip().await;
    let create = |vip: &str, nic: Option<&str>| {
        let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": nic});
        async move { post(local, "/eips", params).await }
    };
    let eip = inventory(create(&vip, Some(web)).await);
    assert_eq!((&eip["vipIp"], &eip["guestIp"]), (&json!("203.0.113.10"), &json!("192.168.1.10")));
    assert_eq!((&eip["vmNicUuid"], &eip["state"]), (&json!(web), &json!("Enabled")));
    let used = guests.vip_inventory(&vip).await;
    assert_eq!((&used["useFor"], &used["servicesRefs"][0]["uuid"]), (&json!("Eip"), &eip["uuid"]));
    assert_eq!(used["servicesRefs"][0]["serviceType"], "Eip");
    // The VIP is in use, or disabled; the NIC has an EIP.
    assert_eq!(code(&create(&vip, None).await), "SYS.1006");
    let other = guests.vip().await;
    assert_eq!(code(&create(&other, Some(web)).await), "SYS.1006");
    let actions = format!("vips/{other}/actions");
    inventory(put(local, &actions, "changeVipState", json!({"stateEvent": "disable"})).await);
    assert_eq!(code(&create(&other, None).await), "SYS.1006");
    inventory(put(local, &actions, "changeVipState", json!({"stateEvent": "enable"})).await);

    let eip = uuid_of(&eip);
    let attach = format!("eips/{eip}/vm-instances/nics/{db}");
    assert_eq!(code(&post(local, &attach, json!({})).await), "SYS.1006");
    let detached = inventory(delete(local, &format!("/eips/{eip}/vm-instances/nics")).await);
    assert_eq!((detached.get("vmNicUuid"), detached.get("guestIp")), (None, None));
    assert_eq!(code(&delete(local, &format!("/eips/{eip}/vm-instances/nics")).await), "SYS.1006");
    assert_eq!(guests.vip_inventory(&vip).await["useFor"], "Eip");
    let wrong_ip =
        json!({"usedIpUuid": list(local, "/l3-networks/ip-address?q=usedFor=Vip").await[0]["uuid"]});
    assert_eq!(code(&post(local, &attach, wrong_ip).await), "SYS.1007");
    assert_eq!(inventory(post(local, &attach, json!({})).await)["vmNicUuid"], json!(db));
    // Deleted, the EIP releases its VIP.
    for _ in 0..2 {
        assert_eq!(delete(local, &format!("/eips/{eip}")).await.0, 200);
    }
    assert_eq!(guests.vip_inventory(&vip).await.get("useFor"), None);
    inventory(create(&vip, Some(db)).await);
    // An EIP is deleted with its VIP.
    assert_eq!(delete(local, &format!("/vips/{vip}")).await.0, 200);
    assert_eq!(list(local, "/eips").await.len(), 0);
}

#[tokio::test]
async fn an_eip_needs_the_service_and_another_network() {
    let guests = Guests::new().await;
    let (local, [web, _]) = (&guests.cloud.local, &guests.nics);
    let l3 = list(local, "/vm-instances/nics").await[0]["l3NetworkUuid"].as_str().unwrap().to_owned();
    let vip = uuid_of(&guests.cloud.vip(&l3).await);
    let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": web});
    assert_eq!(code(&post(local, "/eips", params).await), "SYS.1007");
    inventory(delete(local, &format!("/l3-networks/{l3}/network-services?service=Eip")).await);
    let vip = guests.vip().await;
    let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": web});
    assert_eq!(code(&post(local, "/eips", params).await), "SYS.1006");
}

#[tokio::test]
async fn port_forwarding_rules_share_a_vip_without_sharing_ports() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let vip = guests.vip().await;
    let create = |more: Value| {
        let mut params = json!({"name": "rule", "vipUuid": vip, "protocolType": "TCP", "vipPortStart": 80});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        async move { post(local, "/port-forwarding", params).await }
    };
    let rule = inventory(create(json!({"vmNicUuid": web})).await);
    assert_eq!((&rule["vipPortEnd"], &rule["privatePortEnd"]), (&json!(80), &json!(80)));
    assert_eq!((&rule["vipIp"], &rule["guestIp"]), (&json!("203.0.113.10"), &json!("192.168.1.10")));
    for (more, expected) in [
        (json!({}), "SYS.1007"),
        (json!({"vipPortStart": 90, "vipPortEnd": 70}), "SYS.1007"),
        (json!({"vipPortStart": 90, "privatePortStart": 1, "privatePortEnd": 2}), "SYS.1007"),
        (json!({"vipPortStart": 90, "allowedCidr": "everyone"}), "SYS.1007"),
    ] {
        assert_eq!(code(&create(more.clone()).await), expected, "{more}");
    }
    inventory(create(json!({"protocolType": "UDP"})).await);
    let second = inventory(
        create(
            json!({"vipPortStart": 8001, "vipPortEnd": 8000, "privatePortStart": 90, "privatePortEnd": 91}),
        )
        .await,
    );
    assert_eq!((&second["vipPortStart"], &second["vipPortEnd"]), (&json!(8000), &json!(8001)));
    assert_eq!(guests.vip_inventory(&vip).await["useFor"], "PortForwarding");
    let eip = post(local, "/eips", json!({"name": "eip", "vipUuid": vip})).await;
    assert_eq!(code(&eip), "SYS.1006");

    let used = read(local, &format!("/vips/{vip}/usedports?protocol=TCP")).await;
    assert_eq!(used["inventories"][0]["usedPorts"], json!(["80-80", "8000-8001"]));
    let port = |port: u16| format!("vips/{vip}/check-port-availability?protocolType=TCP&port={port}");
    assert_eq!(read(local, &port(8001)).await["available"], false);
    assert_eq!(read(local, &port(8002)).await["available"], true);
    let free =
        read(local, &format!("/vips/{vip}/get-port-availability?protocolType=TCP&start=79&limit=2")).await;
    assert_eq!(free["availablePort"], json!([81, 82]));

    let second = uuid_of(&second);
    let attach = format!("port-forwarding/{second}/vm-instances/nics/{db}");
    assert_eq!(inventory(post(local, &attach, json!({})).await)["vmNicUuid"], json!(db));
    assert_eq!(code(&post(local, &attach, json!({})).await), "SYS.1006");
    let detach = format!("port-forwarding/{second}/vm-instances/nics");
    assert_eq!(inventory(delete(local, &detach).await).get("guestIp"), None);
    assert_eq!(code(&delete(local, &detach).await), "SYS.1006");
    let rules = list(local, "/port-forwarding").await;
    for rule in &rules {
        assert_eq!(delete(local, &format!("/port-forwarding/{}", uuid_of(rule))).await.0, 200);
    }
    assert_eq!(guests.vip_inventory(&vip).await.get("useFor"), None);
}

#[tokio::test]
async fn candidates_have_the_service_and_no_eip() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let vip = guests.vip().await;
    let eip = uuid_of(&inventory(post(local, "/eips", json!({"name": "eip", "vipUuid": vip})).await));
    let nics = async |eip: &str| {
        let found = list(local, &format!("/eips/{eip}/vm-instances/candidate-nics")).await;
        found.iter().map(uuid_of).collect::<Vec<_>>()
    };
    assert!(nics(&eip).await.contains(web));
    let eips = format!("vm-instances/nics/{db}/candidate-eips");
    assert_eq!(list(local, &eips).await.len(), 1);
    inventory(post(local, &format!("/eips/{eip}/vm-instances/nics/{web}"), json!({})).await);
    let found = nics(&eip).await;
    assert!(!found.contains(web) && found.contains(db), "{found:?}");
    assert_eq!(list(local, &eips).await.len(), 0);
    let vip = guests.vip().await;
    let params = json!({"name": "rule", "vipUuid": vip, "protocolType": "TCP", "vipPortStart": 80});
    let rule = uuid_of(&inventory(post(local, "/port-forwarding", params).await));
    let found = list(local, &format!("/port-forwarding/{rule}/vm-instances/candidate-nics")).await;
    assert!(found.iter().any(|nic| nic["uuid"] == json!(web)), "{found:?}");
}

#[tokio::test]
async fn a_destroyed_vm_instance_loses_its_eip_and_an_expunged_one_its_groups() {
    let guests = Guests::new().await;
    let (local, [web, _]) = (&guests.cloud.local, &guests.nics);
    let group = group(local).await;
    let members = format!("security-groups/{group}/vm-instances/nics");
    assert_eq!(post(local, &members, json!({"vmNicUuids": [web]})).await.0, 200);
    let vip = guests.vip().await;
    let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": web});
    inventory(post(local, "/eips", params.clone()).await);
    assert_eq!(local.destroy(WEB_1).await.0, 200);
    let eip = list(local, "/eips").await[0].clone();
    assert_eq!((eip.get("vmNicUuid"), eip.get("guestIp")), (None, None));
    assert_eq!(list(local, "/security-groups/vm-instances/nics").await.len(), 1);
    assert_eq!(local.expunge(WEB_1).await.0, 200);
    assert_eq!(list(local, "/security-groups/vm-instances/nics").await.len(), 0);
    assert_eq!(list(local, "/eips").await.len(), 1);
    assert_eq!(guests.vip_inventory(&vip).await["useFor"], "Eip");
}

#[tokio::test]
async fn a_deleted_zone_takes_its_networks_with_it() {
    let guests = Guests::new().await;
    let (local, [web, _]) = (&guests.cloud.local, &guests.nics);
    let group = group(local).await;
    let members = format!("security-groups/{group}/vm-instances/nics");
    assert_eq!(post(local, &members, json!({"vmNicUuids": [web]})).await.0, 200);
    let vip = guests.vip().await;
    inventory(post(local, "/eips", json!({"name": "eip", "vipUuid": vip, "vmNicUuid": web})).await);
    for zone in list(local, "/zones").await {
        let (status, answer) = delete(local, &format!("/zones/{}", uuid_of(&zone))).await;
        assert_eq!(status, 200, "{answer}");
    }
    for path in ["vips", "eips", "l3-networks", "vm-instances/nics", "l3-networks/ip-address"] {
        assert_eq!(list(local, path).await.len(), 0, "{path}");
    }
    assert_eq!(list(local, "/security-groups").await.len(), 1);
}
