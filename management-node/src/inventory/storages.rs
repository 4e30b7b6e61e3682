//! Primary storages and backup storages.

use super::fields::Fields;
use super::planner::{AttachedPrimaryStorage, Planner};
use super::problem::Spanned;
use crate::model::{
    BackupStorage, BackupStorageKind, BackupStorageZone, Connection, PrimaryStorage, PrimaryStorageCluster,
    PrimaryStorageKind, Uuid,
};

pub(super) fn read<'a>(root: &mut Fields<'a>, planner: &mut Planner<'a>) {
    planner.section(root, "primaryStorages", "a primary storage", primary_storage);
    planner.section(root, "backupStorages", "a backup storage", backup_storage);
}

fn primary_storage(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "primary-storage");
    let zone = fields.text("zone");
    let kind = fields.required_text("type").and_then(|text| word::<PrimaryStorageKind>(&text, fields));
    let url = fields.required_text("url").map(|url| url.value).unwrap_or_default();
    let fsid = fields.text("fsid").map(|text| text.value);
    let status = fields.word("status").unwrap_or(Connection::Connected);
    let clusters = fields.texts("clusters");
    let zone = planner.zones.find_or_only(zone.as_ref(), "zone", fields.at, planner.problems);
    let (Some(zone), Some(kind)) = (zone, kind) else {
        return;
    };
    let zone_uuid = zone.uuid.clone();
    let storage = PrimaryStorage {
        uuid: header.uuid,
        name: header.name.value.clone(),
        zone_uuid: zone_uuid.clone(),
        kind,
        url,
        fsid,
        status,
        create_date: header.created,
        last_op_date: header.created,
    };
    planner.create(storage.clone());
    let mut cluster_uuids: Vec<Uuid> = Vec::new();
    match clusters {
        // The default is every cluster of its zone.
        None => cluster_uuids.extend(
            planner
                .clusters
                .iter()
                .filter(|cluster| cluster.zone_uuid == zone_uuid)
                .map(|cluster| cluster.uuid.clone()),
        ),
        Some(names) => {
            for name in names {
                let Some(cluster) = planner.clusters.find(&name, planner.problems) else { continue };
                if cluster.zone_uuid == zone_uuid {
                    cluster_uuids.push(cluster.uuid.clone());
                } else {
                    planner.problem(name.at, format!("the cluster `{}` is in another zone", name.value));
                }
            }
        }
    }
    for cluster_uuid in &cluster_uuids {
        planner.create(PrimaryStorageCluster {
            primary_storage_uuid: storage.uuid.clone(),
            cluster_uuid: cluster_uuid.clone(),
        });
        planner.storages_of.entry(cluster_uuid.clone()).or_default().push(storage.clone());
    }
    let uuid = storage.uuid.clone();
    let cluster_uuids = cluster_uuids.into_iter().collect();
    let attached = AttachedPrimaryStorage { storage, cluster_uuids };
    planner.primary_storages.add(&header.name, &uuid, attached, planner.problems);
}

fn backup_storage(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "backup-storage");
    let kind = fields.required_text("type").and_then(|text| word::<BackupStorageKind>(&text, fields));
    let url = fields.required_text("url").map(|url| url.value).unwrap_or_default();
    let fsid = fields.text("fsid").map(|text| text.value);
    let status = fields.word("status").unwrap_or(Connection::Connected);
    let zones = fields.texts("zones");
    let Some(kind) = kind else {
        return;
    };
    let storage = BackupStorage {
        uuid: header.uuid,
        name: header.name.value.clone(),
        kind,
        url,
        fsid,
        status,
        create_date: header.created,
        last_op_date: header.created,
    };
    planner.create(storage.clone());
    let zone_uuids: Vec<Uuid> = match zones {
        // The default is every zone.
        None => planner.zones.iter().map(|zone| zone.uuid.clone()).collect(),
        Some(names) => names
            .iter()
            .filter_map(|name| planner.zones.find(name, planner.problems))
            .map(|zone| zone.uuid.clone())
            .collect(),
    };
    for zone_uuid in zone_uuids {
        planner.create(BackupStorageZone { backup_storage_uuid: storage.uuid.clone(), zone_uuid });
    }
    planner.backup_storages.add(&header.name, &storage.uuid.clone(), storage, planner.problems);
}

fn word<W: crate::model::Word>(text: &Spanned<String>, fields: &Fields<'_>) -> Option<W> {
    W::read(&text.value).map_err(|problem| fields.problems.add(text.at, problem.to_string())).ok()
}
