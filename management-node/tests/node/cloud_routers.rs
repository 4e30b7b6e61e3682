//! Tests of virtual routers, their offerings and route tables.

use serde_json::{Value, json};

use crate::calls::{delete, list, post, put, uuid_of};
use crate::local::sample::{DB_1, KVM_1, KVM_2, RESCUE, TEMPLATE};
use crate::local::{Local, code, inventory};

const ZONE: &str = "20000000000040008000000000000001";
const OFFICE: &str = "13000000000040008000000000000001";
const OFFERINGS: &str = "instance-offerings/virtual-routers";

async fn find_first(local: &Local, path: &str) -> Value {
    list(local, path).await[0].clone()
}

/// Creates a public network with addresses in the zone of the sample.
async fn public(local: &Local, part: u8) -> String {
    let params = json!({"name": "l2", "zoneUuid": ZONE, "physicalInterface": format!("eth{part}")});
    let l2 = uuid_of(&inventory(post(local, "/l2-networks/no-vlan", params).await));
    let cluster = uuid_of(&find_first(local, "clusters").await);
    inventory(post(local, &format!("/l2-networks/{l2}/clusters/{cluster}"), json!({})).await);
    let params = json!({"name": "public", "l2NetworkUuid": l2, "category": "Public"});
    let l3 = uuid_of(&inventory(post(local, "/l3-networks", params).await));
    let range = json!({"name": "range", "networkCidr": format!("203.0.{part}.0/24")});
    inventory(post(local, &format!("/l3-networks/{l3}/ip-ranges/by-cidr"), range).await);
    l3
}

fn offering(more: Value) -> Value {
    let mut params = json!({
        "name": "router", "zoneUuid": ZONE, "managementNetworkUuid": OFFICE, "imageUuid": TEMPLATE, "cpuNum": 2,
        "memorySize": 1 << 30, "cpuSpeed": 1,
    });
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

#[tokio::test]
async fn an_offering_has_networks_of_its_zone() {
    let local = Local::sample().await;
    let first = inventory(post(&local, OFFERINGS, offering(json!({"isDefault": true}))).await);
    assert_eq!((&first["type"], &first["publicNetworkUuid"]), (&json!("VirtualRouter"), &json!(OFFICE)));
    let second = inventory(post(&local, OFFERINGS, offering(json!({"isDefault": true}))).await);
    let path = |offering: &Value| format!("{OFFERINGS}/{}", uuid_of(offering));
    assert_eq!(find_first(&local, &path(&first)).await["isDefault"], false);
    let update = async |offering: &Value, params: Value| {
        put(&local, &format!("/{}/actions", path(offering)), "updateVirtualRouterOffering", params).await
    };
    let changed = inventory(update(&first, json!({"name": "new", "isDefault": true})).await);
    assert_eq!((&changed["name"], &changed["isDefault"]), (&json!("new"), &json!(true)));
    assert_eq!(find_first(&local, &path(&second)).await["isDefault"], false);
    assert_eq!(code(&update(&first, json!({"imageUuid": RESCUE})).await), "SYS.1007");
    let other = uuid_of(&inventory(post(&local, "/zones", json!({"name": "other"})).await));
    for wrong in [json!({"zoneUuid": other}), json!({"imageUuid": RESCUE})] {
        assert_eq!(code(&post(&local, OFFERINGS, offering(wrong.clone())).await), "SYS.1007", "{wrong}");
    }
    let services = json!({"networkServices": {"vrouter": ["SNAT"]}});
    inventory(post(&local, &format!("/l3-networks/{OFFICE}/network-services"), services).await);
    assert_eq!(code(&post(&local, OFFERINGS, offering(json!({}))).await), "SYS.1007");
}

#[tokio::test]
async fn a_vpc_router_runs_on_a_host() {
    let local = Local::sample().await;
    let network = public(&local, 7).await;
    let params = offering(json!({"publicNetworkUuid": network}));
    let offering = uuid_of(&inventory(post(&local, OFFERINGS, params).await));
    let create = async |more: Value| {
        let mut params = json!({"name": "vpc", "virtualRouterOfferingUuid": offering});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&local, "/vpc/virtual-routers", params).await
    };
    let router = inventory(create(json!({"hostUuid": KVM_2})).await);
    assert_eq!((&router["state"], &router["type"]), (&json!("Running"), &json!("ApplianceVm")));
    assert_eq!((&router["hostUuid"], &router["cpuNum"]), (&json!(KVM_2), &json!(2)));
    let nics: Vec<_> =
        router["vmNics"].as_array().unwrap().iter().map(|nic| nic["l3NetworkUuid"].clone()).collect();
    assert_eq!(nics, [network.as_str(), OFFICE]);
    assert_eq!(router["vmNics"][0]["ip"], "203.0.7.2");
    assert_eq!(router["allVolumes"][0]["uuid"], router["rootVolumeUuid"]);
    assert_eq!(router["allVolumes"][0]["status"], "Ready");
    let uuid_of_router = uuid_of(&router);
    for path in ["vm-instances/appliances", "vm-instances/appliances/virtual-routers"] {
        let found = find_first(&local, path).await;
        assert_eq!(
            (&found["uuid"], &found["applianceVmType"]),
            (&json!(uuid_of_router), &json!("vpcvrouter")),
            "{path}"
        );
        assert_eq!((&found["publicNetworkUuid"], &found["status"]), (&json!(network), &json!("Connected")));
    }
    // The router takes from the capacity of its host.
    let capacity = async |host: &str| {
        find_first(&local, &format!("hosts/{host}")).await["availableCpuCapacity"].as_i64().unwrap()
    };
    let free = capacity(KVM_1).await;
    inventory(create(json!({"hostUuid": KVM_1})).await);
    assert_eq!(capacity(KVM_1).await, free - 2);
    let other = uuid_of(&inventory(post(&local, "/zones", json!({"name": "other"})).await));
    assert_eq!(code(&create(json!({"zoneUuid": other})).await), "HOST_ALLOCATION.1000");

    let actions = format!("vm-instances/appliances/virtual-routers/{uuid_of_router}");
    let provisioned = inventory(
        put(&local, &format!("/{actions}/provision"), "provisionVirtualRouterConfig", json!({})).await,
    );
    assert_eq!(provisioned["uuid"], json!(uuid_of_router));
    let free_network = public(&local, 8).await;
    let found = list(&local, &format!("/{actions}/attachable-public-l3s")).await;
    assert!(found.iter().any(|network| network["uuid"] == *free_network));
    for wrong in [&network, &free_network, OFFICE] {
        let params = json!({"defaultRouteL3NetworkUuid": wrong});
        let refused = put(&local, &format!("/{actions}/actions"), "updateVirtualRouter", params).await;
        assert_eq!(code(&refused), "SYS.1007", "{wrong}");
    }
    let unchanged =
        inventory(put(&local, &format!("/{actions}/actions"), "updateVirtualRouter", json!({})).await);
    assert_eq!(unchanged["defaultRouteL3NetworkUuid"], json!(network));
}

#[tokio::test]
async fn a_route_table_is_attached_to_routers() {
    let local = Local::sample().await;
    let offering = uuid_of(&inventory(post(&local, OFFERINGS, offering(json!({}))).await));
    let params = json!({"name": "vpc", "virtualRouterOfferingUuid": offering});
    let router = uuid_of(&inventory(post(&local, "/vpc/virtual-routers", params).await));
    let table = uuid_of(&inventory(post(&local, "/vrouter-route-tables", json!({"name": "table"})).await));
    let attach = async |router: &str| {
        let path = format!("vrouter-route-tables/{table}/attach");
        post(&local, &path, json!({"virtualRouterVmUuid": router})).await
    };
    let attached = inventory(attach(&router).await);
    assert_eq!(
        attached["attachedRouterRefs"],
        json!([{"routeTableUuid": table, "virtualRouterVmUuid": router}])
    );
    assert_eq!(code(&attach(&router).await), "SYS.1006");
    assert_eq!(code(&attach(DB_1).await), "SYS.1003");
    let path = format!("vrouter-route-tables/{table}/detach/{router}");
    assert_eq!(inventory(delete(&local, &path).await)["attachedRouterRefs"], json!([]));
    assert_eq!(code(&delete(&local, &path).await), "SYS.1006");
}
