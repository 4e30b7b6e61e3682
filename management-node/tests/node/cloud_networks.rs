//! Tests of IP ranges, VIPs, EIPs and other services of networks.

use serde_json::{Value, json};
use zstack_node::store::sqlite::SqliteStore;

use crate::local::sample::{DB_1, WEB_1};
use crate::local::{Answer, Local, code, inventory};

/// Sends parameters to a path, as most operations expect them.
async fn post(local: &Local, path: &str, params: Value) -> Answer {
    local.send("POST", &format!("/zstack/v1/{path}"), &json!({"params": params}).to_string()).await
}

/// Sends an action to a path.
async fn put(local: &Local, path: &str, action: &str, params: Value) -> Answer {
    let mut body = serde_json::Map::new();
    body.insert(action.to_owned(), params);
    local.send("PUT", &format!("/zstack/v1/{path}"), &Value::Object(body).to_string()).await
}

async fn get(local: &Local, path: &str) -> Value {
    let (status, answer) = local.send("GET", &format!("/zstack/v1/{path}"), "").await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn delete(local: &Local, path: &str) -> Answer {
    local.send("DELETE", &format!("/zstack/v1/{path}"), "").await
}

fn uuid(inventory: &Value) -> String {
    inventory["uuid"].as_str().unwrap().to_owned()
}

/// Returns the inventories of a query.
async fn all(local: &Local, path: &str) -> Vec<Value> {
    get(local, path).await["inventories"].as_array().unwrap().clone()
}

/// A cloud with an L2 network.
struct Networks {
    local: Local,
    l2: String,
}

impl Networks {
    async fn empty() -> Self {
        let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
        local.session = local.log_in("admin", "password").await;
        Self::on(local).await
    }

    /// Adds an L2 network in a zone of its own.
    async fn on(local: Local) -> Self {
        let zone = uuid(&inventory(post(&local, "zones", json!({"name": "networks"})).await));
        let params = json!({"name": "l2", "zoneUuid": zone, "physicalInterface": "eth0"});
        let l2 = uuid(&inventory(post(&local, "l2-networks/no-vlan", params).await));
        Self { local, l2 }
    }

    async fn l3(&self, name: &str, category: &str) -> String {
        let params = json!({"name": name, "l2NetworkUuid": self.l2, "category": category});
        uuid(&inventory(post(&self.local, "l3-networks", params).await))
    }

    async fn try_range(&self, l3: &str, first: &str, last: &str, gateway: &str) -> Answer {
        let params = json!({
            "name": "range", "startIp": first, "endIp": last, "netmask": "255.255.255.0", "gateway": gateway,
        });
        post(&self.local, &format!("l3-networks/{l3}/ip-ranges"), params).await
    }

    /// A public network with the addresses 203.0.113.10 to 203.0.113.12.
    async fn public(&self) -> String {
        let l3 = self.l3("public", "Public").await;
        inventory(self.try_range(&l3, "203.0.113.10", "203.0.113.12", "203.0.113.1").await);
        l3
    }

    async fn l3_inventory(&self, l3: &str) -> Value {
        all(&self.local, &format!("l3-networks/{l3}")).await[0].clone()
    }

    async fn try_vip(&self, l3: &str, more: Value) -> Answer {
        let mut params = json!({"name": "vip", "l3NetworkUuid": l3});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&self.local, "vips", params).await
    }

    async fn vip(&self, l3: &str) -> Value {
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
    let (status, answer) = post(&cloud.local, &format!("l3-networks/{l3}/ip-ranges/by-cidr"), params).await;
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
    let six = inventory(post(&cloud.local, &format!("l3-networks/{l3}/ipv6-ranges"), params).await);
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
    let used = all(&cloud.local, "l3-networks/ip-address").await;
    assert_eq!((&used[0]["ip"], &used[0]["usedFor"]), (&json!("203.0.113.10"), &json!("Vip")));

    let required = |ip: &str| json!({"requiredIp": ip});
    assert_eq!(code(&cloud.try_vip(&l3, required("203.0.113.10")).await), "SYS.1006");
    assert_eq!(code(&cloud.try_vip(&l3, required("203.0.113.13")).await), "L3.1000");
    assert_eq!(code(&cloud.try_vip(&l3, required("fd00::1")).await), "SYS.1007");
    assert_eq!(code(&cloud.try_vip(&l3, json!({"allocatorStrategy": "Best"})).await), "SYS.1007");
    inventory(cloud.try_vip(&l3, required("203.0.113.12")).await);
    assert_eq!(cloud.vip(&l3).await["ip"], "203.0.113.11");
    assert_eq!(code(&cloud.try_vip(&l3, json!({})).await), "L3.1000");

    let vip = uuid(&first);
    let actions = format!("vips/{vip}/actions");
    let changed = put(&cloud.local, &actions, "changeVipState", json!({"stateEvent": "disable"})).await;
    assert_eq!(inventory(changed)["state"], "Disabled");
    let changed = put(&cloud.local, &actions, "updateVip", json!({"name": "new"})).await;
    assert_eq!(inventory(changed)["name"], "new");
    // A deleted VIP releases its address; a missing one is a success.
    for _ in 0..2 {
        assert_eq!(delete(&cloud.local, &format!("vips/{vip}")).await.0, 200);
    }
    assert_eq!(all(&cloud.local, "l3-networks/ip-address").await.len(), 2);
    assert_eq!(cloud.vip(&l3).await["ip"], "203.0.113.10");
    // A document of another kind is not deleted.
    assert_eq!(delete(&cloud.local, &format!("vips/{l3}")).await.0, 200);
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
    let free = get(&cloud.local, &format!("l3-networks/{l3}/ip/free")).await;
    assert_eq!(ips(free), ["203.0.113.11", "203.0.113.12"]);
    let free = get(&cloud.local, &format!("l3-networks/{l3}/ip/free?limit=1&start=203.0.113.12")).await;
    assert_eq!(ips(free), ["203.0.113.12"]);
    let range = uuid(&cloud.l3_inventory(&l3).await["ipRanges"][0]);
    assert_eq!(ips(get(&cloud.local, &format!("l3-networks/ip-ranges/{range}/ip/free")).await).len(), 2);
    let neither = cloud.local.send("GET", "/zstack/v1/l3-networks/ip/free", "").await;
    assert_eq!(code(&neither), "SYS.1007");

    let params = json!({"name": "kept", "startIp": "203.0.113.12", "endIp": "203.0.113.20"});
    let path = format!("l3-networks/{l3}/reserved-ip-ranges");
    let reserved = inventory(post(&cloud.local, &path, params.clone()).await);
    assert_eq!(code(&post(&cloud.local, &path, params).await), "SYS.1007");
    assert_eq!(cloud.l3_inventory(&l3).await["reservedIpRanges"][0]["uuid"], reserved["uuid"]);
    let free = get(&cloud.local, &format!("l3-networks/{l3}/ip/free")).await;
    assert_eq!(ips(free), ["203.0.113.11"]);
    for (ip, available) in [
        ("203.0.113.10", false),
        ("203.0.113.11", true),
        ("203.0.113.12", false),
        ("203.0.113.1", false),
        ("203.0.113.99", false),
    ] {
        let answer = get(&cloud.local, &format!("l3-networks/{l3}/ip/{ip}/availability")).await;
        assert_eq!(answer["available"], available, "{ip}");
        assert_eq!(answer.get("reason").is_none(), available, "{ip}");
    }
    let capacity = get(&cloud.local, &format!("ip-capacity?l3NetworkUuids={l3}")).await;
    assert_eq!(capacity["totalCapacity"], 3);
    assert_eq!((&capacity["availableCapacity"], &capacity["usedIpAddressNumber"]), (&json!(2), &json!(1)));
    assert_eq!(capacity["capacityData"][0]["resourceUuid"], json!(l3));
    assert_eq!(get(&cloud.local, "ip-capacity?all=true").await["ipv4TotalCapacity"], 3);
    assert_eq!(code(&cloud.local.send("GET", "/zstack/v1/ip-capacity", "").await), "SYS.1007");
}

#[tokio::test]
async fn a_range_is_deleted_with_its_vips_and_a_network_with_everything() {
    let cloud = Networks::empty().await;
    let l3 = cloud.public().await;
    cloud.vip(&l3).await;
    let range = uuid(&cloud.l3_inventory(&l3).await["ipRanges"][0]);
    for _ in 0..2 {
        assert_eq!(delete(&cloud.local, &format!("l3-networks/ip-ranges/{range}")).await.0, 200);
    }
    assert_eq!(all(&cloud.local, "vips").await, Vec::<Value>::new());
    assert_eq!(all(&cloud.local, "l3-networks/ip-address").await, Vec::<Value>::new());
    inventory(cloud.try_range(&l3, "203.0.113.10", "203.0.113.12", "203.0.113.1").await);
    cloud.vip(&l3).await;
    cloud.vip(&l3).await;
    assert_eq!(delete(&cloud.local, &format!("l3-networks/{l3}")).await.0, 200);
    for path in ["vips", "l3-networks/ip-address", "l3-networks/ip-ranges", "l3-networks"] {
        assert_eq!(all(&cloud.local, path).await, Vec::<Value>::new(), "{path}");
    }
}

#[tokio::test]
async fn services_are_attached_by_the_uuid_or_the_type_of_their_provider() {
    let cloud = Networks::empty().await;
    let local = &cloud.local;
    let providers = all(local, "network-services/providers").await;
    let flat = providers.iter().find(|provider| provider["type"] == "Flat").unwrap();
    assert!(flat["networkServiceTypes"].as_array().unwrap().contains(&json!("DHCP")));
    assert_eq!(providers.len(), 4);
    let l3 = cloud.l3("private", "Private").await;
    let path = format!("l3-networks/{l3}/network-services");
    let params = |provider: &str, services: Value| json!({"networkServices": {provider: services}});
    let network = inventory(post(local, &path, params(&uuid(flat), json!(["DHCP", "Eip"]))).await);
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
    let network = inventory(delete(local, &format!("{path}?service=DHCP")).await);
    assert_eq!(network["networkServices"].as_array().unwrap().len(), 2);
    assert_eq!(cloud.l3_inventory(&l3).await["networkServices"].as_array().unwrap().len(), 2);
    let types = get(local, "network-services/types").await;
    assert_eq!(types["types"]["Eip"], json!(["Flat", "vrouter", "VirtualRouter"]));
    assert_eq!(delete(local, &format!("l3-networks/{l3}")).await.0, 200);
    assert_eq!(all(local, "l3-networks/network-services/refs").await.len(), 0);
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
        assert_eq!(inventory(delete(local, &format!("{path}/8.8.8.8")).await)["dns"], json!([]));
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
    assert_eq!(get(local, &path).await["mtu"], 1500);
    for mtu in [1400, 1300] {
        assert_eq!(post(local, &path, json!({"mtu": mtu})).await.0, 200);
        assert_eq!(get(local, &path).await["mtu"], mtu);
    }
    let path = format!("l3-networks/{l3}/router-interface-ip");
    assert_eq!(code(&post(local, &path, json!({"routerInterfaceIp": "10.0.0.1"})).await), "SYS.1007");
    assert_eq!(post(local, &path, json!({"routerInterfaceIp": "203.0.113.9"})).await.0, 200);
    assert_eq!(get(local, &path).await["routerInterfaceIp"], "203.0.113.9");
    assert_eq!(get(local, "l3-networks/types").await["types"][0], "L3BasicNetwork");
}

/// A cloud with NICs that can have EIPs, and a public network.
struct Guests {
    cloud: Networks,
    /// The NIC of the running VM instance `web-1`, and the first one of `db-1`.
    nics: [String; 2],
    public: String,
}

impl Guests {
    async fn new() -> Self {
        let cloud = Networks::on(Local::sample().await).await;
        let public = cloud.public().await;
        let mut nics = Vec::new();
        for vm in [WEB_1, DB_1] {
            let vms = all(&cloud.local, &format!("vm-instances/{vm}")).await;
            nics.push(vms[0]["vmNics"][0].clone());
        }
        let services = json!({"networkServices": {
            "vrouter": ["Eip", "PortForwarding", "LoadBalancer"], "SecurityGroup": ["SecurityGroup"],
        }});
        let l3 = nics[0]["l3NetworkUuid"].as_str().unwrap();
        inventory(post(&cloud.local, &format!("l3-networks/{l3}/network-services"), services).await);
        Self { nics: [uuid(&nics[0]), uuid(&nics[1])], cloud, public }
    }

    async fn vip(&self) -> String {
        uuid(&self.cloud.vip(&self.public).await)
    }

    async fn vip_inventory(&self, vip: &str) -> Value {
        all(&self.cloud.local, &format!("vips/{vip}")).await[0].clone()
    }
}

#[tokio::test]
async fn an_eip_leads_to_a_nic_of_another_network() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let vip = guests.vip().await;
    let create = |vip: &str, nic: Option<&str>| {
        let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": nic});
        async move { post(local, "eips", params).await }
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

    let eip = uuid(&eip);
    let attach = format!("eips/{eip}/vm-instances/nics/{db}");
    assert_eq!(code(&post(local, &attach, json!({})).await), "SYS.1006");
    let detached = inventory(delete(local, &format!("eips/{eip}/vm-instances/nics")).await);
    assert_eq!((detached.get("vmNicUuid"), detached.get("guestIp")), (None, None));
    assert_eq!(code(&delete(local, &format!("eips/{eip}/vm-instances/nics")).await), "SYS.1006");
    assert_eq!(guests.vip_inventory(&vip).await["useFor"], "Eip");
    let wrong_ip = json!({"usedIpUuid": all(local, "l3-networks/ip-address?q=usedFor=Vip").await[0]["uuid"]});
    assert_eq!(code(&post(local, &attach, wrong_ip).await), "SYS.1007");
    assert_eq!(inventory(post(local, &attach, json!({})).await)["vmNicUuid"], json!(db));
    // Deleted, the EIP releases its VIP.
    for _ in 0..2 {
        assert_eq!(delete(local, &format!("eips/{eip}")).await.0, 200);
    }
    assert_eq!(guests.vip_inventory(&vip).await.get("useFor"), None);
    inventory(create(&vip, Some(db)).await);
    // An EIP is deleted with its VIP.
    assert_eq!(delete(local, &format!("vips/{vip}")).await.0, 200);
    assert_eq!(all(local, "eips").await.len(), 0);
}

#[tokio::test]
async fn an_eip_needs_the_service_and_another_network() {
    let guests = Guests::new().await;
    let (local, [web, _]) = (&guests.cloud.local, &guests.nics);
    let l3 = all(local, "vm-instances/nics").await[0]["l3NetworkUuid"].as_str().unwrap().to_owned();
    let vip = uuid(&guests.cloud.vip(&l3).await);
    let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": web});
    assert_eq!(code(&post(local, "eips", params).await), "SYS.1007");
    inventory(delete(local, &format!("l3-networks/{l3}/network-services?service=Eip")).await);
    let vip = guests.vip().await;
    let params = json!({"name": "eip", "vipUuid": vip, "vmNicUuid": web});
    assert_eq!(code(&post(local, "eips", params).await), "SYS.1006");
}

#[tokio::test]
async fn port_forwarding_rules_share_a_vip_without_sharing_ports() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let vip = guests.vip().await;
    let create = |more: Value| {
        let mut params = json!({"name": "rule", "vipUuid": vip, "protocolType": "TCP", "vipPortStart": 80});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        async move { post(local, "port-forwarding", params).await }
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
    let eip = post(local, "eips", json!({"name": "eip", "vipUuid": vip})).await;
    assert_eq!(code(&eip), "SYS.1006");

    let used = get(local, &format!("vips/{vip}/usedports?protocol=TCP")).await;
    assert_eq!(used["inventories"][0]["usedPorts"], json!(["80-80", "8000-8001"]));
    let port = |port: u16| format!("vips/{vip}/check-port-availability?protocolType=TCP&port={port}");
    assert_eq!(get(local, &port(8001)).await["available"], false);
    assert_eq!(get(local, &port(8002)).await["available"], true);
    let free =
        get(local, &format!("vips/{vip}/get-port-availability?protocolType=TCP&start=79&limit=2")).await;
    assert_eq!(free["availablePort"], json!([81, 82]));

    let second = uuid(&second);
    let attach = format!("port-forwarding/{second}/vm-instances/nics/{db}");
    assert_eq!(inventory(post(local, &attach, json!({})).await)["vmNicUuid"], json!(db));
    assert_eq!(code(&post(local, &attach, json!({})).await), "SYS.1006");
    let detach = format!("port-forwarding/{second}/vm-instances/nics");
    assert_eq!(inventory(delete(local, &detach).await).get("guestIp"), None);
    assert_eq!(code(&delete(local, &detach).await), "SYS.1006");
    let rules = all(local, "port-forwarding").await;
    for rule in &rules {
        assert_eq!(delete(local, &format!("port-forwarding/{}", uuid(rule))).await.0, 200);
    }
    assert_eq!(guests.vip_inventory(&vip).await.get("useFor"), None);
}

/// The rules of a group that are not default ones: direction, priority and ports.
async fn rules(local: &Local, group: &str) -> Vec<(String, i64, String)> {
    let group = all(local, &format!("security-groups/{group}")).await[0].clone();
    let mut rules: Vec<_> = group["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| rule["priority"] != 0)
        .map(|rule| {
            let text = |name: &str| rule[name].as_str().unwrap_or_default().to_owned();
            (text("type"), rule["priority"].as_i64().unwrap(), text("dstPortRange"))
        })
        .collect();
    rules.sort();
    rules
}

async fn group(local: &Local) -> String {
    uuid(&inventory(post(local, "security-groups", json!({"name": "group"})).await))
}

fn tcp(ports: &str) -> Value {
    json!({"type": "Ingress", "protocol": "TCP", "dstPortRange": ports})
}

#[tokio::test]
async fn a_security_group_has_default_rules_and_others_in_order() {
    let local = &Networks::empty().await.local;
    let created = inventory(post(local, "security-groups", json!({"name": "group"})).await);
    assert_eq!(created["rules"].as_array().unwrap().len(), 4);
    assert_eq!(created["rules"][0]["remoteSecurityGroupUuid"], created["uuid"]);
    assert_eq!((&created["state"], created.get("ipVersion")), (&json!("Enabled"), None));
    let group = uuid(&created);
    let path = format!("security-groups/{group}/rules");
    let add = |params: Value| {
        let path = &path;
        async move { post(local, path, params).await }
    };
    let old = json!({
        "type": "Ingress", "protocol": "TCP", "startPort": 80, "endPort": 80, "allowedCidr": "10.0.0.0/8",
    });
    let all_rules = inventory(add(json!({"rules": [old, tcp("443")]})).await)["rules"].clone();
    let converted = all_rules.as_array().unwrap().iter().find(|rule| rule["dstPortRange"] == "80").unwrap();
    assert_eq!(converted["srcIpRange"], "10.0.0.0/8");
    inventory(add(json!({"rules": [tcp("22")], "priority": 1})).await);
    let present = rules(local, &group).await;
    let ports: Vec<_> = present.iter().map(|rule| (rule.1, rule.2.as_str())).collect();
    assert_eq!(ports, [(1, "22"), (2, "80"), (3, "443")]);
    for wrong in [
        json!({"rules": [tcp("443")]}),
        json!({"rules": []}),
        json!({"rules": [tcp("1")], "priority": 9}),
        json!({"rules": [{"type": "Ingress", "protocol": "TCP"}]}),
        json!({"rules": [{"type": "Egress", "protocol": "ALL", "remoteSecurityGroupUuid": "0".repeat(32)}]}),
    ] {
        assert_eq!(code(&add(wrong.clone()).await), "SYS.1007", "{wrong}");
    }
    // Rules for other groups.
    let other = uuid(&inventory(post(local, "security-groups", json!({"name": "other"})).await));
    let third = uuid(&inventory(post(local, "security-groups", json!({"name": "third"})).await));
    let rule = json!({"type": "Egress", "protocol": "ALL"});
    inventory(add(json!({"rules": [rule], "remoteSecurityGroupUuids": [other, third]})).await);
    assert_eq!(rules(local, &group).await.iter().filter(|rule| rule.0 == "Egress").count(), 2);
    assert_eq!(delete(local, &format!("security-groups/{other}")).await.0, 200);
    assert_eq!(rules(local, &group).await.iter().filter(|rule| rule.0 == "Egress").count(), 1);

    let query = |port: &str| format!("security-groups/rules?q=dstPortRange={port}");
    let find = async |port: &str| uuid(&all(local, &query(port)).await[0]);
    let (first, second) = (find("22").await, find("80").await);
    let missing = "0".repeat(32);
    let path = format!("security-groups/rules?ruleUuids={first}&ruleUuids={missing}");
    for _ in 0..2 {
        assert_eq!(delete(local, &path).await.0, 200);
    }
    let present = rules(local, &group).await;
    assert_eq!((present[1].1, present[1].2.as_str()), (1, "80"));
    let default = uuid(&created["rules"][0]);
    assert_eq!(code(&delete(local, &format!("security-groups/rules?ruleUuids={default}")).await), "SYS.1007");

    let third = find("443").await;
    let change = async |uuid: &str, params: Value| {
        put(local, &format!("security-groups/rules/{uuid}/actions"), "changeSecurityGroupRule", params).await
    };
    let changed = inventory(change(&third, json!({"priority": 1, "dstPortRange": "444"})).await);
    assert_eq!((&changed["priority"], &changed["dstPortRange"]), (&json!(1), &json!("444")));
    assert_eq!(code(&change(&third, json!({"priority": 3})).await), "SYS.1007");
    assert_eq!(code(&change(&default, json!({"action": "DROP"})).await), "SYS.1007");
    assert_eq!(inventory(change(&default, json!({"description": "d"})).await)["description"], "d");
    let order = json!({"type": "Ingress", "rules": [
        {"ruleUuid": second, "priority": 1}, {"ruleUuid": third, "priority": 2},
    ]});
    let path = format!("security-groups/{group}/rules/priority/actions");
    inventory(put(local, &path, "updateSecurityGroupRulePriority", order).await);
    let present = rules(local, &group).await;
    assert_eq!((present[1].2.as_str(), present[2].2.as_str()), ("80", "444"));
    let order = json!({"type": "Ingress", "rules": [{"ruleUuid": second, "priority": 1}]});
    assert_eq!(code(&put(local, &path, "updateSecurityGroupRulePriority", order).await), "SYS.1007");
    let path = format!("security-groups/{group}/rules/state/actions");
    let disable = json!({"ruleUuids": [second], "state": "Disabled"});
    inventory(put(local, &path, "changeSecurityGroupRuleState", disable.clone()).await);
    assert_eq!(all(local, &query("80")).await[0]["state"], "Disabled");
    assert_eq!(code(&put(local, &path, "changeSecurityGroupRuleState", disable).await), "SYS.1007");

    let path = format!("security-groups/{group}/rules/validation?type=Ingress&protocol=TCP");
    let valid = get(local, &format!("{path}&dstPortRange=9000")).await;
    assert_eq!((&valid["available"], &valid["code"]), (&json!(true), &json!("SG.2000")));
    assert_eq!(get(local, &path).await["available"], false);
}

#[tokio::test]
async fn nics_are_members_of_security_groups() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let (first, second) = (group(local).await, group(local).await);
    let candidates = format!("security-groups/{first}/vm-instances/candidate-nics");
    let before = all(local, &candidates).await.len();
    let members = format!("security-groups/{first}/vm-instances/nics");
    assert_eq!(post(local, &members, json!({"vmNicUuids": [web, db]})).await.0, 200);
    assert_eq!(code(&post(local, &members, json!({"vmNicUuids": [web]})).await), "SYS.1007");
    assert_eq!(code(&post(local, &members, json!({"vmNicUuids": ["0".repeat(32)]})).await), "SYS.1003");
    assert_eq!(all(local, &candidates).await.len() + 2, before);
    let refs = all(local, "security-groups/vm-instances/nics").await;
    assert_eq!((refs.len(), &refs[0]["priority"]), (2, &json!(1)));
    assert!([WEB_1, DB_1].contains(&refs[0]["vmInstanceUuid"].as_str().unwrap()));

    let path = format!("security-groups/nics/{web}/security-policy/actions");
    let policy = put(local, &path, "changeVmNicSecurityPolicy", json!({"ingressPolicy": "ALLOW"})).await;
    let policy = inventory(policy);
    assert_eq!((&policy["ingressPolicy"], &policy["egressPolicy"]), (&json!("ALLOW"), &json!("ALLOW")));
    assert_eq!(code(&put(local, &path, "changeVmNicSecurityPolicy", json!({})).await), "SYS.1007");

    let path = format!("security-groups/nics/{web}/actions");
    let refs = json!({"refs": [
        {"securityGroupUuid": first, "priority": 2}, {"securityGroupUuid": second, "priority": 1},
    ]});
    let answer = inventory(put(local, &path, "setVmNicSecurityGroup", refs).await);
    assert_eq!(answer[0]["securityGroupUuid"], json!(second));
    let wrong = json!({"refs": [{"securityGroupUuid": first, "priority": 2}]});
    assert_eq!(code(&put(local, &path, "setVmNicSecurityGroup", wrong).await), "SYS.1007");
    assert_eq!(
        delete(local, &format!("security-groups/{second}/vm-instances/nics?vmNicUuids={web}")).await.0,
        200
    );
    let of_web = format!("security-groups/vm-instances/nics?q=vmNicUuid={web}");
    let refs = all(local, &of_web).await;
    assert_eq!((refs.len(), &refs[0]["priority"]), (1, &json!(1)));

    let l3 = all(local, "vm-instances/nics").await[0]["l3NetworkUuid"].as_str().unwrap().to_owned();
    let attach = format!("security-groups/{first}/l3-networks/{l3}");
    assert_eq!(inventory(post(local, &attach, json!({})).await)["attachedL3NetworkUuids"], json!([l3]));
    assert_eq!(code(&post(local, &attach, json!({})).await), "SYS.1006");
    let without = format!("security-groups/{first}/l3-networks/{}", guests.public);
    assert_eq!(code(&post(local, &without, json!({})).await), "SYS.1007");
    assert_eq!(inventory(delete(local, &attach).await)["attachedL3NetworkUuids"], json!([]));
    assert_eq!(delete(local, &format!("security-groups/{first}")).await.0, 200);
    assert_eq!(all(local, &of_web).await.len(), 0);
}

#[tokio::test]
async fn candidates_have_the_service_and_no_eip() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let vip = guests.vip().await;
    let eip = uuid(&inventory(post(local, "eips", json!({"name": "eip", "vipUuid": vip})).await));
    let nics = async |eip: &str| {
        let found = all(local, &format!("eips/{eip}/vm-instances/candidate-nics")).await;
        found.iter().map(uuid).collect::<Vec<_>>()
    };
    assert!(nics(&eip).await.contains(web));
    let eips = format!("vm-instances/nics/{db}/candidate-eips");
    assert_eq!(all(local, &eips).await.len(), 1);
    inventory(post(local, &format!("eips/{eip}/vm-instances/nics/{web}"), json!({})).await);
    let found = nics(&eip).await;
    assert!(!found.contains(web) && found.contains(db), "{found:?}");
    assert_eq!(all(local, &eips).await.len(), 0);
    let vip = guests.vip().await;
    let params = json!({"name": "rule", "vipUuid": vip, "protocolType": "TCP", "vipPortStart": 80});
    let rule = uuid(&inventory(post(local, "port-forwarding", params).await));
    let found = all(local, &format!("port-forwarding/{rule}/vm-instances/candidate-nics")).await;
    assert!(found.iter().any(|nic| nic["uuid"] == json!(web)), "{found:?}");
}
