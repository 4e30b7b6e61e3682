//! The choice of cluster, host and primary storage.

use super::CreateVmFacts;
use crate::model::{Cluster, Connection, Host, MediaType, PrimaryStorage, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::rules::placement::HostLoad;
use crate::rules::storages::is_compatible;

/// The place of a new VM instance.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) host: &'a Host,
    pub(super) storage: &'a PrimaryStorage,
}

/// Chooses the place: of the clusters that have all networks and a usable primary storage, the host
/// with the fewest VM instances, and of these the oldest.
pub(super) fn choose<'a>(facts: &'a CreateVmFacts, networks: &[Uuid]) -> Verdict<Place<'a>> {
    let request = &facts.request;
    let state = |uuid: &str| facts.infrastructure.states.get(uuid).map_or("Enabled", String::as_str);
    let hosts = facts.infrastructure.hosts.iter().filter(|HostLoad { host, .. }| {
        let is_requested = request.host_uuid.as_ref().is_none_or(|uuid| *uuid == host.uuid);
        is_requested && host.status == Connection::Connected && state(&host.uuid) == "Enabled"
    });
    let mut candidates: Vec<_> = hosts
        .filter_map(|load| {
            let cluster = facts.infrastructure.clusters.iter();
            let cluster = cluster.into_iter().find(|cluster| cluster.uuid == load.host.cluster_uuid)?;
            (state(&cluster.uuid) == "Enabled" && state(&cluster.zone_uuid) == "Enabled")
                .then_some((load, cluster))
        })
        .collect();
    if request.host_uuid.is_none() {
        candidates.retain(|(_, cluster)| {
            let is_requested = request.cluster_uuid.as_ref().is_none_or(|uuid| *uuid == cluster.uuid);
            let is_in_zone = request.zone_uuid.as_ref().is_none_or(|uuid| *uuid == cluster.zone_uuid);
            is_requested && (is_in_zone || request.cluster_uuid.is_some())
        });
    }
    candidates.retain(|(_, cluster)| networks.iter().all(|network| has_network(facts, cluster, network)));
    if candidates.is_empty() {
        return Err(errors::no_host(
            "No host is Enabled and Connected in an Enabled cluster and zone that has all L3 networks of the VM \
             instance; add or enable one, or attach the L2 networks to its cluster.",
        ));
    }
    let places = candidates.into_iter().filter_map(|(load, cluster)| {
        Some((load.vms, Place { cluster, host: &load.host, storage: storage_for(facts, cluster)? }))
    });
    let least_loaded = places.min_by_key(|(vms, _)| *vms);
    least_loaded.map(|(_, place)| place).ok_or_else(|| {
        errors::operation_failed(
            "No primary storage that is Enabled, Connected and attached to a cluster with a suitable host can contain \
             the root volume; attach one, or add the image to a compatible backup storage of the zone."
        )
    })
}

/// True if the L2 network of an L3 network is attached to a cluster.
fn has_network(facts: &CreateVmFacts, cluster: &Cluster, network: &str) -> bool {
    let Some(network) = facts.documents.get(network) else { return false };
    let l2 = network.text("l2NetworkUuid").and_then(|uuid| facts.documents.get(uuid));
    match l2 {
        Some(l2) => l2.texts("attachedClusterUuids").any(|uuid| uuid == cluster.uuid),
        // The networks of inventory files have no L2 network; they are in all clusters of their zone.
        None => network.text("zoneUuid").is_none_or(|zone| zone == cluster.zone_uuid),
    }
}

/// Chooses the primary storage for the root volume: the requested one, or the oldest that can get the
/// image.
fn storage_for<'a>(facts: &'a CreateVmFacts, cluster: &Cluster) -> Option<&'a PrimaryStorage> {
    let requested = &facts.request.primary_storage_uuid_for_root_volume;
    facts.storages.primary.iter().find(|storage| {
        let state = facts.infrastructure.states.get(&storage.uuid).map_or("Enabled", String::as_str);
        requested.as_ref().is_none_or(|uuid| *uuid == storage.uuid)
            && state == "Enabled"
            && storage.status == Connection::Connected
            && facts.infrastructure.is_attached(&storage.uuid, &cluster.uuid)
            && has_image(facts, storage, &cluster.zone_uuid)
    })
}

/// True if a primary storage has a cached copy of the image, or can get one.
fn has_image(facts: &CreateVmFacts, storage: &PrimaryStorage, zone_uuid: &str) -> bool {
    let Some(image) = &facts.image else { return true };
    let is_cached = facts.caches.iter().any(|cache| cache.primary_storage_uuid == storage.uuid);
    // An ISO is read from the backup storage as well.
    let mut sources = facts.storages.connected_with_image(image, zone_uuid);
    (is_cached && image.info.media_type != MediaType::Iso)
        || sources.any(|source| is_compatible(&source.storage, storage))
}
