//! Creates what VM instances need: a zone with a host, storages, networks, offerings and images.

use std::collections::BTreeMap;

use zstack_client::backup_storage::{AddSftpBackupStorage, AttachBackupStorageToZone};
use zstack_client::cluster::CreateCluster;
use zstack_client::host::AddKVMHost;
use zstack_client::image::AddImage;
use zstack_client::ip_range::AddIpRange;
use zstack_client::l2_network::{AttachL2NetworkToCluster, CreateL2NoVlanNetwork};
use zstack_client::l3_network::{
    AttachNetworkServiceToL3Network, CreateL3Network, QueryNetworkServiceProvider,
};
use zstack_client::offering::{CreateDiskOffering, CreateInstanceOffering};
use zstack_client::primary_storage::{AddLocalPrimaryStorage, AttachPrimaryStorageToCluster};
use zstack_client::zone::CreateZone;

use super::Infrastructure;
use crate::Failure;
use crate::caller::{Caller, check};

const GIB: i64 = 1 << 30;

/// The fields of networks that are printed.
const NETWORK: &[&str] = &["name", "category", "zoneUuid", "l2NetworkUuid"];

pub(super) async fn build(caller: &mut Caller) -> Result<Infrastructure, Failure> {
    let zone = caller.call("Creates a zone.", CreateZone::new("zone"), &["name", "state"]).await?;
    let zone = zone.inventory.uuid;
    let request = CreateCluster::new(&zone, "cluster", "KVM");
    let cluster = caller.call("Creates a cluster in it.", request, &["name", "state", "zoneUuid"]).await?;
    let cluster = cluster.inventory.uuid;
    let primary_storage = add_primary_storage(caller, &zone, &cluster).await?;
    let backup_storage = add_backup_storage(caller, &zone).await?;
    let l2_network = create_l2_network(caller, &zone, &cluster).await?;
    let what = "Adds a host, which connects.";
    let request = AddKVMHost::new("root", "secret", "host", "192.168.0.11", &cluster);
    let keys = ["name", "state", "status", "totalCpuCapacity", "totalMemoryCapacity"];
    let host = caller.call(what, request, &keys).await?.inventory;
    check(host.status.is_some_and(|status| status.to_string() == "Connected"), "it is connected")?;
    let private_network = create_private_network(caller, &l2_network).await?;
    let public_network = create_public_network(caller, &l2_network).await?;
    let request = CreateInstanceOffering::new("small", 2, 4 * GIB);
    let what = "Creates an instance offering: two CPUs and 4 GiB.";
    let instance_offering = caller.call(what, request, &["name", "cpuNum", "memorySize"]).await?;
    let request = CreateDiskOffering::new("data", 20 * GIB);
    let what = "Creates a disk offering of 20 GiB.";
    let disk_offering = caller.call(what, request, &["name", "diskSize"]).await?;
    let (template, iso) = add_images(caller, &backup_storage).await?;
    Ok(Infrastructure {
        zone,
        cluster,
        host: host.uuid,
        primary_storage,
        backup_storage,
        l2_network,
        private_network,
        public_network,
        instance_offering: instance_offering.inventory.uuid,
        disk_offering: disk_offering.inventory.uuid,
        template,
        iso,
    })
}

async fn add_primary_storage(caller: &mut Caller, zone: &str, cluster: &str) -> Result<String, Failure> {
    let what = "Adds the local disks of hosts as a primary storage.";
    let request = AddLocalPrimaryStorage::new("/zstack_ps", "local", zone);
    let storage = caller.call(what, request, &["name", "type", "state", "status"]).await?.inventory;
    let request = AttachPrimaryStorageToCluster::new(cluster, &storage.uuid);
    let keys = ["name", "attachedClusterUuids"];
    let attached = caller.call("Makes it available to the cluster.", request, &keys).await?.inventory;
    let clusters = attached.and_then(|storage| storage.attached_cluster_uuids).unwrap_or_default();
    check(clusters.iter().any(|uuid| uuid == cluster), "the cluster uses it")?;
    Ok(storage.uuid)
}

async fn add_backup_storage(caller: &mut Caller, zone: &str) -> Result<String, Failure> {
    let what = "Adds a backup storage, which keeps images.";
    let request = AddSftpBackupStorage::new("192.168.0.10", "root", "secret", "/zstack_bs", "images");
    let storage = caller.call(what, request, &["name", "type", "state", "status"]).await?.inventory;
    let request = AttachBackupStorageToZone::new(zone, &storage.uuid);
    caller.call("Makes it available to the zone.", request, &["name", "attachedZoneUuids"]).await?;
    Ok(storage.uuid)
}

async fn create_l2_network(caller: &mut Caller, zone: &str, cluster: &str) -> Result<String, Failure> {
    let what = "Creates an L2 network on an interface of the hosts.";
    let request = CreateL2NoVlanNetwork::new("l2", zone, "eth0");
    let network = caller.call(what, request, &["name", "type", "physicalInterface"]).await?.inventory;
    let request = AttachL2NetworkToCluster::new(&network.uuid, cluster);
    let keys = ["name", "attachedClusterUuids"];
    caller.call("Makes it available to the cluster.", request, &keys).await?;
    Ok(network.uuid)
}

async fn create_private_network(caller: &mut Caller, l2_network: &str) -> Result<String, Failure> {
    let what = "Creates the network of the VM instance.";
    let request = CreateL3Network::new("private", l2_network).category("Private");
    let network = caller.call(what, request, NETWORK).await?.inventory.uuid;
    let what = "Gives it a range of addresses.";
    let request = AddIpRange::new(&network, "private", "10.0.0.2", "10.0.0.254", "255.255.255.0");
    caller.call(what, request.gateway("10.0.0.1"), &["startIp", "endIp", "networkCidr"]).await?;
    let what = "Lists what provides services to networks.";
    let providers = caller.call(what, QueryNetworkServiceProvider::default(), &["name", "type"]).await?;
    let providers = providers.inventories.unwrap_or_default();
    let provider = |kind: &str| {
        let found = providers.iter().find(|provider| provider.r#type.as_deref() == Some(kind));
        found.map(|provider| provider.uuid.clone()).ok_or(format!("no provider has the type {kind}"))
    };
    let services = BTreeMap::from([
        (provider("Flat")?, vec!["DHCP".to_owned(), "Userdata".to_owned(), "Eip".to_owned()]),
        (provider("SecurityGroup")?, vec!["SecurityGroup".to_owned()]),
    ]);
    let request = AttachNetworkServiceToL3Network::new(&network, services);
    let what = "Turns on DHCP, elastic IP addresses and security groups.";
    caller.call(what, request, &["name", "networkServices"]).await?;
    Ok(network)
}

async fn create_public_network(caller: &mut Caller, l2_network: &str) -> Result<String, Failure> {
    let what = "Creates the network of elastic IP addresses.";
    let request = CreateL3Network::new("public", l2_network).category("Public");
    let network = caller.call(what, request, NETWORK).await?.inventory.uuid;
    let what = "Gives it a range of addresses.";
    let request = AddIpRange::new(&network, "public", "203.0.113.10", "203.0.113.20", "255.255.255.0");
    caller.call(what, request.gateway("203.0.113.1"), &["startIp", "endIp", "networkCidr"]).await?;
    Ok(network)
}

async fn add_images(caller: &mut Caller, backup_storage: &str) -> Result<(String, String), Failure> {
    let keys = ["name", "mediaType", "format", "status"];
    let on = [backup_storage];
    let request = AddImage::new("linux", "http://images.example/linux.qcow2", on).format("qcow2");
    let template = caller.call("Adds a template for root volumes.", request, &keys).await?.inventory;
    check(template.status.is_some_and(|status| status.to_string() == "Ready"), "it is ready")?;
    let request = AddImage::new("rescue", "http://images.example/rescue.iso", on);
    let request = request.format("iso").media_type("ISO");
    let iso = caller.call("Adds an ISO image.", request, &keys).await?.inventory;
    Ok((template.uuid, iso.uuid))
}
