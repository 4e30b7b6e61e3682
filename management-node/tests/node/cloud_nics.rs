//! Tests of NICs, their addresses and networks, and DHCP servers.

use serde_json::{Value, json};

use crate::calls::{delete, list, post, put, read, uuid_of};
use crate::local::sample::{DB_1, WEB_1};
use crate::local::{Answer, Local, code, inventory};

const ZONE: &str = "20000000000040008000000000000001";
const CLUSTER: &str = "c1000000000040008000000000000001";
/// The network of the sample, with the ranges `192.168.1.0/24` and `fd00:0:0:1::/64`.
const OFFICE: &str = "13000000000040008000000000000001";

async fn find_first(local: &Local, path: &str) -> Value {
    list(local, path).await[0].clone()
}

async fn vm(local: &Local, uuid: &str) -> Value {
    find_first(local, &format!("vm-instances/{uuid}")).await
}

async fn nic(local: &Local, uuid: &str) -> Value {
    find_first(local, &format!("vm-instances/nics/{uuid}")).await
}

/// The sample with another L2 network in the cluster.
struct Cloud {
    local: Local,
    l2: String,
}

impl Cloud {
    async fn new() -> Self {
        let local = Local::sample().await;
        let params = json!({"name": "l2", "zoneUuid": ZONE, "physicalInterface": "eth1"});
        let l2 = uuid_of(&inventory(post(&local, "/l2-networks/no-vlan", params).await));
        inventory(post(&local, &format!("/l2-networks/{l2}/clusters/{CLUSTER}"), json!({})).await);
        Self { local, l2 }
    }

    /// Creates an L3 network with the addresses 10.0.`part`.10 to 10.0.`part`.12.
    async fn l3(&self, part: u8, more: Value) -> String {
        let mut params = json!({"name": "l3", "l2NetworkUuid": self.l2});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let l3 = uuid_of(&inventory(post(&self.local, "/l3-networks", params).await));
        let range = json!({
            "name": "range", "startIp": format!("10.0.{part}.10"), "endIp": format!("10.0.{part}.12"),
            "netmask": "255.255.255.0", "gateway": format!("10.0.{part}.1"),
        });
        inventory(post(&self.local, &format!("/l3-networks/{l3}/ip-ranges"), range).await);
        l3
    }

    async fn create(&self, params: Value) -> Answer {
        post(&self.local, "/nics", params).await
    }

    async fn attach(&self, nic: &str, vm: &str) -> Answer {
        post(&self.local, &format!("/vm-instances/{vm}/nices/{nic}"), json!({})).await
    }
}

#[tokio::test]
async fn a_nic_is_created_alone_and_attached_later() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let l3 = cloud.l3(1, json!({})).await;
    let own = "ab000000000040008000000000000001";
    let params = json!({"l3NetworkUuid": l3, "ip": "10.0.1.11", "resourceUuid": own});
    let created = inventory(cloud.create(params).await);
    assert_eq!(
        (&created["uuid"], &created["ip"], &created["deviceId"]),
        (&json!(own), &json!("10.0.1.11"), &json!(0))
    );
    assert_eq!((created.get("vmInstanceUuid"), &created["netmask"]), (None, &json!("255.255.255.0")));
    assert!(created["mac"].as_str().unwrap().starts_with("fa:"), "{created}");
    let lowest = inventory(cloud.create(json!({"l3NetworkUuid": l3})).await);
    assert_eq!((&lowest["ip"], &lowest["gateway"]), (&json!("10.0.1.10"), &json!("10.0.1.1")));
    for (ip, expected) in [("10.0.1.11", "SYS.1006"), ("10.0.1.99", "SYS.1007"), ("ten", "SYS.1007")] {
        assert_eq!(code(&cloud.create(json!({"l3NetworkUuid": l3, "ip": ip})).await), expected, "{ip}");
    }

    let before = vm(local, DB_1).await["vmNics"].as_array().unwrap().len();
    let after = inventory(cloud.attach(own, DB_1).await);
    let nics = after["vmNics"].as_array().unwrap();
    assert_eq!(nics.len(), before + 1);
    let attached = nics.iter().find(|nic| nic["uuid"] == own).unwrap();
    assert_eq!((&attached["deviceId"], &attached["ip"]), (&json!(before), &json!("10.0.1.11")));
    assert_eq!(nic(local, own).await["vmInstanceUuid"], DB_1);
    assert_eq!(code(&cloud.attach(own, WEB_1).await), "SYS.1006");
    // The network must be enabled, in the cluster, and private for a second NIC.
    let actions = format!("l3-networks/{l3}/actions");
    put(local, &actions, "changeL3NetworkState", json!({"stateEvent": "disable"})).await;
    assert_eq!(code(&cloud.create(json!({"l3NetworkUuid": l3})).await), "SYS.1006");
    assert_eq!(code(&cloud.attach(&uuid_of(&lowest), DB_1).await), "SYS.1006");
    put(local, &actions, "changeL3NetworkState", json!({"stateEvent": "enable"})).await;
    put(local, &actions, "updateL3Network", json!({"category": "Public"})).await;
    assert_eq!(code(&cloud.attach(&uuid_of(&lowest), DB_1).await), "SYS.1006");
    inventory(delete(local, &format!("/l2-networks/{}/clusters/{CLUSTER}", cloud.l2)).await);
    assert_eq!(code(&cloud.attach(&uuid_of(&lowest), WEB_1).await), "SYS.1006");
    let obsolete = post(local, &format!("/nics/{own}/l3-networks/{OFFICE}"), json!({})).await;
    assert!(matches!(code(&obsolete), "SYS.1003" | "SYS.1006"));
    assert_eq!(delete(local, &format!("/nics/{}", uuid_of(&lowest))).await.0, 200);
    assert_eq!(list(local, "/l3-networks/ip-address?q=ip=10.0.1.10").await.len(), 0);
}

#[tokio::test]
async fn a_nic_moves_to_another_network() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let (first, second) = (cloud.l3(1, json!({})).await, cloud.l3(2, json!({})).await);
    let moved = uuid_of(&vm(local, WEB_1).await["vmNics"][0]);
    let path = |network: &str| format!("vm-instances/nics/{moved}/l3-networks/{network}");
    let candidates = format!("vm-instances/nics/{moved}/l3-networks-candidates");
    let found = list(local, &candidates).await;
    let mut found: Vec<_> = found.iter().map(uuid_of).collect();
    found.retain(|network| [&first, &second].contains(&network));
    found.sort();
    let mut expected = [first.clone(), second.clone()];
    expected.sort();
    assert_eq!(found, expected);
    let mac = nic(local, &moved).await["mac"].clone();
    assert_eq!(code(&post(local, &path(&first), json!({"staticIp": "10.0.2.10"})).await), "SYS.1007");
    let after = inventory(post(local, &path(&first), json!({"staticIp": "10.0.1.12"})).await);
    assert_eq!(
        (&after["ip"], &after["l3NetworkUuid"], &after["mac"]),
        (&json!("10.0.1.12"), &json!(first), &mac)
    );
    assert_eq!(after["usedIps"].as_array().unwrap().len(), 1);
    let machine = vm(local, WEB_1).await;
    assert_eq!(
        (&machine["defaultL3NetworkUuid"], &machine["vmNics"][0]["ip"]),
        (&json!(first), &json!("10.0.1.12"))
    );
    let tags = format!("system-tags?q=resourceUuid={WEB_1}&q=tag~=staticIp%25");
    assert_eq!(find_first(local, &tags).await["tag"], format!("staticIp::{first}::10.0.1.12"));
    assert_eq!(code(&post(local, &path(&first), json!({})).await), "SYS.1006");
    let after = inventory(post(local, &path(&second), json!({})).await);
    assert_eq!(after["ip"], "10.0.2.10");
    assert_eq!(list(local, &tags).await.len(), 0);
    // A network service uses the NIC.
    let services = json!({"networkServices": {"SecurityGroup": ["SecurityGroup"]}});
    inventory(post(local, &format!("/l3-networks/{second}/network-services"), services).await);
    let group = uuid_of(&inventory(post(local, "/security-groups", json!({"name": "group"})).await));
    let path_of_group = format!("security-groups/{group}/vm-instances/nics");
    assert_eq!(post(local, &path_of_group, json!({"vmNicUuids": [moved]})).await.0, 200);
    let used = read(local, &format!("/vm-instances/nics/{moved}/attached-networkservices")).await;
    assert_eq!(used["networkServices"], json!(["SecurityGroup"]));
    assert_eq!(code(&post(local, &path(&first), json!({})).await), "SYS.1006");
    let loose = uuid_of(&inventory(cloud.create(json!({"l3NetworkUuid": first})).await));
    let refused = post(local, &format!("/vm-instances/nics/{loose}/l3-networks/{second}"), json!({})).await;
    assert_eq!(code(&refused), "SYS.1006");
}

#[tokio::test]
async fn nics_have_a_state_and_limits() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let of_vm = uuid_of(&vm(local, WEB_1).await["vmNics"][0]);
    let path = format!("vm-instances/nics/{of_vm}/actions");
    let changed = inventory(put(local, &path, "changeVmNicState", json!({"state": "disable"})).await);
    assert_eq!((&changed["uuid"], &changed["vmNics"][0]["state"]), (&json!(WEB_1), &json!("disable")));
    assert_eq!(nic(local, &of_vm).await["state"], "disable");
    inventory(put(local, &path, "changeVmNicState", json!({"state": "enable"})).await);
    let loose = uuid_of(&inventory(cloud.create(json!({"l3NetworkUuid": OFFICE})).await));
    let path = format!("vm-instances/nics/{loose}/actions");
    assert_eq!(code(&put(local, &path, "changeVmNicState", json!({"state": "disable"})).await), "SYS.1006");

    let path = format!("vm-instances/{of_vm}/actions");
    let limits = json!({"inboundBandwidth": 8192, "outboundBandwidth": 16384});
    assert_eq!(put(local, &path, "setNicQos", limits).await.0, 200);
    assert_eq!(code(&put(local, &path, "setNicQos", json!({})).await), "SYS.1007");
    let tags = async || {
        let tags = list(local, &format!("/system-tags?q=resourceUuid={of_vm}")).await;
        let mut tags: Vec<_> = tags.iter().map(|tag| tag["tag"].as_str().unwrap().to_owned()).collect();
        tags.sort();
        tags
    };
    assert_eq!(tags().await, ["inboundBandwidth::8192", "outboundBandwidth::16384"]);
    assert_eq!(delete(local, &format!("/vm-instances/{of_vm}/nic-qos?direction=in")).await.0, 200);
    assert_eq!(tags().await, ["outboundBandwidth::16384"]);
}

#[tokio::test]
async fn a_static_address_replaces_the_present_one() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let before = vm(local, WEB_1).await["vmNics"][0].clone();
    let path = format!("vm-instances/{WEB_1}/actions");
    let set = async |params: Value| put(local, &path, "setVmStaticIp", params).await;
    let ip = |ip: &str| json!({"l3NetworkUuid": OFFICE, "ip": ip});
    let other = vm(local, DB_1).await["vmNics"][0]["ip"].as_str().unwrap().to_owned();
    for (params, expected) in [
        (json!({"l3NetworkUuid": OFFICE}), "SYS.1007"),
        (ip(before["ip"].as_str().unwrap()), "SYS.1007"),
        (ip("10.9.9.9"), "SYS.1007"),
        (ip("192.168.1.1"), "SYS.1006"),
        (ip(&other), "SYS.1006"),
        (json!({"l3NetworkUuid": cloud.l3(1, json!({})).await, "ip": "10.0.1.10"}), "SYS.1007"),
    ] {
        assert_eq!(code(&set(params.clone()).await), expected, "{params}");
    }
    assert_eq!(set(ip("192.168.1.200")).await, (200, json!({})));
    let after = vm(local, WEB_1).await["vmNics"][0].clone();
    assert_eq!((&after["ip"], &after["uuid"]), (&json!("192.168.1.200"), &before["uuid"]));
    assert_eq!(after["usedIps"].as_array().unwrap().len(), before["usedIps"].as_array().unwrap().len());
    assert_eq!(
        list(local, &format!("/l3-networks/ip-address?q=ip={}", before["ip"].as_str().unwrap())).await.len(),
        0
    );
    let params = json!({"l3NetworkUuid": OFFICE, "ip6": "fd00:0:0:1::77"});
    assert_eq!(set(params).await.0, 200);
    let ips: Vec<_> = vm(local, WEB_1).await["vmNics"][0]["usedIps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ip| ip["ip"].clone())
        .collect();
    assert_eq!(ips, ["192.168.1.200", "fd00:0:0:1::77"]);
    let tags = format!("system-tags?q=resourceUuid={WEB_1}&q=tag~=staticIp%25");
    assert_eq!(list(local, &tags).await.len(), 2);
    let delete_ip = async |more: &str| {
        delete(local, &format!("/vm-instances/{WEB_1}/static-ips?l3NetworkUuid={OFFICE}{more}")).await
    };
    assert_eq!(code(&delete_ip("&staticIp=192.168.1.9").await), "SYS.1007");
    assert_eq!(delete_ip("&staticIp=192.168.1.200").await.0, 200);
    assert_eq!(list(local, &tags).await.len(), 1);
    assert_eq!(delete_ip("").await.0, 200);
    assert_eq!(list(local, &tags).await.len(), 0);
    assert_eq!(vm(local, WEB_1).await["vmNics"][0]["ip"], "192.168.1.200");
    inventory(local.act(WEB_1, "pauseVmInstance", "{}").await);
    assert_eq!(code(&set(ip("192.168.1.201")).await), "SYS.1006");
}

#[tokio::test]
async fn an_eip_follows_a_static_address() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let services = json!({"networkServices": {"Flat": ["Eip"]}});
    inventory(post(local, &format!("/l3-networks/{OFFICE}/network-services"), services).await);
    let public = cloud.l3(5, json!({"category": "Public"})).await;
    let vip =
        uuid_of(&inventory(post(local, "/vips", json!({"name": "vip", "l3NetworkUuid": public})).await));
    let guest = uuid_of(&vm(local, WEB_1).await["vmNics"][0]);
    let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": guest});
    let eip = uuid_of(&inventory(post(local, "/eips", params).await));
    let params = json!({"l3NetworkUuid": OFFICE, "ip": "192.168.1.210"});
    put(local, &format!("/vm-instances/{WEB_1}/actions"), "setVmStaticIp", params).await;
    assert_eq!(find_first(local, &format!("eips/{eip}")).await["guestIp"], "192.168.1.210");
}

#[tokio::test]
async fn a_dhcp_server_has_an_address() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let l3 = cloud.l3(1, json!({})).await;
    let path = format!("l3-networks/{l3}/dhcp-ip");
    assert_eq!(read(local, &path).await, json!({}));
    let change =
        async |ip: &str| put(local, &path, "changeL3NetworkDhcpIpAddress", json!({"dhcpServerIp": ip})).await;
    assert_eq!(code(&change("10.0.1.11").await), "SYS.1006");
    let services = json!({"networkServices": {"Flat": ["DHCP", "DNS"]}});
    inventory(post(local, &format!("/l3-networks/{l3}/network-services"), services.clone()).await);
    assert_eq!(read(local, &path).await["ip"], "10.0.1.10");
    let used = find_first(local, "l3-networks/ip-address?q=ip=10.0.1.10").await;
    let tags = format!("system-tags?q=resourceUuid={l3}");
    let expected = format!("flatNetwork::DhcpServer::10.0.1.10::ipUuid::{}", uuid_of(&used));
    assert_eq!(find_first(local, &tags).await["tag"], expected);
    // NICs get other addresses.
    let first = inventory(cloud.create(json!({"l3NetworkUuid": l3})).await);
    assert_eq!(first["ip"], "10.0.1.11");
    for (ip, expected) in [("10.0.1.11", "SYS.1006"), ("10.0.1.50", "SYS.1007"), ("fd00::1", "SYS.1007")] {
        assert_eq!(code(&change(ip).await), expected, "{ip}");
    }
    for _ in 0..2 {
        assert_eq!(change("10.0.1.12").await.1["dhcpServerIp"], "10.0.1.12");
    }
    assert_eq!(read(local, &path).await["ip"], "10.0.1.12");
    assert_eq!(list(local, "/l3-networks/ip-address?q=ip=10.0.1.10").await.len(), 0);

    // The address goes with the service, with its range, or alone.
    let detach = format!("l3-networks/{l3}/network-services?service=DHCP");
    inventory(delete(local, &detach).await);
    assert_eq!((read(local, &path).await, list(local, &tags).await.len()), (json!({}), 0));
    let services = json!({"networkServices": {"Flat": ["DHCP"]}});
    inventory(post(local, &format!("/l3-networks/{l3}/network-services"), services.clone()).await);
    let used = find_first(local, "l3-networks/ip-address?q=ip=10.0.1.10").await;
    let addresses = format!("l3-networks/{l3}/ip-address?usedIpUuids=");
    let of_nic = first["usedIps"][0]["uuid"].as_str().unwrap();
    assert_eq!(code(&delete(local, &format!("/{addresses}{of_nic}")).await), "SYS.1007");
    assert_eq!(delete(local, &format!("/{addresses}{}", uuid_of(&used))).await.0, 200);
    assert_eq!((read(local, &path).await, list(local, &tags).await.len()), (json!({}), 0));

    // A server without addresses gets one of the first range.
    let params = json!({"name": "l3", "l2NetworkUuid": cloud.l2});
    let late = uuid_of(&inventory(post(local, "/l3-networks", params).await));
    inventory(post(local, &format!("/l3-networks/{late}/network-services"), services).await);
    let range = json!({"name": "range", "networkCidr": "10.0.7.0/24", "gateway": "10.0.7.1"});
    let range = inventory(post(local, &format!("/l3-networks/{late}/ip-ranges/by-cidr"), range).await);
    assert_eq!(read(local, &format!("/l3-networks/{late}/dhcp-ip")).await["ip"], "10.0.7.2");
    assert_eq!(delete(local, &format!("/l3-networks/ip-ranges/{}", uuid_of(&range))).await.0, 200);
    assert_eq!(read(local, &format!("/l3-networks/{late}/dhcp-ip")).await, json!({}));
}

#[tokio::test]
async fn used_addresses_have_users() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let vip = inventory(post(local, "/vips", json!({"name": "door", "l3NetworkUuid": OFFICE})).await);
    let statistic =
        async |query: &str| read(local, &format!("/l3-networks/{OFFICE}/ip-statistic?{query}")).await;
    let of_all = statistic("replyWithCount=true&limit=100").await;
    let list = of_all["ipStatistics"].as_array().unwrap();
    assert_eq!(of_all["total"], list.len());
    let of_ip = |ip: &str| list.iter().find(|entry| entry["ip"] == ip).unwrap();
    let machine = vm(local, WEB_1).await;
    let of_vm = of_ip(machine["vmNics"][0]["ip"].as_str().unwrap());
    assert_eq!((&of_vm["vmInstanceUuid"], &of_vm["vmInstanceName"]), (&json!(WEB_1), &machine["name"]));
    assert_eq!((&of_vm["resourceTypes"], &of_vm["ownerName"]), (&json!(["VM"]), &json!("admin")));
    let of_vip = of_ip(vip["ip"].as_str().unwrap());
    assert_eq!((&of_vip["vipName"], &of_vip["state"]), (&json!("door"), &json!("Enabled")));
    let vips = statistic("resourceType=Vip").await;
    assert_eq!(vips["ipStatistics"].as_array().unwrap().len(), 1);
    assert_eq!(vips.get("total"), None);
    let last = statistic("resourceType=VM&sortDirection=desc&limit=1&ip=fd00").await;
    assert!(last["ipStatistics"][0]["ip"].as_str().unwrap().starts_with("fd00"), "{last}");
}

#[tokio::test]
async fn nics_belong_to_the_owner_of_their_vm_instance() {
    let mut cloud = Cloud::new().await;
    let l3 = cloud.l3(1, json!({})).await;
    let attached = post(&cloud.local, &format!("/vm-instances/{WEB_1}/l3-networks/{l3}"), json!({})).await;
    let nics = inventory(attached)["vmNics"].clone();
    let of_l3 = nics.as_array().unwrap().iter().find(|nic| nic["l3NetworkUuid"] == *l3).unwrap().clone();
    let state = format!("vm-instances/nics/{}/actions", uuid_of(&of_l3));
    let query = format!("vm-instances/nics?q=uuid={}", uuid_of(&of_l3));

    let admin = cloud.local.session.clone();
    let alice = cloud.local.log_in("alice", "wonderland").await;
    cloud.local.session.clone_from(&alice);
    let refused = put(&cloud.local, &state, "changeVmNicState", json!({"state": "disable"})).await;
    assert_eq!(code(&refused), "SYS.1006", "{refused:?}");
    assert!(list(&cloud.local, &query).await.is_empty());

    // A new owner of the VM instance has its NICs, too.
    cloud.local.session = admin;
    let account = uuid_of(&find_first(&cloud.local, "accounts?q=name=alice").await);
    let params = json!({"resourceUuid": WEB_1});
    inventory(post(&cloud.local, &format!("/account/{account}/resources"), params).await);
    cloud.local.session = alice;
    assert_eq!(list(&cloud.local, &query).await.len(), 1);
}
