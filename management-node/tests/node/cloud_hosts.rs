//! Tests of hosts: states, capacities, power, updates, and the places for new VM instances.

use serde_json::{Value, json};

use crate::calls::{list, post, put, read, uuid_of};
use crate::local::sample::{KVM_1, KVM_2, RESCUE, TEMPLATE, WEB_1};
use crate::local::{Local, code, inventory};

const ZONE: &str = "20000000000040008000000000000001";
const CLUSTER: &str = "c1000000000040008000000000000001";
const NETWORK: &str = "13000000000040008000000000000001";
const LOCAL_STORAGE: &str = "95000000000040008000000000000002";

async fn find_first(local: &Local, path: &str) -> Value {
    list(local, path).await[0].clone()
}

async fn host(local: &Local, uuid: &str) -> Value {
    find_first(local, &format!("hosts/{uuid}")).await
}

fn uuids(answer: &Value, field: &str) -> Vec<String> {
    answer[field].as_array().unwrap().iter().map(uuid_of).collect()
}

#[tokio::test]
async fn hosts_follow_the_state_of_their_cluster_and_zone() {
    let local = Local::sample().await;
    let change = async |path: &str, action: &str, event: &str| {
        inventory(put(&local, &format!("/{path}/actions"), action, json!({"stateEvent": event})).await);
    };
    let states = async || {
        let cluster = find_first(&local, &format!("clusters/{CLUSTER}")).await["state"].clone();
        [cluster, host(&local, KVM_1).await["state"].clone(), host(&local, KVM_2).await["state"].clone()]
    };
    let (zone, cluster) = (format!("zones/{ZONE}"), format!("clusters/{CLUSTER}"));
    change(&format!("hosts/{KVM_2}"), "changeHostState", "maintain").await;
    for (path, action, event, expected) in [
        (&cluster, "changeClusterState", "disable", ["Disabled", "Disabled", "Maintenance"]),
        (&cluster, "changeClusterState", "enable", ["Enabled", "Enabled", "Maintenance"]),
        (&zone, "changeZoneState", "disable", ["Disabled", "Disabled", "Maintenance"]),
        (&zone, "changeZoneState", "disable", ["Disabled", "Disabled", "Maintenance"]),
        (&zone, "changeZoneState", "enable", ["Enabled", "Enabled", "Maintenance"]),
    ] {
        change(path, action, event).await;
        assert_eq!(states().await, expected, "{action} {event}");
    }
    // A disabled zone takes no new VM instances.
    change(&zone, "changeZoneState", "disable").await;
    let params = json!({"name": "vm", "imageUuid": TEMPLATE, "l3NetworkUuids": [NETWORK], "zoneUuid": ZONE,
        "cpuNum": 1, "memorySize": 1 << 30});
    assert_eq!(code(&post(&local, "/vm-instances", params).await), "SYS.1006");
}

#[tokio::test]
async fn vm_instances_take_from_the_capacity_of_their_host() {
    let local = Local::sample().await;
    let used = async |host: &str| {
        let vms = list(&local, &format!("/vm-instances?q=hostUuid={host}")).await;
        let sum = |field: &str| vms.iter().map(|vm| vm[field].as_i64().unwrap()).sum::<i64>();
        (sum("cpuNum"), sum("memorySize"))
    };
    let (cpus, memory) = used(KVM_1).await;
    assert!(cpus > 0);
    let before = host(&local, KVM_1).await;
    assert_eq!((&before["cpuNum"], &before["totalCpuCapacity"]), (&json!(32), &json!(320)));
    assert_eq!(before["availableCpuCapacity"], 320 - cpus);
    let total = before["totalMemoryCapacity"].as_i64().unwrap();
    assert_eq!(before["availableMemoryCapacity"], total - memory);

    let vm = find_first(&local, &format!("vm-instances/{WEB_1}")).await;
    let of_vm = vm["hostUuid"].as_str().unwrap();
    let free = host(&local, of_vm).await["availableCpuCapacity"].as_i64().unwrap();
    inventory(local.stop(WEB_1).await);
    assert_eq!(host(&local, of_vm).await["availableCpuCapacity"], free + vm["cpuNum"].as_i64().unwrap());

    let capacity = async |query: &str| read(&local, &format!("/hosts/capacities/cpu-memory?{query}")).await;
    let of_all = capacity("all=true").await;
    assert_eq!((&of_all["totalCpu"], &of_all["managedCpuNum"]), (&json!(960), &json!(96)));
    assert_eq!(
        (&of_all["resourceType"], &of_all["capacityData"][0]["resourceUuid"]),
        (&json!("ZoneVO"), &json!(ZONE))
    );
    let of_host = capacity(&format!("hostUuids={KVM_1}&zoneUuids={ZONE}")).await;
    assert_eq!((&of_host["totalCpu"], &of_host["resourceType"]), (&json!(320), &json!("HostVO")));
    assert_eq!(of_host["availableCpu"], host(&local, KVM_1).await["availableCpuCapacity"]);
    assert_eq!(of_host["capacityData"][0]["totalMemory"], total);
    assert_eq!(capacity("all=true&hypervisorType=ESX").await["totalCpu"], 0);
    let missing = local.send("GET", "/zstack/v1/hosts/capacities/cpu-memory", "").await;
    assert_eq!(code(&missing), "SYS.1007");

    // The ratio of a cluster overrides the global one.
    let path = "global-configurations/host/cpu.overProvisioning.ratio/actions";
    inventory(put(&local, path, "updateGlobalConfig", json!({"value": "2"})).await);
    assert_eq!(host(&local, KVM_1).await["totalCpuCapacity"], 64);
    let path = format!("resource-configurations/host/cpu.overProvisioning.ratio/{CLUSTER}/actions");
    inventory(put(&local, &path, "updateResourceConfig", json!({"value": "3"})).await);
    assert_eq!(host(&local, KVM_1).await["totalCpuCapacity"], 96);
    let params = json!({"name": "simulated", "clusterUuid": CLUSTER, "managementIp": "10.0.0.9",
        "memoryCapacity": 1 << 30, "cpuCapacity": 50});
    let simulated = inventory(post(&local, "/hosts/simulators", params).await);
    assert_eq!(
        (&simulated["totalCpuCapacity"], &simulated["availableMemoryCapacity"]),
        (&json!(50), &json!(1 << 30))
    );
}

#[tokio::test]
async fn a_local_storage_has_a_capacity_on_each_host() {
    let local = Local::sample().await;
    let path = format!("primary-storage/local-storage/{LOCAL_STORAGE}/capacities");
    let capacities = list(&local, &path).await;
    let total = find_first(&local, &format!("primary-storage?q=uuid={LOCAL_STORAGE}")).await["totalCapacity"]
        .as_i64()
        .unwrap();
    let hosts: Vec<_> = capacities.iter().map(|capacity| capacity["hostUuid"].as_str().unwrap()).collect();
    assert_eq!(hosts, [KVM_1, KVM_2]);
    assert_eq!(capacities[0]["totalCapacity"], total / 2);
    // Volumes of VM instances take from the host on which these are.
    let volumes = list(&local, &format!("/volumes?q=primaryStorageUuid={LOCAL_STORAGE}")).await;
    assert!(!volumes.is_empty());
    let free: i64 = capacities.iter().map(|capacity| capacity["availableCapacity"].as_i64().unwrap()).sum();
    assert!(free < total, "{capacities:?}");
    let one_host = list(&local, &format!("/{path}?hostUuid={KVM_2}")).await;
    assert_eq!(one_host, [capacities[1].clone()]);
    let other =
        format!("/zstack/v1/primary-storage/local-storage/{}/capacities", "95000000000040008000000000000001");
    assert_eq!(code(&local.send("GET", &other, "").await), "SYS.1007");
}

#[tokio::test]
async fn a_host_without_power_runs_no_vm_instances() {
    let local = Local::sample().await;
    let vm = find_first(&local, &format!("vm-instances/{WEB_1}")).await;
    let host_uuid = vm["hostUuid"].as_str().unwrap();
    let path = format!("hosts/power/{host_uuid}/actions");
    let act = async |action: &str| inventory(put(&local, &path, action, json!({})).await);
    assert_eq!(act("getHostPowerStatus").await["ipmiPowerStatus"], "UN_CONFIGURED");
    let ipmi = json!({"ipmiAddress": "10.1.1.1", "ipmiUsername": "admin", "ipmiPassword": "secret"});
    let (status, answer) =
        put(&local, &format!("/hosts/ipmi/{host_uuid}/actions"), "updateHostIpmi", ipmi).await;
    assert_eq!(status, 200, "{answer}");
    let of_ipmi = &answer["hostIpmiInventory"];
    assert_eq!((&of_ipmi["ipmiAddress"], &of_ipmi["ipmiPort"]), (&json!("10.1.1.1"), &json!(623)));
    assert_eq!((&of_ipmi["ipmiPowerStatus"], of_ipmi.get("name")), (&json!("POWER_ON"), None));
    assert_eq!(host(&local, host_uuid).await["ipmiUsername"], "admin");

    let shell = json!({"params": {"uuid": host_uuid, "userName": "root", "password": "x"}}).to_string();
    let terminal = async || local.send("POST", "/zstack/v1/hosts/webssh", &shell).await;
    let (status, answer) = terminal().await;
    assert!(status == 200 && answer["url"].as_str().unwrap().starts_with("ws://"), "{answer}");

    let off = act("shutdownHost").await;
    assert_eq!((&off["status"], &off["ipmiPowerStatus"]), (&json!("Disconnected"), &json!("POWER_OFF")));
    let stopped = find_first(&local, &format!("vm-instances/{WEB_1}")).await;
    assert_eq!((&stopped["state"], stopped.get("hostUuid")), (&json!("Stopped"), None));
    assert_eq!(act("getHostPowerStatus").await["ipmiPowerStatus"], "POWER_OFF");
    assert_eq!(code(&terminal().await), "SYS.1006");
    let on = act("powerOnHost").await;
    assert_eq!((&on["status"], &on["ipmiPowerStatus"]), (&json!("Connected"), &json!("POWER_ON")));
    inventory(local.start(WEB_1).await);
    assert_eq!(act("powerResetHost").await["status"], "Connected");
    // A VM instance also stops when its host is deleted.
    let body = json!({"startVmInstance": {"hostUuid": host_uuid}}).to_string();
    let started = local.send("PUT", &format!("/zstack/v1/vm-instances/{WEB_1}/actions"), &body).await;
    assert_eq!(inventory(started)["hostUuid"], host_uuid);
    assert_eq!(local.send("DELETE", &format!("/zstack/v1/hosts/{host_uuid}"), "").await.0, 200);
    let stopped = find_first(&local, &format!("vm-instances/{WEB_1}")).await;
    assert_eq!((&stopped["state"], stopped.get("hostUuid")), (&json!("Stopped"), None));
}

#[tokio::test]
async fn vm_instances_leave_a_host_in_maintenance() {
    let local = Local::sample().await;
    let running = list(&local, &format!("/vm-instances?q=hostUuid={KVM_1}")).await;
    assert!(!running.is_empty());
    let change = async |host: &str| {
        put(&local, &format!("/hosts/{host}/actions"), "changeHostState", json!({"stateEvent": "maintain"}))
            .await
    };
    assert_eq!(inventory(change(KVM_1).await)["state"], "Maintenance");
    assert_eq!(list(&local, &format!("/vm-instances?q=hostUuid={KVM_1}")).await.len(), 0);
    for vm in &running {
        let now = find_first(&local, &format!("vm-instances/{}", uuid_of(vm))).await;
        let local_disks =
            format!("volumes?q=vmInstanceUuid={}&q=primaryStorageUuid={LOCAL_STORAGE}", uuid_of(vm));
        if list(&local, &local_disks).await.is_empty() {
            assert_eq!((&now["hostUuid"], &now["state"]), (&json!(KVM_2), &vm["state"]));
        } else {
            assert_eq!((now.get("hostUuid"), &now["state"]), (None, &json!("Stopped")));
        }
        assert_eq!(now["lastHostUuid"], KVM_1);
    }
    // Without another host, all stop.
    inventory(change(KVM_2).await);
    assert_eq!(list(&local, "/vm-instances?q=state=Running").await.len(), 0);
    put(&local, &format!("/hosts/power/{KVM_2}/actions"), "shutdownHost", json!({})).await;
    assert_eq!(code(&change(KVM_2).await), "SYS.1006");
}

#[tokio::test]
async fn a_kvm_host_has_an_address_and_an_architecture() {
    let local = Local::sample().await;
    let add = async |cluster: &str, address: &str| {
        let params = json!({"name": "host", "clusterUuid": cluster, "managementIp": address, "username": "root",
            "password": "x"});
        post(&local, "/hosts/kvm", params).await
    };
    let cluster = async |hypervisor: &str| {
        let params = json!({"name": "cluster", "zoneUuid": ZONE, "hypervisorType": hypervisor});
        uuid_of(&inventory(post(&local, "/clusters", params).await))
    };
    let kvm = cluster("KVM").await;
    let host = inventory(add(&kvm, "10.0.0.1").await);
    assert_eq!((&host["architecture"], &host["hypervisorType"]), (&json!("x86_64"), &json!("KVM")));
    assert_eq!((&host["zoneUuid"], &host["sshPort"]), (&json!(ZONE), &json!(22)));
    assert_eq!(find_first(&local, &format!("clusters/{kvm}")).await["architecture"], "x86_64");
    for (cluster, address, expected) in [
        (&kvm, "10.0.0.1", "SYS.1007"),
        (&kvm, "10.0.0.256", "SYS.1007"),
        (&cluster("Simulator").await, "10.0.0.2", "SYS.1006"),
    ] {
        assert_eq!(code(&add(cluster, address).await), expected, "{address}");
    }
}

#[tokio::test]
async fn hosts_are_updated_by_a_long_job() {
    let local = Local::sample().await;
    let path = format!("clusters/{CLUSTER}/actions");
    let update = async |params: Value| put(&local, &path, "updateClusterOS", params).await;
    let job = inventory(update(json!({"hostUuid": KVM_1})).await);
    assert_eq!((&job["state"], &job["targetResourceUuid"]), (&json!("Succeeded"), &json!(CLUSTER)));
    assert_eq!(
        find_first(&local, &format!("longjobs/{}", uuid_of(&job))).await["jobName"],
        "APIUpdateClusterOSMsg"
    );
    put(&local, &format!("/hosts/power/{KVM_2}/actions"), "shutdownHost", json!({})).await;
    assert_eq!(code(&update(json!({})).await), "SYS.1007");
    inventory(update(json!({"hostUuid": KVM_1})).await);
    let params = json!({"name": "other", "zoneUuid": ZONE, "hypervisorType": "Simulator"});
    let other = uuid_of(&inventory(post(&local, "/clusters", params).await));
    let refused = put(&local, &format!("/clusters/{other}/actions"), "updateClusterOS", json!({})).await;
    assert_eq!(code(&refused), "SYS.1007");
    let refused =
        put(&local, &format!("/clusters/{other}/actions"), "updateClusterOS", json!({"hostUuid": KVM_1}))
            .await;
    assert_eq!(code(&refused), "SYS.1007");
}

#[tokio::test]
async fn interfaces_have_modes_of_lldp() {
    const INTERFACE: &str = "ab000000000040008000000000000001";
    let local = Local::sample().await;
    let change = async |params: Value| {
        put(&local, "/hostNetworkInterface/lldp/actions", "changeHostNetworkInterfaceLldpMode", params).await
    };
    let (_, answer) = change(json!({"interfaceUuids": [INTERFACE]})).await;
    assert_eq!(answer["inventories"][0]["mode"], "rx_only", "{answer}");
    change(json!({"interfaceUuids": [INTERFACE], "mode": "rx_and_tx"})).await;
    let settings = list(&local, "/hostNetworkInterface/lldp/all").await;
    assert_eq!((settings.len(), &settings[0]["mode"]), (1, &json!("rx_and_tx")));
    let known = read(&local, &format!("/hostNetworkInterface/lldp/{INTERFACE}/info")).await;
    assert_eq!(known["lldp"]["lldpUuid"], settings[0]["uuid"]);
    assert_eq!(code(&change(json!({"interfaceUuids": ["eth0"]})).await), "SYS.1007");
    let unknown = format!("/zstack/v1/hostNetworkInterface/lldp/{KVM_1}/info");
    assert_eq!(code(&local.send("GET", &unknown, "").await), "SYS.1003");
}

#[tokio::test]
async fn lists_have_fixed_items() {
    let local = Local::sample().await;
    for (path, field, item) in [
        ("hosts/hypervisor-types", "hypervisorTypes", "KVM"),
        ("hosts/allocators/strategies", "strategies", "LeastVmPreferredHostAllocatorStrategy"),
        ("l2-networks/types", "types", "L2VlanNetwork"),
        ("l2-networks/vSwitchTypes", "types", "LinuxBridge"),
    ] {
        let answer = read(&local, path).await;
        assert!(answer[field].as_array().unwrap().contains(&json!(item)), "{answer}");
    }
    for path in [
        format!("hosts/task-details?hostUuids={KVM_1}"),
        format!("vm-instances/task-details?vmInstanceUuids={WEB_1}"),
        "core/task-details".to_owned(),
    ] {
        assert_eq!(read(&local, &path).await["results"], json!({}), "{path}");
    }
    let unknown = format!("/zstack/v1/hosts/task-details?hostUuids={WEB_1}");
    assert_eq!(code(&local.send("GET", &unknown, "").await), "SYS.1003");
}

#[tokio::test]
async fn a_new_vm_instance_has_places_and_storages() {
    let local = Local::sample().await;
    let places = async |more: &str| {
        let path = format!(
            "vm-instances/candidate-destinations?imageUuid={TEMPLATE}&l3NetworkUuids={NETWORK}{more}"
        );
        read(&local, &path).await
    };
    let found = places("").await;
    assert_eq!(uuids(&found, "hosts"), [KVM_1, KVM_2]);
    assert_eq!(
        (uuids(&found, "clusters"), uuids(&found, "zones")),
        (vec![CLUSTER.to_owned()], vec![ZONE.to_owned()])
    );
    for (more, count) in [
        ("&cpuNum=320", 0),
        ("&cpuNum=2&memorySize=1073741824", 2),
        ("&memorySize=999999999999999", 0),
        ("&rootDiskSize=9999999999999999", 0),
    ] {
        assert_eq!(uuids(&places(more).await, "hosts").len(), count, "{more}");
    }
    put(&local, &format!("/hosts/{KVM_1}/actions"), "changeHostState", json!({"stateEvent": "disable"}))
        .await;
    assert_eq!(uuids(&places("").await, "hosts"), [KVM_2]);

    let offering = json!({"name": "disk", "diskSize": 1 << 30});
    let offering = uuid_of(&inventory(post(&local, "/disk-offerings", offering).await));
    let path = format!(
        "vm-instances/candidate-storages?imageUuid={TEMPLATE}&l3NetworkUuids={NETWORK}\
         &dataDiskOfferingUuids={offering}&dataDiskSizes=9999999999999999"
    );
    let found = read(&local, &path).await;
    let root = uuids(&found, "rootVolumePrimaryStorages");
    assert!(root.contains(&LOCAL_STORAGE.to_owned()), "{root:?}");
    let data = &found["dataVolumePrimaryStorages"];
    assert_eq!(uuids(data, &offering), root);
    assert_eq!(data["9999999999999999"], json!([]));

    let backups = format!("backupStorage-l3networks/dependencies?zoneUuid={ZONE}");
    let storages = list(&local, &format!("/{backups}&l3NetworkUuids={NETWORK}")).await;
    assert!(!storages.is_empty());
    let networks = list(&local, &format!("/{backups}&backupStorageUuid={}", uuid_of(&storages[0]))).await;
    assert!(networks.iter().any(|network| network["uuid"] == NETWORK));
    let images = format!("images-l3networks/dependencies?zoneUuid={ZONE}");
    let found = list(&local, &format!("/{images}&l3NetworkUuids={NETWORK}")).await;
    assert!(found.iter().any(|image| image["uuid"] == RESCUE));
    let networks = list(&local, &format!("/{images}&imageUuid={TEMPLATE}")).await;
    assert!(networks.iter().any(|network| network["uuid"] == NETWORK));
    for path in [&backups, &images] {
        assert_eq!(code(&local.send("GET", &format!("/zstack/v1/{path}"), "").await), "SYS.1007");
    }
    for cluster in list(&local, "/clusters").await {
        let path = format!("clusters/{}/actions", uuid_of(&cluster));
        inventory(put(&local, &path, "changeClusterState", json!({"stateEvent": "disable"})).await);
    }
    let path = format!("/zstack/v1/{images}&imageUuid={TEMPLATE}&raiseException=true");
    assert_eq!(code(&local.send("GET", &path, "").await), "SYS.1006");
}
