//! The places, storages, images and networks that a new VM instance can use together.

use serde_json::{Map, Value, json};

use super::{Answer, Context, Done};
use crate::cloud::places::{Infrastructure, Requirements};
use crate::cloud::texts;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// Loads the infrastructure, with the capacities of hosts and storages.
pub(in crate::service::written) async fn infrastructure<S: Store>(
    context: &Context<'_, S>,
) -> Result<Infrastructure, Failure> {
    let store = &context.node.store;
    let mut infrastructure = Infrastructure {
        zones: store.documents_of("Zone").await?,
        clusters: store.documents_of("Cluster").await?,
        hosts: store.documents_of("Host").await?,
        l2_networks: store.documents_of("L2Network").await?,
        primary_storages: store.documents_of("PrimaryStorage").await?,
        backup_storages: store.documents_of("BackupStorage").await?,
    };
    context.node.set_capacities(&mut infrastructure.hosts).await?;
    context.node.set_capacities(&mut infrastructure.primary_storages).await?;
    Ok(infrastructure)
}

fn number<S: Store>(context: &Context<'_, S>, parameter: &str) -> Option<i64> {
    context.parameters.get(parameter).and_then(Value::as_i64)
}

/// The size in an offering, or in a parameter.
fn size<S: Store>(context: &Context<'_, S>, offering: &str, field: &str, parameter: &str) -> i64 {
    let of_offering = context.targets(offering).first().and_then(|offering| offering.number(field));
    of_offering.or(number(context, parameter)).unwrap_or(0)
}

/// The requirements of the parameters.
fn requirements<'a, S: Store>(
    context: &'a Context<'_, S>,
    image: Option<&'a Document>,
    l3_networks: &'a [Document],
) -> Requirements<'a> {
    let of_image = image.filter(|image| image.text("mediaType") != Some("ISO"));
    let of_image = of_image.and_then(|image| image.number("size")).unwrap_or(0);
    Requirements {
        zone: context.text("zoneUuid"),
        cluster: context.text("clusterUuid"),
        host: None,
        image,
        l3_networks,
        cpus: size(context, "instanceOfferingUuid", "cpuNum", "cpuNum"),
        memory: size(context, "instanceOfferingUuid", "memorySize", "memorySize"),
        root_size: size(context, "rootDiskOfferingUuid", "diskSize", "rootDiskSize").max(of_image),
    }
}

async fn inventories<S: Store>(
    context: &Context<'_, S>,
    documents: Vec<&Document>,
) -> Result<Value, Failure> {
    let documents = documents.into_iter().cloned().collect();
    Ok(context.node.inventories_of(context.plans, documents, &[]).await?.into())
}

/// The documents to which some others refer, in their order.
fn parents<'a>(all: &'a [Document], of: &[&Document], field: &str) -> Vec<&'a Document> {
    let is_parent = |parent: &&Document| of.iter().any(|child| child.text(field) == Some(&parent.uuid));
    all.iter().filter(is_parent).collect()
}

pub(super) async fn destinations<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let image = context.targets("imageUuid").pop();
    let networks = context.targets("l3NetworkUuids");
    let infrastructure = infrastructure(context).await?;
    let mut requirements = requirements(context, image.as_ref(), &networks);
    requirements.memory = requirements.memory.saturating_add(context.node.reserved_memory().await?);
    let hosts = infrastructure.hosts(&requirements);
    let clusters = parents(&infrastructure.clusters, &hosts, "clusterUuid");
    let zones = parents(&infrastructure.zones, &clusters, "zoneUuid");
    Ok(Done::with_fields([
        ("zones", inventories(context, zones).await?),
        ("clusters", inventories(context, clusters).await?),
        ("hosts", inventories(context, hosts).await?),
    ]))
}

pub(super) async fn storages<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let image = context.targets("imageUuid").pop();
    let networks = context.targets("l3NetworkUuids");
    let infrastructure = infrastructure(context).await?;
    let requirements = requirements(context, image.as_ref(), &networks);
    let clusters = infrastructure.clusters(&requirements);
    let root = infrastructure.storages(&clusters, requirements.root_size);
    // The data volumes, by the UUID of the offering or by the size.
    let offerings = context.targets("dataDiskOfferingUuids");
    let of_offerings =
        offerings.iter().map(|offering| (offering.uuid.clone(), offering.number("diskSize").unwrap_or(0)));
    let sizes = context.parameters.get("dataDiskSizes").and_then(Value::as_array).into_iter().flatten();
    let of_sizes = sizes.filter_map(Value::as_i64).map(|size| (size.to_string(), size));
    let mut data = Map::new();
    for (key, size) in of_offerings.chain(of_sizes) {
        data.insert(key, inventories(context, infrastructure.storages(&clusters, size)).await?);
    }
    let root = inventories(context, root).await?;
    Ok(Done::with_fields([("rootVolumePrimaryStorages", root), ("dataVolumePrimaryStorages", json!(data))]))
}

/// Keeps the documents that the caller may use.
fn usable<S: Store>(context: &Context<'_, S>, documents: Vec<Document>) -> Vec<Document> {
    documents.into_iter().filter(|document| document.may_be_used_by(&context.caller)).collect()
}

/// The networks that a VM instance can have in any of these clusters.
async fn networks_of<S: Store>(
    context: &Context<'_, S>,
    infrastructure: &Infrastructure,
    clusters: &[&Document],
) -> Result<Done, Failure> {
    let mut networks = usable(context, context.node.store.documents_of("L3Network").await?);
    networks.retain(|network| clusters.iter().any(|cluster| infrastructure.has_network(cluster, network)));
    let networks = inventories(context, networks.iter().collect()).await?;
    Ok(Done::with_fields([("inventories", networks)]))
}

/// Refuses a request without a parameter from which the others follow.
fn check_given<S: Store>(context: &Context<'_, S>, parameter: &str) -> Result<(), Failure> {
    let is_given = |name: &str| texts(context.parameters.get(name)).next().is_some();
    if is_given(parameter) || is_given("l3NetworkUuids") {
        return Ok(());
    }
    let text = format!("Neither [{parameter}] nor [l3NetworkUuids] is given; give one of them.");
    Err(errors::invalid_argument(text).into())
}

pub(super) async fn backup_storages<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_given(context, "backupStorageUuid")?;
    let networks = context.targets("l3NetworkUuids");
    let infrastructure = infrastructure(context).await?;
    let clusters = infrastructure.clusters(&requirements(context, None, &networks));
    if let Some(backup) = context.text("backupStorageUuid") {
        let reaches = |cluster: &&Document| infrastructure.reaches(cluster, backup);
        let clusters: Vec<_> = clusters.into_iter().filter(reaches).collect();
        return networks_of(context, &infrastructure, &clusters).await;
    }
    let is_reached =
        |backup: &&Document| clusters.iter().any(|cluster| infrastructure.reaches(cluster, &backup.uuid));
    let found = infrastructure.backup_storages.iter().filter(is_reached).collect();
    Ok(Done::with_fields([("inventories", inventories(context, found).await?)]))
}

pub(super) async fn images<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_given(context, "imageUuid")?;
    let networks = context.targets("l3NetworkUuids");
    let infrastructure = infrastructure(context).await?;
    let done = if let Some(image) = context.targets("imageUuid").pop() {
        let clusters = infrastructure.clusters(&requirements(context, Some(&image), &networks));
        networks_of(context, &infrastructure, &clusters).await?
    } else {
        let mut images = usable(context, context.node.store.documents_of("Image").await?);
        images.retain(|image| {
            !infrastructure.clusters(&requirements(context, Some(image), &networks)).is_empty()
        });
        Done::with_fields([("inventories", inventories(context, images.iter().collect()).await?)])
    };
    match &done.answer {
        Answer::Fields(fields) if context.flag("raiseException") && fields["inventories"] == json!([]) => {
            Err(errors::operation_failed(
                "No image and L3 network can be used together: no cluster with the network reaches a backup storage \
                 with the image.",
            )
            .into())
        }
        _ => Ok(done),
    }
}
