//! Where a VM instance can run, and which host it gets.

use super::errors::{self, Verdict};
use crate::model::{Cluster, Connection, Host, PrimaryStorageCluster, Uuid, Vm, VmInstance};

/// The strategy that goes back to the host of the last time.
const LAST_HOST: &str = "LastHostPreferredAllocatorStrategy";

/// All clusters and hosts there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The clusters.
    pub clusters: Vec<Cluster>,
    /// The hosts, oldest first.
    pub hosts: Vec<HostLoad>,
    /// Which primary storages serve which clusters.
    pub storages: Vec<PrimaryStorageCluster>,
}

/// A host with what is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLoad {
    /// The host.
    pub host: Host,
    /// How many VM instances are on it.
    pub vms: i64,
}

/// Where a VM instance is to start.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// In this cluster.
    pub cluster_uuid: Option<Uuid>,
    /// On this host.
    pub host_uuid: Option<Uuid>,
}

impl Places {
    /// What is wished for exists.
    pub(super) fn check(&self, wish: &Wish) -> Verdict<()> {
        if let Some(uuid) = &wish.cluster_uuid {
            self.cluster(uuid).ok_or_else(|| errors::not_found("clusterUuid", "cluster", uuid))?;
        }
        if let Some(uuid) = &wish.host_uuid {
            self.host(uuid).ok_or_else(|| errors::not_found("hostUuid", "host", uuid))?;
        }
        Ok(())
    }

    /// A host for a VM instance that starts: the one wished for; else, if the
    /// strategy says so, the last one; else the one with the fewest VM
    /// instances, and of those the oldest.
    pub(super) fn choose(&self, vm: &Vm, wish: &Wish) -> Verdict<&Host> {
        let wished = wish.host_uuid.as_deref().and_then(|host_uuid| self.host(host_uuid));
        let elsewhere = wish.cluster_uuid.as_ref().or(wished.map(|it| &it.host.cluster_uuid));
        let cluster_uuid = elsewhere.unwrap_or(&vm.instance.cluster_uuid);
        let cluster = self.cluster(cluster_uuid).filter(|cluster| self.suits(cluster, vm));
        let cluster = cluster.ok_or_else(|| {
            errors::no_host(format!(
                "The cluster [uuid:{cluster_uuid}] cannot run the VM instance [uuid:{}]: it is in another zone, has \
                 another hypervisor, or not all of its primary storages.",
                vm.instance.uuid
            ))
        })?;
        let candidates = || {
            self.hosts.iter().filter(|host| {
                host.host.cluster_uuid == cluster.uuid
                    && host.host.status == Connection::Connected
                    && wish.host_uuid.as_ref().is_none_or(|uuid| *uuid == host.host.uuid)
            })
        };
        let last = last_host(&vm.instance)
            .and_then(|uuid| candidates().find(|candidate| candidate.host.uuid == uuid));
        let chosen = last.or_else(|| candidates().min_by_key(|candidate| candidate.vms));
        chosen.map(|it| &it.host).ok_or_else(|| {
            errors::no_host(match &wish.host_uuid {
                Some(uuid) => format!(
                    "The host [uuid:{uuid}] is not Connected, or not in the cluster [uuid:{}].",
                    cluster.uuid
                ),
                None => format!("No host of the cluster [uuid:{}] is Connected.", cluster.uuid),
            })
        })
    }

    /// Whether a cluster can run the VM instance, hosts aside.
    fn suits(&self, cluster: &Cluster, vm: &Vm) -> bool {
        cluster.zone_uuid == vm.instance.zone_uuid
            && cluster.hypervisor_type == vm.instance.hypervisor_type
            && vm.volumes.iter().all(|volume| self.serves(&volume.primary_storage_uuid, &cluster.uuid))
    }

    /// Whether a primary storage serves a cluster.
    pub(super) fn serves(&self, storage_uuid: &str, cluster_uuid: &str) -> bool {
        let these = |it: &PrimaryStorageCluster| {
            it.primary_storage_uuid == storage_uuid && it.cluster_uuid == cluster_uuid
        };
        self.storages.iter().any(these)
    }

    fn cluster(&self, uuid: &str) -> Option<&Cluster> {
        self.clusters.iter().find(|cluster| cluster.uuid == uuid)
    }

    fn host(&self, uuid: &str) -> Option<&HostLoad> {
        self.hosts.iter().find(|host| host.host.uuid == uuid)
    }
}

/// The host of the last time, if the strategy goes back to it.
fn last_host(vm: &VmInstance) -> Option<&str> {
    vm.last_host_uuid.as_deref().filter(|_| vm.allocator_strategy.as_deref() == Some(LAST_HOST))
}
