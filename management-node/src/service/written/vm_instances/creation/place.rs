//! The choice of cluster, host and primary storage.

use super::super::isos::is_on;
use super::checks::Request;
use super::disks::Disk;
use super::{Facts, is_iso};
use crate::model::Document;
use crate::rules::errors::{self, Verdict};
use crate::rules::placement::{is_attached, is_connected, is_enabled};
use crate::rules::storages::{is_compatible, sources};

/// A place for a new VM instance.
pub(super) struct Place<'a> {
    pub(super) cluster: &'a Document,
    pub(super) host: &'a Document,
    /// The primary storage of the root volume.
    pub(super) storage: &'a Document,
    /// Those of the data volumes.
    pub(super) data: Vec<&'a Document>,
}

/// Finds the places in clusters that have all networks and usable primary storages: the hosts with the
/// fewest VM instances first, and of these the oldest. There is at least one.
pub(super) fn find<'a>(facts: &'a Facts<'_>, request: &Request) -> Verdict<Vec<Place<'a>>> {
    let networks = &request.networks;
    let places = &facts.infrastructure;
    let (requested_host, requested_cluster) = (facts.text("hostUuid"), facts.text("clusterUuid"));
    let is_requested_cluster = |cluster: &Document| {
        let is_in_zone = facts.text("zoneUuid").is_none_or(|zone| cluster.text("zoneUuid") == Some(zone));
        match (requested_host, requested_cluster) {
            (Some(_), _) => true,
            (None, Some(requested)) => cluster.uuid == requested,
            (None, None) => is_in_zone,
        }
    };
    let is_in_enabled_zone = |cluster: &Document| {
        let zone = places.zones.iter().find(|zone| cluster.text("zoneUuid") == Some(&zone.uuid));
        zone.is_none_or(is_enabled)
    };
    let mut candidates = places.hosts.iter().filter_map(|(host, vms)| {
        let cluster = places.cluster(host.text("clusterUuid")?)?;
        let is_suitable = requested_host.is_none_or(|uuid| uuid == host.uuid)
            && is_connected(host)
            && is_enabled(host)
            && is_enabled(cluster)
            && is_in_enabled_zone(cluster)
            && is_requested_cluster(cluster)
            && networks.iter().all(|network| has_network(facts, cluster, network));
        is_suitable.then_some((*vms, host, cluster))
    });
    let Some(first) = candidates.next() else {
        return Err(errors::no_host(
            "No host is Enabled and Connected in an Enabled cluster and zone that has all L3 networks of the VM \
             instance; add or enable one, or attach the L2 networks to its cluster.",
        ));
    };
    let places = std::iter::once(first).chain(candidates).filter_map(|(vms, host, cluster)| {
        let storage = storage_for(facts, cluster, &request.disks.root)?;
        let data = request.disks.data.iter().map(|disk| storage_of_data(facts, cluster, storage, disk));
        Some((vms, Place { cluster, host, storage, data: data.collect::<Option<_>>()? }))
    });
    let mut places: Vec<_> = places.collect();
    if places.is_empty() {
        return Err(errors::operation_failed(
            "No primary storage that is Enabled, Connected and attached to a cluster with a suitable host can contain \
             the volumes; attach one, or add the image to a compatible backup storage of the zone.",
        ));
    }
    places.sort_by_key(|(vms, _)| *vms);
    Ok(places.into_iter().map(|(_, place)| place).collect())
}

/// True if the L2 network of an L3 network is attached to a cluster.
fn has_network(facts: &Facts<'_>, cluster: &Document, network: &str) -> bool {
    let Some(network) = facts.documents.get(network) else { return false };
    let l2 = network.text("l2NetworkUuid").and_then(|uuid| facts.documents.get(uuid));
    match l2 {
        Some(l2) => l2.texts("attachedClusterUuids").any(|uuid| uuid == cluster.uuid),
        // The networks of inventory files have no L2 network; they are in all clusters of their zone.
        None => network.text("zoneUuid").is_none_or(|zone| cluster.text("zoneUuid") == Some(zone)),
    }
}

/// The primary storage for the root volume: the requested one, or the oldest that can get the image.
fn storage_for<'a>(facts: &'a Facts<'_>, cluster: &Document, root: &Disk) -> Option<&'a Document> {
    let requested = root.storage.as_deref();
    facts.infrastructure.storages.iter().find(|storage| {
        requested.is_none_or(|uuid| uuid == storage.uuid)
            && is_usable_in(storage, cluster)
            && has_image(facts, storage, cluster.text("zoneUuid").unwrap_or_default())
    })
}

fn is_usable_in(storage: &Document, cluster: &Document) -> bool {
    is_enabled(storage) && is_connected(storage) && is_attached(storage, &cluster.uuid)
}

/// The primary storage for a data volume: the requested one, or that of the root volume.
fn storage_of_data<'a>(
    facts: &'a Facts<'_>,
    cluster: &Document,
    root: &'a Document,
    disk: &Disk,
) -> Option<&'a Document> {
    let Some(requested) = &disk.storage else { return Some(root) };
    let mut storages = facts.infrastructure.storages.iter();
    storages.find(|storage| storage.uuid == *requested && is_usable_in(storage, cluster))
}

/// True if a primary storage has a cached copy of the image, or can get one.
fn has_image(facts: &Facts<'_>, storage: &Document, zone: &str) -> bool {
    let Some(image) = &facts.image else { return true };
    // An ISO is read from the backup storage as well.
    let is_cached = !is_iso(image) && facts.caches.iter().any(|cache| is_on(cache, storage));
    is_cached || sources(image, zone, &facts.backups).any(|source| is_compatible(source, storage))
}
