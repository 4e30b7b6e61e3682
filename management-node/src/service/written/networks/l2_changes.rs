//! Clusters for L2 networks, changes of VLANs, and remote endpoints of VXLAN pools.

use serde_json::{Value, json};

use super::{Context, Done, candidates, holders};
use crate::cloud::{l2_networks, texts};
use crate::model::{Document, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

/// The L2 networks of a cluster.
async fn networks_of<S: Store>(
    context: &Context<'_, S>,
    cluster: &Document,
) -> Result<Vec<Document>, Failure> {
    holders(context, std::slice::from_ref(&cluster.uuid), "L2Network", "attachedClusterUuids").await
}

/// The clusters to which a network can be attached.
pub(super) async fn cluster_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l2NetworkUuid")?;
    let types: Vec<_> = texts(context.parameters.get("clusterTypes")).collect();
    let mut found = Vec::new();
    for cluster in context.node.store.documents_of("Cluster").await? {
        let is_wanted = cluster.text("zoneUuid") == network.text("zoneUuid")
            && (types.is_empty() || cluster.text("type").is_some_and(|ty| types.contains(&ty)));
        if is_wanted
            && l2_networks::check_attachment(&network, &cluster, &networks_of(context, &cluster).await?)
                .is_ok()
        {
            found.push(cluster);
        }
    }
    Ok(Done { answer: Answer::Documents(candidates::page(context, found)), ..Done::default() })
}

/// The networks that can be attached to a cluster. Those of a VXLAN pool are attached with it.
pub(super) async fn network_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let cluster = context.target_of("clusterUuid", "cluster")?;
    let attached = networks_of(context, &cluster).await?;
    let mut networks = context.node.store.documents_of("L2Network").await?;
    networks.retain(|network| {
        network.text("zoneUuid") == cluster.text("zoneUuid")
            && network.text("poolUuid").is_none()
            && l2_networks::check_attachment(network, &cluster, &attached).is_ok()
    });
    let networks = candidates::page(context, networks);
    let mut inventories = context.node.inventories_of(context.plans, networks, &[]).await?;
    for inventory in &mut inventories {
        // This response has a text.
        if let Some(vni) = inventory["vni"].as_i64() {
            inventory["vni"] = vni.to_string().into();
        }
    }
    Ok(Done::with_fields([("inventories", inventories.into())]))
}

/// Changes the VLAN of a network, or between networks with and without a VLAN.
pub(super) async fn change_vlan<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("uuid")?;
    let vlan = context.parameters.get("vlan").and_then(Value::as_i64);
    l2_networks::change_vlan(&mut network, context.text("type"), vlan)?;
    let store = &context.node.store;
    let uuids: Vec<Uuid> = network.texts("attachedClusterUuids").map(str::to_owned).collect();
    let clusters = store.documents(&uuids).await?;
    let hosts = holders(context, &uuids, "Host", "clusterUuid").await?;
    l2_networks::check_clusters(&network, &clusters, &hosts)?;
    for cluster in &clusters {
        let mut others = networks_of(context, cluster).await?;
        others.retain(|other| other.uuid != network.uuid);
        l2_networks::check_attachment(&network, cluster, &others)?;
    }
    Ok(context.finish_change(network))
}

/// Deletes the remote endpoints of a pool in a cluster that have an address.
pub(super) async fn delete_endpoint<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let pool = context.target_of("l2NetworkUuid", "L2 network")?;
    let endpoints = holders(context, &[pool.uuid], "RemoteVtep", "poolUuid").await?.into_iter();
    let is_meant = |endpoint: &Document| {
        endpoint.text("clusterUuid") == context.text("clusterUuid")
            && endpoint.text("vtepIp") == context.text("remoteVtepIp")
    };
    let deleted: Vec<_> = endpoints.filter(is_meant).collect();
    if deleted.is_empty() {
        return Err(errors::operation_failed(format!(
            "The VXLAN pool has no remote endpoint with the address {} in the cluster.",
            json!(context.text("remoteVtepIp"))
        ))
        .into());
    }
    let edits = context.node.deletion_of(context.plans, context.plan, deleted).await?;
    Ok(Done { edits, ..Done::default() })
}
