//! Tests of L2 networks, their clusters, and new L3 networks.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zstack_node::store::sqlite::SqliteStore;

use crate::calls::{delete, get_one, list, post, put, uuid_of};
use crate::local::{Answer, Local, code, inventory};

/// An empty node with a zone and a cluster.
struct Cloud {
    local: Local,
    zone: String,
    cluster: String,
}

impl Cloud {
    async fn new() -> Self {
        let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
        local.session = local.log_in("admin", "password").await;
        let zone = uuid_of(&inventory(post(&local, "/zones", json!({"name": "zone"})).await));
        let params = json!({"name": "cluster", "zoneUuid": zone, "hypervisorType": "KVM"});
        let cluster = uuid_of(&inventory(post(&local, "/clusters", params).await));
        Self { local, zone, cluster }
    }

    async fn l2(&self, path: &str, more: Value) -> String {
        let mut params = json!({"name": "l2", "zoneUuid": self.zone, "physicalInterface": "eth0"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        uuid_of(&inventory(post(&self.local, &format!("/l2-networks/{path}"), params).await))
    }

    /// Attaches a VXLAN pool with the network of its endpoints.
    async fn attach_pool(&self, pool: &str, cidr: &str) -> Answer {
        let tag = format!("l2NetworkUuid::{pool}::clusterUuid::{}::cidr::{{{cidr}}}", self.cluster);
        let body = json!({"params": {}, "systemTags": [tag]}).to_string();
        self.local.send("POST", &format!("/zstack/v1/{}", self.path(pool)), &body).await
    }

    fn path(&self, l2: &str) -> String {
        format!("l2-networks/{l2}/clusters/{}", self.cluster)
    }
}

#[tokio::test]
async fn l2_networks_of_a_cluster_do_not_share_a_vlan() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let first = cloud.l2("vlan", json!({"vlan": 10})).await;
    let attached = inventory(post(local, &cloud.path(&first), json!({})).await);
    assert_eq!(attached["attachedClusterUuids"], json!([cloud.cluster]));
    assert_eq!(code(&post(local, &cloud.path(&first), json!({})).await), "SYS.1006");
    let same = cloud.l2("vlan", json!({"vlan": 10})).await;
    assert_eq!(code(&post(local, &cloud.path(&same), json!({})).await), "SYS.1007");
    let other = cloud.l2("vlan", json!({"vlan": 11})).await;
    inventory(post(local, &cloud.path(&other), json!({})).await);
    let plain = cloud.l2("no-vlan", json!({})).await;
    inventory(post(local, &cloud.path(&plain), json!({})).await);
    let detached = inventory(delete(local, &cloud.path(&first)).await);
    assert_eq!(detached["attachedClusterUuids"], json!([]));
    assert_eq!(code(&delete(local, &cloud.path(&first)).await), "SYS.1006");
    inventory(post(local, &cloud.path(&same), json!({})).await);
}

#[tokio::test]
async fn a_detached_cluster_loses_the_nics_of_its_vm_instances() {
    const VM: &str = "d0000000000040008000000000000001";
    let local = Local::sample().await;
    let vm = list(&local, &format!("/vm-instances/{VM}")).await[0].clone();
    let (zone, cluster) = (vm["zoneUuid"].clone(), vm["clusterUuid"].as_str().unwrap());
    // Networks of an inventory file have no L2 network.
    let params = json!({"name": "l2", "zoneUuid": zone, "physicalInterface": "eth0"});
    let l2 = uuid_of(&inventory(post(&local, "/l2-networks/no-vlan", params).await));
    let path = format!("l2-networks/{l2}/clusters/{cluster}");
    inventory(post(&local, &path, json!({})).await);
    let l3 =
        uuid_of(&inventory(post(&local, "/l3-networks", json!({"name": "l3", "l2NetworkUuid": l2})).await));
    let range = json!({"name": "range", "networkCidr": "10.9.0.0/24"});
    post(&local, &format!("/l3-networks/{l3}/ip-ranges/by-cidr"), range).await;
    let before = vm["vmNics"].as_array().unwrap().len();
    let (status, answer) = post(&local, &format!("/vm-instances/{VM}/l3-networks/{l3}"), json!({})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["inventory"]["vmNics"].as_array().unwrap().len(), before + 1);
    inventory(delete(&local, &path).await);
    let vm = list(&local, &format!("/vm-instances/{VM}")).await[0].clone();
    assert_eq!(vm["vmNics"].as_array().unwrap().len(), before);
}

#[tokio::test]
async fn vxlan_networks_have_numbers_of_their_pool() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let pool = cloud.l2("vxlan-pool", json!({"physicalInterface": ""})).await;
    let ranges = format!("l2-networks/vxlan-pool/{pool}/vni-ranges");
    let range = |first: i64, last: i64| json!({"name": "range", "startVni": first, "endVni": last});
    let create = async |more: Value| {
        let mut params = json!({"name": "vxlan", "poolUuid": pool});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(local, "/l2-networks/vxlan", params).await
    };
    assert_eq!(code(&create(json!({})).await), "L2.1001");
    let created = inventory(post(local, &ranges, range(100, 102)).await);
    assert_eq!((&created["startVni"], &created["l2NetworkUuid"]), (&json!(100), &json!(pool)));
    assert_eq!(code(&post(local, &ranges, range(102, 110)).await), "SYS.1007");
    assert_eq!(code(&post(local, &ranges, range(9, 8)).await), "SYS.1007");
    let network = inventory(create(json!({"vni": 101})).await);
    assert_eq!((&network["virtualNetworkId"], &network["zoneUuid"]), (&json!(101), &json!(cloud.zone)));
    assert_eq!(inventory(create(json!({})).await)["virtualNetworkId"], 100);
    assert_eq!(code(&create(json!({"vni": 101})).await), "L2.1001");
    assert_eq!(code(&create(json!({"vni": 103})).await), "L2.1001");
    let other = inventory(post(local, "/zones", json!({"name": "other"})).await);
    assert_eq!(code(&create(json!({"zoneUuid": other["uuid"]})).await), "SYS.1007");
    // The networks are attached with their pool.
    inventory(cloud.attach_pool(&pool, "10.0.0.0/24").await);
    let networks = list(local, "/l2-networks/vxlan").await;
    assert_eq!(networks.len(), 2);
    assert!(networks.iter().all(|network| network["attachedClusterUuids"] == json!([cloud.cluster])));
    let created = inventory(create(json!({})).await);
    assert_eq!(created["attachedClusterUuids"], json!([cloud.cluster]));
    // A pool has no L3 networks.
    let l3 = post(local, "/l3-networks", json!({"name": "l3", "l2NetworkUuid": pool})).await;
    assert_eq!(code(&l3), "SYS.1007");
}

#[tokio::test]
async fn the_category_of_an_l3_network_agrees_with_system() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let l2 = cloud.l2("no-vlan", json!({})).await;
    let create = async |more: Value| {
        let mut params = json!({"name": "l3", "l2NetworkUuid": l2});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(local, "/l3-networks", params).await
    };
    for wrong in [
        json!({"category": "System"}),
        json!({"category": "Public", "system": true}),
        json!({"dnsDomain": "-"}),
        json!({"type": "L4Network"}),
    ] {
        assert_eq!(code(&create(wrong.clone()).await), "SYS.1007", "{wrong}");
    }
    let network = inventory(create(json!({"category": "Public", "dnsDomain": "example.org"})).await);
    assert_eq!((&network["category"], &network["system"]), (&json!("Public"), &json!(false)));
    assert_eq!((&network["zoneUuid"], &network["isolated"]), (&json!(cloud.zone), &json!(false)));
    assert_eq!((&network["dnsDomain"], &network["type"]), (&json!("example.org"), &json!("L3BasicNetwork")));
    let path = format!("l3-networks/{}/actions", uuid_of(&network));
    let update = async |params: Value| put(local, &path, "updateL3Network", params).await;
    let changed = inventory(update(json!({"category": "Private", "name": "new"})).await);
    assert_eq!((&changed["category"], &changed["name"]), (&json!("Private"), &json!("new")));
    assert_eq!(code(&update(json!({"category": "System"})).await), "SYS.1007");
    inventory(update(json!({"category": "System", "system": true})).await);
}

#[tokio::test]
async fn entries_of_an_access_control_list_do_not_overlap() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let list = uuid_of(&inventory(post(local, "/access-control-lists", json!({"name": "list"})).await));
    let path = format!("access-control-lists/{list}/ipentries");
    let entry = inventory(post(local, &path, json!({"entries": "10.0.0.0/24,10.0.1.1"})).await);
    assert_eq!((&entry["ipEntries"], &entry["type"]), (&json!("10.0.0.0/24,10.0.1.1"), &json!("IpEntry")));
    for wrong in ["10.0.0.9", "10.0.1.0-10.0.1.9", "fd00::1", "everyone"] {
        assert_eq!(code(&post(local, &path, json!({"entries": wrong})).await), "SYS.1007", "{wrong}");
    }
    let list = get_one(local, &format!("/access-control-lists/{list}")).await;
    assert_eq!(list["entries"].as_array().unwrap().len(), 1);
    assert_eq!(delete(local, &format!("/{path}/{}", uuid_of(&entry))).await.0, 200);
}

#[tokio::test]
async fn networks_and_clusters_that_fit_are_candidates() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let vlan = cloud.l2("vlan", json!({"vlan": 10})).await;
    let params = json!({"name": "other", "zoneUuid": cloud.zone, "hypervisorType": "KVM"});
    let other = uuid_of(&inventory(post(local, "/clusters", params).await));
    let clusters = async |more: &str| {
        let found = list(local, &format!("/l2-networks/{vlan}/cluster-candidates?{more}")).await;
        found.iter().map(uuid_of).collect::<BTreeSet<_>>()
    };
    assert_eq!(clusters("").await, BTreeSet::from([cloud.cluster.clone(), other.clone()]));
    assert_eq!(clusters("limit=1").await.len(), 1);
    assert_eq!(clusters("clusterTypes=baremetal").await.len(), 0);
    inventory(post(local, &cloud.path(&vlan), json!({})).await);
    assert_eq!(clusters("").await, BTreeSet::from([other]));
    let same = cloud.l2("vlan", json!({"vlan": 10})).await;
    let pool = cloud.l2("vxlan-pool", json!({"physicalInterface": ""})).await;
    let found = list(local, &format!("/cluster/{}/l2-candidates", cloud.cluster)).await;
    assert_eq!(found.iter().map(uuid_of).collect::<Vec<_>>(), [pool]);
    assert_eq!(found[0]["type"], "VxlanNetworkPool");
    inventory(delete(local, &cloud.path(&vlan)).await);
    let found = list(local, &format!("/cluster/{}/l2-candidates", cloud.cluster)).await;
    let of_same = found.iter().find(|network| uuid_of(network) == same).unwrap();
    assert_eq!(of_same["vlan"], 10);
}

#[tokio::test]
async fn a_network_changes_its_vlan() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let plain = cloud.l2("no-vlan", json!({})).await;
    let taken = cloud.l2("vlan", json!({"vlan": 20})).await;
    for network in [&plain, &taken] {
        inventory(post(local, &cloud.path(network), json!({})).await);
    }
    let change = async |params: Value| {
        put(local, &format!("/l2-networks/{plain}/actions"), "changeL2NetworkVlanId", params).await
    };
    for wrong in [
        json!({"vlan": 10}),
        json!({"type": "L2VlanNetwork"}),
        json!({"type": "L2VlanNetwork", "vlan": 4095}),
        json!({"type": "L2VlanNetwork", "vlan": 20}),
        json!({"type": "VxlanNetwork", "vlan": 20}),
    ] {
        assert_eq!(code(&change(wrong.clone()).await), "SYS.1007", "{wrong}");
    }
    let changed = inventory(change(json!({"type": "L2VlanNetwork", "vlan": 10})).await);
    assert_eq!((&changed["type"], &changed["virtualNetworkId"]), (&json!("L2VlanNetwork"), &json!(10)));
    let found = list(local, "/l2-networks/vlan?q=vlan=10").await;
    assert_eq!((found.len(), &found[0]["vlan"]), (1, &json!(10)));
    inventory(change(json!({"vlan": 11})).await);
    let changed = inventory(change(json!({"type": "L2NoVlanNetwork"})).await);
    assert_eq!((&changed["virtualNetworkId"], changed.get("vlan")), (&json!(0), None));
    assert_eq!(list(local, "/l2-networks/vlan").await.len(), 1);
    // All hosts must be connected.
    let params = json!({"name": "host", "clusterUuid": cloud.cluster, "managementIp": "10.0.0.1", "username": "root",
        "password": "x"});
    let host = uuid_of(&inventory(post(local, "/hosts/kvm", params).await));
    put(local, &format!("/hosts/power/{host}/actions"), "shutdownHost", json!({})).await;
    assert_eq!(code(&change(json!({"type": "L2VlanNetwork", "vlan": 10})).await), "SYS.1006");
}

#[tokio::test]
async fn a_pool_has_remote_endpoints() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    let pool = cloud.l2("vxlan-pool", json!({"physicalInterface": ""})).await;
    let create = format!("l2-networks/{pool}/clusters/{}/remote-vtep-ip", cloud.cluster);
    let created = inventory(post(local, &create, json!({"remoteVtepIp": "10.0.0.9"})).await);
    assert_eq!((&created["vtepIp"], &created["port"]), (&json!("10.0.0.9"), &json!(8472)));
    let path = |ip: &str| {
        format!("l2-networks/{pool}/clusters/{}/delete/remote-vtep-ip?remoteVtepIp={ip}", cloud.cluster)
    };
    assert_eq!(code(&delete(local, &path("10.0.0.8")).await), "SYS.1006");
    assert_eq!(delete(local, &path("10.0.0.9")).await.0, 200);
    assert_eq!(code(&delete(local, &path("10.0.0.9")).await), "SYS.1006");
}

#[tokio::test]
async fn a_pool_has_an_endpoint_on_each_host() {
    let cloud = Cloud::new().await;
    let local = &cloud.local;
    for (index, ip) in ["10.0.0.7", "10.0.1.7"].iter().enumerate() {
        let params = json!({"name": format!("host-{index}"), "clusterUuid": cloud.cluster, "managementIp": ip,
            "username": "root", "password": "x"});
        inventory(post(local, "/hosts/kvm", params).await);
    }
    let pool = async || {
        let pool = cloud.l2("vxlan-pool", json!({"physicalInterface": ""})).await;
        let range = json!({"name": "range", "startVni": 100, "endVni": 200});
        inventory(post(local, &format!("/l2-networks/vxlan-pool/{pool}/vni-ranges"), range).await);
        pool
    };
    let first = pool().await;
    assert_eq!(code(&post(local, &cloud.path(&first), json!({})).await), "SYS.1007");
    assert_eq!(code(&cloud.attach_pool(&first, "10.0.0").await), "SYS.1007");
    inventory(cloud.attach_pool(&first, "10.0.0.0/24").await);
    let endpoints = list(local, &format!("/l2-networks/vteps?q=poolUuid={first}")).await;
    let ips: BTreeSet<_> = endpoints.iter().map(|endpoint| endpoint["vtepIp"].as_str().unwrap()).collect();
    assert_eq!(ips, BTreeSet::from(["10.0.0.1", "10.0.0.7"]));
    assert_eq!((&endpoints[0]["port"], &endpoints[0]["type"]), (&json!(8472), &json!("KVM_HOST_VXLAN")));
    // Pools of a cluster do not share numbers.
    assert_eq!(code(&cloud.attach_pool(&pool().await, "10.0.0.0/24").await), "SYS.1007");
    inventory(delete(local, &cloud.path(&first)).await);
    assert_eq!(list(local, "/l2-networks/vteps").await.len(), 0);
}
