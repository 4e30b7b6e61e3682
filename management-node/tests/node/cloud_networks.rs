//! Tests of IP ranges, VIPs and services of L3 networks.

use serde_json::{Value, json};
use zstack_node::store::sqlite::SqliteStore;

use crate::calls::{delete, list, post, put, read, uuid_of};
use crate::local::{Answer, Local, code, inventory};

/// A cloud with an L2 network.
pub(crate) struct Networks {
    pub(crate) local: Local,
    pub(crate) l2: String,
}

impl Networks {
    pub(crate) async fn empty() -> Self {
        let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
        local.session = local.log_in("admin", "password").await;
        Self::on(local).await
    }

    /// Adds an L2 network in a zone of its own.
    pub(crate) async fn on(local: Local) -> Self {
        let zone = uuid_of(&inventory(post(&local, "/zones", json!({"name": "networks"})).await));
        let params = json!({"name": "l2", "zoneUuid": zone, "physicalInterface": "eth0"});
        let l2 = uuid_of(&inventory(post(&local, "/l2-networks/no-vlan", params).await));
        Self { local, l2 }
    }

    pub(crate) async fn l3(&self, name: &str, category: &str) -> String {
        let params = json!({"name": name, "l2NetworkUuid": self.l2, "category": category});
        uuid_of(&inventory(post(&self.local, "/l3-networks", params).await))
    }

    pub(crate) async fn try_range(&self, l3: &str, first: &str, last: &str, gateway: &str) -> Answer {
        let params = json!({
            "name": "range", "startIp": first, "endIp": last, "netmask": "255.255.255.0", "gateway": gateway,
        });
        post(&self.local, &format!("/l3-networks/{l3}/ip-ranges"), params).await
    }

    /// A public network with the addresses 203.0.113.10 to 203.0.113.12.
    pub(crate) async fn public(&self) -> String {
        let l3 = self.l3("public", "Public").await;
        inventory(self.try_range(&l3, "203.0.113.10", "203.0.113.12", "203.0.113.1").await);
        l3
    }

    pub(crate) async fn l3_inventory(&self, l3: &str) -> Value {
        list(&self.local, &format!("/l3-networks/{l3}")).await[0].clone()
    }

    pub(crate) async fn try_vip(&self, l3: &str, more: Value) -> Answer {
        let mut params = json!({"name": "vip", "l3NetworkUuid": l3});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&self.local, "/vips", params).await
    }

    pub(crate) async fn vip(&self, l3: &str) -> Value {
        inventory(self.try_vip(l3, json!({})).await)
    }
}

#[tokio::test]
async fn a_range_has_the_fields_of_its_network() {
    let cloud = Networks::empty().await;
    let l3 = cloud.l3("private", "Private").await;
    let range = inventory(cloud.try_range(&l3, "10.0.0.2", "10.0.0.99", "10.0.0.1").await);
    assert_eq!(range["networkCidr"], "10.0.0.0/24");
    assert_eq!(range["netmask"], "255.255.255.0");
    assert_eq!((range["prefixLen"].as_i64(), range["ipVersion"].as_i64()), (Some(24), Some(4)));
    assert_eq!((&range["ipRangeType"], &range["name"]), (&json!("Normal"), &json!("range")));
    // An overlap, another gateway, and a netmask that is none.
    for (first, last, gateway) in [
        ("10.0.0.99", "10.0.0.120", "10.0.0.1"),
        ("10.0.0.100", "10.0.0.120", "10.0.0.254"),
        ("10.0.0.100", "10.0.0.120", "10.0.0.110"),
        ("10.0.0.120", "10.0.0.100", "10.0.0.1"),
    ] {
        assert_eq!(code(&cloud.try_range(&l3, first, last, gateway).await), "SYS.1007", "{first} {last}");
    }
    // An overlap with another L3 network of the L2 network.
    let other = cloud.l3("other", "Private").await;
    assert_eq!(code(&cloud.try_range(&other, "10.0.0.9", "10.0.0.120", "10.0.0.1").await), "SYS.1007");
    inventory(cloud.try_range(&l3, "10.0.0.100", "10.0.0.120", "10.0.0.1").await);
    let network = cloud.l3_inventory(&l3).await;
    assert_eq!(network["ipRanges"].as_array().unwrap().len(), 2);
    assert_eq!(network["ipVersion"], 4);
    // A range of an unknown network.
    let unknown = cloud.try_range(&"0".repeat(32), "10.0.0.2", "10.0.0.9", "10.0.0.1").await;
    assert_eq!(code(&unknown), "SYS.1003");
}

#[tokio::test]
async fn a_gateway_divides_a_cidr_and_ipv6_makes_a_dual_stack() {
    let cloud = Networks::empty().await;
    let l3 = cloud.l3("private", "Private").await;
    let params = json!({"name": "range", "networkCidr": "10.0.0.0/24", "gateway": "10.0.0.9"});
    let (status, answer) = post(&cloud.local, &format!("/l3-networks/{l3}/ip-ranges/by-cidr"), params).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["inventory"]["endIp"], "10.0.0.8");
    let ranges = answer["inventories"].as_array().unwrap();
    let starts: Vec<_> = ranges.iter().map(|range| range["startIp"].as_str().unwrap()).collect();
    assert_eq!(starts, ["10.0.0.1", "10.0.0.10"]);
    assert_eq!(ranges[1]["name"], "range");

    let params = json!({
        "name": "six", "startIp": "fd00::10", "endIp": "fd00::20", "gateway": "fd00::1", "prefixLen": 64,
        "addressMode": "SLAAC",
    });
    let six = inventory(post(&cloud.local, &format!("/l3-networks/{l3}/ipv6-ranges"), params).await);
    assert_eq!((&six["networkCidr"], &six["ipVersion"]), (&json!("fd00::/64"), &json!(6)));
    assert_eq!(cloud.l3_inventory(&l3).await["ipVersion"], 46);
    // Another CIDR.
    let params = json!({"name": "six", "networkCidr": "fd01::/64", "addressMode": "SLAAC"});
    let path = format!("l3-networks/{l3}/ipv6-ranges/by-cidr");
    assert_eq!(code(&post(&cloud.local, &path, params.clone()).await), "SYS.1007");
    let other = cloud.l3("other", "Private").await;
    let path = format!("l3-networks/{other}/ipv6-ranges/by-cidr");
    let six = inventory(post(&cloud.local, &path, params).await);
    assert_eq!((&six["gateway"], &six["startIp"]), (&json!("fd01::1"), &json!("fd01::2")));
    assert_eq!(cloud.l3_inventory(&other).await["ipVersion"], 6);
}

#[tokio::test]
async fn vips_get_the_lowest_free_addresses() {
    let cloud = Networks::empty().await;
    let l3 = cloud.public().await;
    let first = cloud.vip(&l3).await;
    assert_eq!((&first["ip"], &first["state"]), (&json!("203.0.113.10"), &json!("Enabled")));
    assert_eq!((&first["netmask"], &first["prefixLen"]), (&json!("255.255.255.0"), &json!(24)));
    assert_eq!(first["gateway"], "203.0.113.1");
    assert_eq!(first.get("useFor"), None);
    let used = list(&cloud.local, "/l3-networks/ip-address").await;
    assert_eq!((&used[0]["ip"], &used[0]["usedFor"]), (&json!("203.0.113.10"), &json!("Vip")));

    let required = |ip: &str| json!({"requiredIp": ip});
    assert_eq!(code(&cloud.try_vip(&l3, required("203.0.113.10")).await), "SYS.1006");
    assert_eq!(code(&cloud.try_vip(&l3, required("203.0.113.13")).await), "L3.1000");
    assert_eq!(code(&cloud.try_vip(&l3, required("fd00::1")).await), "SYS.1007");
    assert_eq!(code(&cloud.try_vip(&l3, json!({"allocatorStrategy": "Best"})).await), "SYS.1007");
    inventory(cloud.try_vip(&l3, required("203.0.113.12")).await);
    assert_eq!(cloud.vip(&l3).await["ip"], "203.0.113.11");
    assert_eq!(code(&cloud.try_vip(&l3, json!({})).await), "L3.1000");

    let vip = uuid_of(&first);
    let actions = format!("vips/{vip}/actions");
    let changed = put(&cloud.local, &actions, "changeVipState", json!({"stateEvent": "disable"})).await;
    assert_eq!(inventory(changed)["state"], "Disabled");
    let changed = put(&cloud.local, &actions, "updateVip", json!({"name": "new"})).await;
    assert_eq!(inventory(changed)["name"], "new");
    // A deleted VIP releases its address; a missing one is a success.
    for _ in 0..2 {
        assert_eq!(delete(&cloud.local, &format!("/vips/{vip}")).await.0, 200);
    }
    assert_eq!(list(&cloud.local, "/l3-networks/ip-address").await.len(), 2);
    assert_eq!(cloud.vip(&l3).await["ip"], "203.0.113.10");
    // A document of another kind is not deleted.
    assert_eq!(delete(&cloud.local, &format!("/vips/{l3}")).await.0, 200);
    assert_eq!(cloud.l3_inventory(&l3).await["name"], "public");
}

#[tokio::test]
async fn the_addresses_of_a_network_can_be_listed_and_counted() {
    let cloud = Networks::empty().await;
    let l3 = cloud.public().await;
    cloud.vip(&l3).await;
    let ips = |answer: Value| {
        let list = answer["inventories"].as_array().unwrap().clone();
        list.iter().map(|free| free["ip"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let free = read(&cloud.local, &format!("/l3-networks/{l3}/ip/free")).await;
    assert_eq!(ips(free), ["203.0.113.11", "203.0.113.12"]);
    let free = read(&cloud.local, &format!("/l3-networks/{l3}/ip/free?limit=1&start=203.0.113.12")).await;
    assert_eq!(ips(free), ["203.0.113.12"]);
    let range = uuid_of(&cloud.l3_inventory(&l3).await["ipRanges"][0]);
    assert_eq!(ips(read(&cloud.local, &format!("/l3-networks/ip-ranges/{range}/ip/free")).await).len(), 2);
    let neither = cloud.local.send("GET", "/zstack/v1/l3-networks/ip/free", "").await;
    assert_eq!(code(&neither), "SYS.1007");

    let params = json!({"name": "kept", "startIp": "203.0.113.12", "endIp": "203.0.113.20"});
    let path = format!("l3-networks/{l3}/reserved-ip-ranges");
    let reserved = inventory(post(&cloud.local, &path, params.clone()).await);
    assert_eq!(code(&post(&cloud.local, &path, params).await), "SYS.1007");
    assert_eq!(cloud.l3_inventory(&l3).await["reservedIpRanges"][0]["uuid"], reserved["uuid"]);
    let free = read(&cloud.local, &format!("/l3-networks/{l3}/ip/free")).await;
    assert_eq!(ips(free), ["203.0.113.11"]);
    for (ip, available) in [
        ("203.0.113.10", false),
        ("203.0.113.11", true),
        ("203.0.113.12", false),
        ("203.0.113.1", false),
        ("203.0.113.99", false),
    ] {
        let answer = read(&cloud.local, &format!("/l3-networks/{l3}/ip/{ip}/availability")).await;
        assert_eq!(answer["available"], available, "{ip}");
        assert_eq!(answer.get("reason").is_none(), available, "{ip}");
    }
    let capacity = read(&cloud.local, &format!("/ip-capacity?l3NetworkUuids={l3}")).await;
    assert_eq!(capacity["totalCapacity"], 3);
    assert_eq!((&capacity["availableCapacity"], &capacity["usedIpAddressNumber"]), (&json!(2), &json!(1)));
    assert_eq!(capacity["capacityData"][0]["resourceUuid"], json!(l3));
    assert_eq!(read(&cloud.local, "/ip-capacity?all=true").await["ipv4TotalCapacity"], 3);
    assert_eq!(code(&cloud.local.send("GET", "/zstack/v1/ip-capacity", "").await), "SYS.1007");
}

#[tokio::test]
async fn a_range_is_deleted_with_its_vips_and_a_network_with_everything() {
    let cloud = Networks::empty().await;
    let l3 = cloud.public().await;
    cloud.vip(&l3).await;
    let range = uuid_of(&cloud.l3_inventory(&l3).await["ipRanges"][0]);
    for _ in 0..2 {
        assert_eq!(delete(&cloud.local, &format!("/l3-networks/ip-ranges/{range}")).await.0, 200);
    }
    assert_eq!(list(&cloud.local, "/vips").await, Vec::<Value>::new());
    assert_eq!(list(&cloud.local, "/l3-networks/ip-address").await, Vec::<Value>::new());
    inventory(cloud.try_range(&l3, "203.0.113.10", "203.0.113.12", "203.0.113.1").await);
    cloud.vip(&l3).await;
    cloud.vip(&l3).await;
    assert_eq!(delete(&cloud.local, &format!("/l3-networks/{l3}")).await.0, 200);
    for path in ["vips", "l3-networks/ip-address", "l3-networks/ip-ranges", "l3-networks"] {
        assert_eq!(list(&cloud.local, path).await, Vec::<Value>::new(), "{path}");
    }
}

#[tokio::test]
async fn services_are_attached_by_the_uuid_or_the_type_of_their_provider() {
    let cloud = Networks::empty().await;
    let local = &cloud.local;
    let providers = list(local, "/network-services/providers").await;
    let flat = providers.iter().find(|provider| provider["type"] == "Flat").unwrap();
    assert!(flat["networkServiceTypes"].as_array().unwrap().contains(&json!("DHCP")));
    assert_eq!(providers.len(), 4);
    let l3 = cloud.l3("private", "Private").await;
    let path = format!("l3-networks/{l3}/network-services");
    let params = |provider: &str, services: Value| json!({"networkServices": {provider: services}});
    let network = inventory(post(local, &path, params(&uuid_of(flat), json!(["DHCP", "Eip"]))).await);
    assert_eq!(network["networkServices"].as_array().unwrap().len(), 2);
    assert_eq!(network["networkServices"][0]["networkServiceProviderUuid"], flat["uuid"]);
    assert_eq!(network["networkServices"][0]["l3NetworkUuid"], json!(l3));
    let network = inventory(post(local, &path, params("SecurityGroup", json!(["SecurityGroup"]))).await);
    assert_eq!(network["networkServices"].as_array().unwrap().len(), 3);
    for (provider, services, expected) in [
        ("Flat", json!(["LoadBalancer"]), "SYS.1007"),
        ("Flat", json!([]), "SYS.1007"),
        ("Unknown", json!(["DHCP"]), "SYS.1007"),
        ("vrouter", json!(["DHCP"]), "SYS.1006"),
    ] {
        assert_eq!(code(&post(local, &path, params(provider, services)).await), expected, "{provider}");
    }
    let network = inventory(delete(local, &format!("/{path}?service=DHCP")).await);
    assert_eq!(network["networkServices"].as_array().unwrap().len(), 2);
    assert_eq!(cloud.l3_inventory(&l3).await["networkServices"].as_array().unwrap().len(), 2);
    let types = read(local, "/network-services/types").await;
    assert_eq!(types["types"]["Eip"], json!(["Flat", "vrouter", "VirtualRouter"]));
    assert_eq!(delete(local, &format!("/l3-networks/{l3}")).await.0, 200);
    assert_eq!(list(local, "/l3-networks/network-services/refs").await.len(), 0);
}

#[tokio::test]
async fn l3_networks_have_name_servers_routes_and_an_mtu() {
    let cloud = Networks::empty().await;
    let local = &cloud.local;
    let l3 = cloud.public().await;
    let path = format!("l3-networks/{l3}/dns");
    assert_eq!(inventory(post(local, &path, json!({"dns": "8.8.8.8"})).await)["dns"], json!(["8.8.8.8"]));
    assert_eq!(code(&post(local, &path, json!({"dns": "8.8.8.8"})).await), "SYS.1006");
    assert_eq!(code(&post(local, &path, json!({"dns": "dns.example"})).await), "SYS.1007");
    for _ in 0..2 {
        assert_eq!(inventory(delete(local, &format!("/{path}/8.8.8.8")).await)["dns"], json!([]));
    }
    let path = format!("l3-networks/{l3}/hostroute");
    let route = json!({"prefix": "10.1.0.0/16", "nexthop": "203.0.113.1"});
    let network = inventory(post(local, &path, route.clone()).await);
    assert_eq!(network["hostRoute"][0]["nexthop"], "203.0.113.1");
    assert_eq!(network["hostRoute"][0]["createDate"], "Jan 1, 2027 12:00:00 PM");
    assert_eq!(code(&post(local, &path, route).await), "SYS.1006");
    let wrong = json!({"prefix": "10.1.0.0", "nexthop": "203.0.113.1"});
    assert_eq!(code(&post(local, &path, wrong).await), "SYS.1007");
    let remove = format!("{path}?prefix=10.1.0.0/16");
    assert_eq!(inventory(delete(local, &remove).await)["hostRoute"], json!([]));
    assert_eq!(code(&delete(local, &remove).await), "SYS.1006");

    let path = format!("l3-networks/{l3}/mtu");
    assert_eq!(read(local, &path).await["mtu"], 1500);
    for mtu in [1400, 1300] {
        assert_eq!(post(local, &path, json!({"mtu": mtu})).await.0, 200);
        assert_eq!(read(local, &path).await["mtu"], mtu);
    }
    let path = format!("l3-networks/{l3}/router-interface-ip");
    assert_eq!(code(&post(local, &path, json!({"routerInterfaceIp": "10.0.0.1"})).await), "SYS.1007");
    assert_eq!(post(local, &path, json!({"routerInterfaceIp": "203.0.113.9"})).await.0, 200);
    assert_eq!(read(local, &path).await["routerInterfaceIp"], "203.0.113.9");
    assert_eq!(read(local, "/l3-networks/types").await["types"][0], "L3BasicNetwork");
}
