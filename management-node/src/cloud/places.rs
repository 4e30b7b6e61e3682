//! The places where a new VM instance can be: clusters and hosts, with the storages that they reach.

use super::storages::bytes;
use super::texts;
use crate::model::Document;

/// The zones, clusters, hosts, networks and storages of a cloud.
#[derive(Clone, Debug, Default)]
pub(crate) struct Infrastructure {
    pub(crate) zones: Vec<Document>,
    pub(crate) clusters: Vec<Document>,
    pub(crate) hosts: Vec<Document>,
    pub(crate) l2_networks: Vec<Document>,
    pub(crate) primary_storages: Vec<Document>,
    pub(crate) backup_storages: Vec<Document>,
}

/// The requirements of a VM instance. Without a value, anything is suitable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirements<'a> {
    pub(crate) zone: Option<&'a str>,
    pub(crate) cluster: Option<&'a str>,
    pub(crate) host: Option<&'a str>,
    pub(crate) image: Option<&'a Document>,
    pub(crate) l3_networks: &'a [Document],
    pub(crate) cpus: i64,
    pub(crate) memory: i64,
    /// The size of the root volume.
    pub(crate) root_size: i64,
}

/// The types of primary storages to which images of a type of backup storages can be copied. Other types
/// fit those of the same name.
const SOURCES: [(&str, &[&str]); 3] = [
    ("SftpBackupStorage", &["NFS", "SharedMountPoint", "LocalStorage"]),
    ("ImageStoreBackupStorage", &["NFS", "SharedMountPoint", "LocalStorage", "Ceph", "SharedBlock"]),
    ("SimulatorBackupStorage", &["SimulatorPrimaryStorage"]),
];

/// True if images on a backup storage can be copied to a primary storage.
fn is_compatible(backup: &Document, primary: &Document) -> bool {
    let (from, to) = (backup.text("type").unwrap_or_default(), primary.text("type").unwrap_or_default());
    match SOURCES.iter().find(|(source, _)| *source == from) {
        Some((_, targets)) => targets.contains(&to),
        // Ceph copies images internally, so both must be in the same Ceph cluster.
        None if from == "Ceph" => to == "Ceph" && backup.text("fsid") == primary.text("fsid"),
        None => from == to,
    }
}

fn is_enabled(document: &Document) -> bool {
    document.text("state").is_none_or(|state| state == "Enabled")
}

fn is_usable(document: &Document) -> bool {
    is_enabled(document) && document.text("status").is_none_or(|status| status == "Connected")
}

fn has<'a>(mut values: impl Iterator<Item = &'a str>, value: &str) -> bool {
    values.any(|other| other == value)
}

/// The backup storages with copies of an image.
fn copies(image: &Document) -> impl Iterator<Item = &str> {
    let copies = image.fields.get("backupStorageRefs").and_then(serde_json::Value::as_array);
    let is_present = |copy: &&serde_json::Value| copy["status"] != "Deleted";
    copies.into_iter().flatten().filter(is_present).filter_map(|copy| copy["backupStorageUuid"].as_str())
}

impl Infrastructure {
    /// The clusters in which a VM instance can be, the oldest first.
    pub(crate) fn clusters(&self, requirements: &Requirements<'_>) -> Vec<&Document> {
        let is_suitable = |cluster: &&Document| {
            let zone = self.zones.iter().find(|zone| cluster.text("zoneUuid") == Some(&zone.uuid));
            is_enabled(cluster)
                && zone.is_some_and(|zone| {
                    is_enabled(zone) && requirements.zone.is_none_or(|uuid| uuid == zone.uuid)
                })
                && requirements.cluster.is_none_or(|uuid| uuid == cluster.uuid)
                && requirements.l3_networks.iter().all(|network| self.has_network(cluster, network))
                && requirements.image.is_none_or(|image| self.can_use(cluster, image))
        };
        self.clusters.iter().filter(is_suitable).collect()
    }

    /// The hosts on which a VM instance can be started, the oldest first. Their capacities are known.
    pub(crate) fn hosts(&self, requirements: &Requirements<'_>) -> Vec<&Document> {
        let clusters = self.clusters(requirements);
        let has_storage = |cluster: &Document| {
            let mut storages = self.storages_of(cluster);
            storages.any(|storage| bytes(storage, "availableCapacity") >= requirements.root_size)
        };
        let is_suitable = |host: &&Document| {
            let cluster = clusters.iter().find(|cluster| host.text("clusterUuid") == Some(&cluster.uuid));
            cluster.is_some_and(|cluster| has_storage(cluster))
                && is_usable(host)
                && requirements.host.is_none_or(|uuid| uuid == host.uuid)
                && bytes(host, "availableCpuCapacity") >= requirements.cpus
                && bytes(host, "availableMemoryCapacity") >= requirements.memory
        };
        self.hosts.iter().filter(is_suitable).collect()
    }

    /// The primary storages of any of these clusters that have room for a volume.
    pub(crate) fn storages(&self, clusters: &[&Document], size: i64) -> Vec<&Document> {
        let is_suitable = |storage: &&Document| {
            is_usable(storage)
                && clusters.iter().any(|cluster| has(storage.texts("attachedClusterUuids"), &cluster.uuid))
                && bytes(storage, "availableCapacity") >= size
        };
        self.primary_storages.iter().filter(is_suitable).collect()
    }

    /// The usable primary storages of a cluster.
    fn storages_of(&self, cluster: &Document) -> impl Iterator<Item = &Document> {
        let cluster = cluster.uuid.clone();
        self.primary_storages
            .iter()
            .filter(move |storage| is_usable(storage) && has(storage.texts("attachedClusterUuids"), &cluster))
    }

    /// True if the L2 network of an L3 network is attached to a cluster. A network without one is
    /// everywhere in its zone.
    pub(crate) fn has_network(&self, cluster: &Document, l3_network: &Document) -> bool {
        let Some(l2_network) = l3_network.text("l2NetworkUuid") else {
            return l3_network.text("zoneUuid").is_none_or(|zone| cluster.text("zoneUuid") == Some(zone));
        };
        let found = self.l2_networks.iter().find(|network| network.uuid == l2_network);
        found.is_some_and(|network| has(network.texts("attachedClusterUuids"), &cluster.uuid))
    }

    /// True if VM instances of a cluster can be created from an image.
    fn can_use(&self, cluster: &Document, image: &Document) -> bool {
        let architectures = [image, cluster].map(|document| document.text("architecture"));
        let is_same = !matches!(architectures, [Some(of_image), Some(of_cluster)] if of_image != of_cluster);
        is_same && copies(image).any(|backup| self.reaches(cluster, backup))
    }

    /// True if images on a backup storage can be copied to a primary storage of a cluster.
    pub(crate) fn reaches(&self, cluster: &Document, backup_storage: &str) -> bool {
        let found = self.backup_storages.iter().find(|storage| storage.uuid == backup_storage);
        found.is_some_and(|backup| {
            let zone = cluster.text("zoneUuid").unwrap_or_default();
            is_usable(backup)
                && has(texts(backup.fields.get("attachedZoneUuids")), zone)
                && self.storages_of(cluster).any(|primary| is_compatible(backup, primary))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn infrastructure() -> Infrastructure {
        let host = |uuid: &str, cluster: &str, cpus: i64| {
            Document::of_fields(json!({
                "uuid": uuid, "clusterUuid": cluster, "status": "Connected", "availableCpuCapacity": cpus,
                "availableMemoryCapacity": 10,
            }))
        };
        Infrastructure {
            zones: vec![Document::of_fields(json!({"uuid": "z", "state": "Enabled"}))],
            clusters: vec![
                Document::of_fields(json!({"uuid": "a", "zoneUuid": "z", "architecture": "x86_64"})),
                Document::of_fields(json!({"uuid": "b", "zoneUuid": "z", "architecture": "aarch64"})),
            ],
            hosts: vec![host("a1", "a", 4), host("a2", "a", 1), host("b1", "b", 4)],
            l2_networks: vec![Document::of_fields(json!({"uuid": "l2", "attachedClusterUuids": ["a"]}))],
            primary_storages: vec![Document::of_fields(
                json!({"uuid": "ps", "type": "NFS", "attachedClusterUuids": ["a", "b"],
                    "status": "Connected", "availableCapacity": 50}),
            )],
            backup_storages: vec![
                Document::of_fields(
                    json!({"uuid": "sftp", "type": "SftpBackupStorage", "attachedZoneUuids": ["z"],
                    "status": "Connected"}),
                ),
                Document::of_fields(json!({"uuid": "ceph", "type": "Ceph", "attachedZoneUuids": ["z"],
                    "status": "Connected"})),
            ],
        }
    }

    #[test]
    fn a_host_has_everything_that_a_vm_instance_needs() {
        let cloud = infrastructure();
        let hosts = |requirements: &Requirements<'_>| {
            let hosts = cloud.hosts(requirements);
            hosts.iter().map(|host| host.uuid.clone()).collect::<Vec<_>>().join(" ")
        };
        let on_l2 = [Document::of_fields(json!({"uuid": "l3", "l2NetworkUuid": "l2"}))];
        let image = |backup: &str| {
            Document::of_fields(
                json!({"architecture": "aarch64", "backupStorageRefs": [{"backupStorageUuid": backup}]}),
            )
        };
        let (good, far) = (image("sftp"), image("ceph"));
        let any = Requirements::default();
        for (requirements, expected) in [
            (any.clone(), "a1 a2 b1"),
            (Requirements { cpus: 2, ..any.clone() }, "a1 b1"),
            (Requirements { memory: 11, ..any.clone() }, ""),
            (Requirements { root_size: 51, ..any.clone() }, ""),
            (Requirements { zone: Some("other"), ..any.clone() }, ""),
            (Requirements { host: Some("a2"), ..any.clone() }, "a2"),
            (Requirements { l3_networks: &on_l2, ..any.clone() }, "a1 a2"),
            (Requirements { image: Some(&good), ..any.clone() }, "b1"),
            (Requirements { image: Some(&far), ..any.clone() }, ""),
        ] {
            assert_eq!(hosts(&requirements), expected, "{requirements:?}");
        }
    }
}
