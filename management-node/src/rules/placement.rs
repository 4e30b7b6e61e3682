//! The choice of a host for a VM instance.

use std::collections::HashMap;

use super::errors::{self, Verdict};
use crate::model::{Cluster, Connection, Host, PrimaryStorageCluster, Uuid, Vm, VmInstance};

/// The strategy that prefers the last host of the VM instance.
const LAST_HOST: &str = "LastHostPreferredAllocatorStrategy";

/// All clusters and hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Infrastructure {
    /// The clusters.
    pub clusters: Vec<Cluster>,
    /// The hosts, oldest first.
    pub hosts: Vec<HostLoad>,
    /// The attachments of primary storages to clusters.
    pub storages: Vec<PrimaryStorageCluster>,
    /// The administrative states of zones, clusters, hosts and primary storages, by UUID.
    pub states: HashMap<Uuid, String>,
}

/// A host with its load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLoad {
    /// The host.
    pub host: Host,
    /// The number of VM instances on it.
    pub vms: i64,
}

/// The requested cluster and host of a VM instance.
#[derive(Clone, Debug, Default)]
pub struct PlacementRequest {
    /// The UUID of the cluster.
    pub cluster_uuid: Option<Uuid>,
    /// The UUID of the host.
    pub host_uuid: Option<Uuid>,
}

impl Infrastructure {
    /// Checks that the requested cluster and host exist.
    pub(super) fn check(&self, request: &PlacementRequest) -> Verdict<()> {
        if let Some(uuid) = &request.cluster_uuid {
            self.cluster(uuid).ok_or_else(|| errors::not_found("clusterUuid", "cluster", uuid))?;
        }
        if let Some(uuid) = &request.host_uuid {
            self.host(uuid).ok_or_else(|| errors::not_found("hostUuid", "host", uuid))?;
        }
        Ok(())
    }

    /// Chooses a host for a VM instance: the requested one; else the last one, if
    /// the strategy prefers it; else the one with the fewest VM instances, and of
    /// these the oldest.
    pub(super) fn choose_host(&self, vm: &Vm, request: &PlacementRequest) -> Verdict<&Host> {
        let requested = request.host_uuid.as_deref().and_then(|host_uuid| self.host(host_uuid));
        let requested_cluster =
            request.cluster_uuid.as_ref().or(requested.map(|requested| &requested.host.cluster_uuid));
        let cluster_uuid = requested_cluster.unwrap_or(&vm.instance.cluster_uuid);
        let cluster = self.cluster(cluster_uuid).filter(|cluster| self.is_suitable(cluster, vm));
        let cluster = cluster.ok_or_else(|| {
            errors::no_host(format!(
                "The cluster [uuid:{cluster_uuid}] cannot run the VM instance [uuid:{}]: it is in another zone, has \
                 another hypervisor, or lacks one of the primary storages.",
                vm.instance.uuid
            ))
        })?;
        let candidates = || {
            self.hosts.iter().filter(|host| {
                host.host.cluster_uuid == cluster.uuid
                    && host.host.status == Connection::Connected
                    && request.host_uuid.as_ref().is_none_or(|uuid| *uuid == host.host.uuid)
            })
        };
        let last = last_host(&vm.instance)
            .and_then(|uuid| candidates().find(|candidate| candidate.host.uuid == uuid));
        let chosen = last.or_else(|| candidates().min_by_key(|candidate| candidate.vms));
        chosen.map(|chosen| &chosen.host).ok_or_else(|| {
            errors::no_host(match &request.host_uuid {
                Some(uuid) => format!(
                    "The host [uuid:{uuid}] is not Connected, or is not in the cluster [uuid:{}].",
                    cluster.uuid
                ),
                None => format!("No host of the cluster [uuid:{}] is Connected.", cluster.uuid),
            })
        })
    }

    /// The hosts on which a VM instance can be started.
    pub(crate) fn suitable_hosts(&self, vm: &Vm, request: &PlacementRequest) -> Vec<&Host> {
        let is_suitable = |load: &&HostLoad| {
            let request = PlacementRequest { host_uuid: Some(load.host.uuid.clone()), ..request.clone() };
            self.choose_host(vm, &request).is_ok()
        };
        self.hosts.iter().filter(is_suitable).map(|load| &load.host).collect()
    }

    /// Returns true if a cluster can run the VM instance, provided that it has a
    /// connected host.
    fn is_suitable(&self, cluster: &Cluster, vm: &Vm) -> bool {
        cluster.zone_uuid == vm.instance.zone_uuid
            && cluster.hypervisor_type == vm.instance.hypervisor_type
            && vm.volumes.iter().all(|volume| self.is_attached(&volume.primary_storage_uuid, &cluster.uuid))
    }

    /// Returns true if a primary storage is attached to a cluster.
    pub(super) fn is_attached(&self, storage_uuid: &str, cluster_uuid: &str) -> bool {
        self.storages.iter().any(|attachment| {
            attachment.primary_storage_uuid == storage_uuid && attachment.cluster_uuid == cluster_uuid
        })
    }

    fn cluster(&self, uuid: &str) -> Option<&Cluster> {
        self.clusters.iter().find(|cluster| cluster.uuid == uuid)
    }

    fn host(&self, uuid: &str) -> Option<&HostLoad> {
        self.hosts.iter().find(|host| host.host.uuid == uuid)
    }
}

/// The last host of a VM instance, if its strategy prefers it.
fn last_host(vm: &VmInstance) -> Option<&str> {
    vm.last_host_uuid.as_deref().filter(|_| vm.allocator_strategy.as_deref() == Some(LAST_HOST))
}
