//! The choice of a host for a VM instance.

use super::errors::{self, Verdict};
use super::vms::Vm;
use crate::model::Document;

/// The strategy that prefers the last host of the VM instance.
const LAST_HOST: &str = "LastHostPreferredAllocatorStrategy";

/// All zones, clusters, hosts and primary storages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Infrastructure {
    pub(crate) zones: Vec<Document>,
    pub(crate) clusters: Vec<Document>,
    /// The hosts with the numbers of VM instances on them, oldest first.
    pub(crate) hosts: Vec<(Document, i64)>,
    /// The primary storages, oldest first.
    pub(crate) storages: Vec<Document>,
}

/// The requested cluster and host of a VM instance.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlacementRequest<'a> {
    pub(crate) cluster: Option<&'a str>,
    pub(crate) host: Option<&'a str>,
}

/// True for a document that is not disabled.
pub(crate) fn is_enabled(document: &Document) -> bool {
    document.text("state").is_none_or(|state| state == "Enabled")
}

/// True for a host or storage with a connection.
pub(crate) fn is_connected(document: &Document) -> bool {
    document.text("status") == Some("Connected")
}

/// True if a primary storage is attached to a cluster.
pub(crate) fn is_attached(storage: &Document, cluster_uuid: &str) -> bool {
    storage.texts("attachedClusterUuids").any(|attached| attached == cluster_uuid)
}

impl Infrastructure {
    /// Finds the hosts on which a VM instance can run, the best one first: the requested one; else the
    /// last one, if the strategy prefers it; then those with the fewest VM instances, and of these the
    /// oldest. There is at least one. Their capacities are not considered.
    pub(crate) fn hosts_for(&self, vm: &Vm, request: PlacementRequest<'_>) -> Verdict<Vec<&Document>> {
        let requested = request.host.and_then(|uuid| self.hosts.iter().find(|(host, _)| host.uuid == uuid));
        let requested = requested.and_then(|(host, _)| host.text("clusterUuid"));
        let cluster_uuid =
            request.cluster.or(requested).or_else(|| vm.instance.text("clusterUuid")).unwrap_or_default();
        let cluster = self.cluster(cluster_uuid).filter(|cluster| self.is_suitable(cluster, vm));
        let cluster = cluster.ok_or_else(|| {
            errors::no_host(format!(
                "The cluster [uuid:{cluster_uuid}] cannot run the VM instance [uuid:{}]: it or its zone is Disabled, it \
                 is in another zone, has another hypervisor, or lacks one of the primary storages.",
                vm.uuid()
            ))
        })?;
        let is_candidate = |(host, _): &&(Document, i64)| {
            host.text("clusterUuid") == Some(&cluster.uuid)
                && is_connected(host)
                && is_enabled(host)
                && request.host.is_none_or(|uuid| uuid == host.uuid)
        };
        let mut candidates: Vec<_> = self.hosts.iter().filter(is_candidate).collect();
        let last = last_host(&vm.instance);
        candidates.sort_by_key(|(host, vms)| (last != Some(&host.uuid), *vms));
        if candidates.is_empty() {
            return Err(errors::no_host(match request.host {
                Some(uuid) => format!(
                    "The host [uuid:{uuid}] is not Connected and Enabled, or is not in the cluster [uuid:{}].",
                    cluster.uuid
                ),
                None => format!("No host of the cluster [uuid:{}] is Connected and Enabled.", cluster.uuid),
            }));
        }
        Ok(candidates.into_iter().map(|(host, _)| host).collect())
    }

    /// The hosts on which a VM instance can be started.
    pub(crate) fn suitable_hosts(&self, vm: &Vm) -> Vec<&Document> {
        let is_suitable = |host: &&Document| {
            let request = PlacementRequest { host: Some(&host.uuid), cluster: None };
            self.hosts_for(vm, request).is_ok()
        };
        self.hosts.iter().map(|(host, _)| host).filter(is_suitable).collect()
    }

    /// Returns true if a cluster can run the VM instance, provided that it has a
    /// connected host.
    fn is_suitable(&self, cluster: &Document, vm: &Vm) -> bool {
        let has_storage_of = |volume: &Document| {
            let storage = volume.text("primaryStorageUuid");
            let storage = self.storages.iter().find(|other| Some(other.uuid.as_str()) == storage);
            storage.is_some_and(|storage| is_attached(storage, &cluster.uuid))
        };
        let zone = self.zones.iter().find(|zone| cluster.text("zoneUuid") == Some(&zone.uuid));
        is_enabled(cluster)
            && zone.is_none_or(is_enabled)
            && ["zoneUuid", "hypervisorType"]
                .iter()
                .all(|field| cluster.text(field) == vm.instance.text(field))
            && vm.volumes.iter().all(has_storage_of)
    }

    /// The cluster with this UUID.
    pub(crate) fn cluster(&self, uuid: &str) -> Option<&Document> {
        self.clusters.iter().find(|cluster| cluster.uuid == uuid)
    }
}

/// The last host of a VM instance, if its strategy prefers it.
fn last_host(vm: &Document) -> Option<&str> {
    vm.text("lastHostUuid").filter(|_| vm.text("allocatorStrategy") == Some(LAST_HOST))
}
