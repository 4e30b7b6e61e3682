//! The capacities of hosts.

use std::collections::HashMap;

use serde_json::json;

use super::{Answer, Context, Done};
use crate::cloud::{hosts, texts};
use crate::model::{Document, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::object;
use crate::store::Store;

/// The parameters that name places of hosts, with the fields of hosts and the types of the places, the
/// smallest ones first.
const PLACES: [(&str, &str, &str); 3] = [
    ("hostUuids", "uuid", "HostVO"),
    ("clusterUuids", "clusterUuid", "ClusterVO"),
    ("zoneUuids", "zoneUuid", "ZoneVO"),
];

/// Adds up the CPUs and the memory of hosts.
pub(super) async fn of_hosts<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let given = |parameter: &str| texts(context.parameters.get(parameter)).next().is_some();
    let place = PLACES.iter().find(|(parameter, ..)| given(parameter));
    if place.is_none() && !context.flag("all") {
        let names: Vec<_> = PLACES.iter().map(|(parameter, ..)| *parameter).collect();
        return Err(errors::invalid_argument(format!(
            "[all] is false, and no host is named; set it to true, or give one of: {}.",
            names.join(", ")
        ))
        .into());
    }
    let mut documents = context.node.store.documents_of("Host").await?;
    if let Some(hypervisor) = context.text("hypervisorType") {
        documents.retain(|host| host.text("hypervisorType") == Some(hypervisor));
    }
    // Hosts of inventory files have only a cluster.
    let clusters = context.node.store.documents_of("Cluster").await?;
    for host in documents.iter_mut().filter(|host| host.text("zoneUuid").is_none()) {
        let cluster = clusters.iter().find(|cluster| host.text("clusterUuid") == Some(&cluster.uuid));
        host.set("zoneUuid", cluster.and_then(|cluster| cluster.text("zoneUuid")).map(str::to_owned));
    }
    let (parameter, field, resource_type) = place.copied().unwrap_or(("", "zoneUuid", "ZoneVO"));
    if place.is_some() {
        documents.retain(|host| hosts::is_in(host, field, context.parameters.get(parameter)));
    }
    context.node.set_capacities(&mut documents).await?;
    let mut uuids: Vec<_> = texts(context.parameters.get(parameter)).collect();
    if uuids.is_empty() {
        uuids.extend(documents.iter().filter_map(|host| host.text(field)));
        uuids.sort_unstable();
        uuids.dedup();
    }
    let of_place = |uuid: &&str| {
        let mut sum = hosts::sum(documents.iter().filter(|host| host.text(field) == Some(uuid)));
        sum["resourceUuid"] = (*uuid).into();
        sum
    };
    let data: Vec<_> = uuids.iter().map(of_place).collect();
    let mut fields = object(hosts::sum(documents.iter()));
    fields.insert("capacityData".to_owned(), data.into());
    fields.insert("resourceType".to_owned(), resource_type.into());
    Ok(Done { answer: Answer::Fields(fields), ..Done::default() })
}

/// Returns the capacity of a local storage on its hosts.
pub(super) async fn of_local_storage<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storages = [context.target("primaryStorageUuid")?];
    context.node.set_capacities(&mut storages).await?;
    let [storage] = storages;
    if storage.text("type") != Some("LocalStorage") {
        return Err(errors::invalid_argument(format!(
            "[primaryStorageUuid] names the primary storage [uuid:{}], which is not a local storage.",
            storage.uuid
        ))
        .into());
    }
    let clusters = storage.fields.get("attachedClusterUuids");
    let mut documents = context.node.store.documents_of("Host").await?;
    documents.retain(|host| hosts::is_in(host, "clusterUuid", clusters));
    let mut volumes = context.holders(&storage.uuid, "primaryStorageUuid").await?;
    volumes.retain(|volume| volume.base == "Volume");
    let places = volume_hosts(context, &volumes).await?;
    let used: Vec<_> = volumes
        .iter()
        .filter_map(|volume| Some((places.get(&volume.uuid)?.as_str(), volume.number("size")?)))
        .collect();
    let documents: Vec<_> = documents.iter().collect();
    let mut list = hosts::disk_capacities(&storage, &documents, &used);
    if let Some(host) = context.text("hostUuid") {
        list.retain(|capacity| capacity["hostUuid"] == host);
        if list.is_empty() {
            return Err(errors::invalid_argument(format!(
                "[hostUuid] names the host [uuid:{host}], to whose cluster the primary storage [uuid:{}] is not \
                 attached.",
                storage.uuid
            ))
            .into());
        }
    }
    Ok(Done::with_fields([("inventories", json!(list))]))
}

/// The hosts on which volumes of a local storage are: those of their records, or those of the VM
/// instances that have them.
async fn volume_hosts<S: Store>(
    context: &Context<'_, S>,
    volumes: &[Document],
) -> Result<HashMap<Uuid, Uuid>, Failure> {
    let store = &context.node.store;
    let mut vms: Vec<Uuid> =
        volumes.iter().filter_map(|volume| volume.text("vmInstanceUuid")).map(str::to_owned).collect();
    vms.sort();
    vms.dedup();
    let vms = store.documents(&vms).await?;
    let of_vm = |volume: &Document| {
        let vm = vms.iter().find(|vm| volume.text("vmInstanceUuid") == Some(&vm.uuid))?;
        vm.text("hostUuid").or(vm.text("lastHostUuid")).map(str::to_owned)
    };
    let mut places: HashMap<_, _> =
        volumes.iter().filter_map(|volume| Some((volume.uuid.clone(), of_vm(volume)?))).collect();
    for record in store.documents_of("LocalStorageResourceRef").await? {
        if let (Some(volume), Some(host)) = (record.text("resourceUuid"), record.text("hostUuid")) {
            places.insert(volume.to_owned(), host.to_owned());
        }
    }
    Ok(places)
}
