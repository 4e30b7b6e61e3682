//! L2 networks and their clusters, VXLAN networks, and new L3 networks.

use serde_json::{Map, Value, json};

use super::{Context, Done, create as create_document, holders};
use crate::cloud::{self, l2_networks};
use crate::model::{Document, DocumentEdit, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::service::Failure;
use crate::store::Store;

/// The values of the parameters that become fields.
fn field_values<S: Store>(context: &Context<'_, S>) -> Verdict<Map<String, Value>> {
    let values = cloud::field_values(&context.plan.action, context.parameters);
    values.map(|value| value.map(|(field, value)| (field.to_owned(), value))).collect()
}

pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("l2NetworkUuid")?;
    let cluster = context.target("clusterUuid")?;
    let attached =
        holders(context, std::slice::from_ref(&cluster.uuid), "L2Network", "attachedClusterUuids").await?;
    l2_networks::check_attachment(&network, &cluster, &attached)?;
    let mut edits = endpoints(context, &network, &cluster, &attached).await?;
    // The networks of a pool are wherever the pool is.
    let mut of_pool = holders(context, std::slice::from_ref(&network.uuid), "L2Network", "poolUuid").await?;
    for network in of_pool.iter_mut().chain([&mut network]) {
        let mut clusters = l2_networks::clusters(network);
        if !clusters.contains(&cluster.uuid.clone().into()) {
            clusters.push(cluster.uuid.clone().into());
        }
        network.set("attachedClusterUuids", clusters);
        network.touch(context.now);
        edits.push(context.replace(network.clone()));
    }
    Ok(Done::with_document(network, edits))
}

/// Creates the endpoints of a pool on the hosts of a cluster.
async fn endpoints<S: Store>(
    context: &Context<'_, S>,
    pool: &Document,
    cluster: &Document,
    attached: &[Document],
) -> Result<Vec<DocumentEdit>, Failure> {
    let tags = &context.call.tags().system;
    let Some(net) = l2_networks::endpoint_net(pool, cluster, tags)? else { return Ok(Vec::new()) };
    let own = holders(context, std::slice::from_ref(&pool.uuid), "VniRange", "l2NetworkUuid").await?;
    let others: Vec<Uuid> = attached.iter().map(|other| other.uuid.clone()).collect();
    let others = holders(context, &others, "VniRange", "l2NetworkUuid").await?;
    l2_networks::check_pools(pool, &own, &others)?;
    let hosts = holders(context, std::slice::from_ref(&cluster.uuid), "Host", "clusterUuid").await?;
    let mut used = Vec::new();
    let new_tag =
        |tag: &String| cloud::new_tag("SystemTag", "System", tag, &pool.uuid, "L2NetworkVO", context.now);
    let mut edits: Vec<_> = tags.iter().map(new_tag).collect();
    for host in hosts {
        let Some(ip) = l2_networks::endpoint_ip(&net, &host, &used) else { continue };
        used.push(ip);
        let fields = json!({"hostUuid": host.uuid, "poolUuid": pool.uuid, "vtepIp": ip.to_string()});
        edits.push(context.new_document("Vtep", fields.as_object().cloned().unwrap_or_default())?.1);
    }
    Ok(edits)
}

/// The endpoints of a pool on the hosts of a cluster.
async fn endpoints_of<S: Store>(
    context: &Context<'_, S>,
    pool: &Document,
    cluster: &Document,
) -> Result<Vec<Document>, Failure> {
    let hosts = holders(context, std::slice::from_ref(&cluster.uuid), "Host", "clusterUuid").await?;
    let mut endpoints = holders(context, std::slice::from_ref(&pool.uuid), "Vtep", "poolUuid").await?;
    endpoints.retain(|endpoint| hosts.iter().any(|host| endpoint.text("hostUuid") == Some(&host.uuid)));
    Ok(endpoints)
}

/// Detaches a network from a cluster, whose VM instances lose their NICs on it.
pub(super) async fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("l2NetworkUuid")?;
    let cluster = context.target("clusterUuid")?;
    if !l2_networks::clusters(&network).contains(&cluster.uuid.clone().into()) {
        return Err(errors::operation_failed(format!(
            "The L2 network [uuid:{}] is not attached to the cluster [uuid:{}].",
            network.uuid, cluster.uuid
        ))
        .into());
    }
    let store = &context.node.store;
    let mut networks = holders(context, std::slice::from_ref(&network.uuid), "L2Network", "poolUuid").await?;
    let l2_networks: Vec<Uuid> =
        networks.iter().chain([&network]).map(|network| network.uuid.clone()).collect();
    let l3_networks = holders(context, &l2_networks, "L3Network", "l2NetworkUuid").await?;
    let l3_networks: Vec<Uuid> = l3_networks.into_iter().map(|network| network.uuid).collect();
    let mut nics = holders(context, &l3_networks, "VmNic", "l3NetworkUuid").await?;
    let vms: Vec<Uuid> =
        nics.iter().filter_map(|nic| nic.text("vmInstanceUuid")).map(str::to_owned).collect();
    let vms = store.documents(&vms).await?;
    let is_in_cluster = |vm: &&Document| vm.text("clusterUuid") == Some(&cluster.uuid);
    let vms: Vec<&str> = vms.iter().filter(is_in_cluster).map(|vm| vm.uuid.as_str()).collect();
    nics.retain(|nic| nic.text("vmInstanceUuid").is_some_and(|vm| vms.contains(&vm)));
    nics.extend(endpoints_of(context, &network, &cluster).await?);
    let mut edits = if nics.is_empty() {
        Vec::new()
    } else {
        context.node.deletion_of(context.plans, context.plan, nics).await?
    };
    for network in networks.iter_mut().chain([&mut network]) {
        let mut clusters = l2_networks::clusters(network);
        clusters.retain(|uuid| *uuid != cluster.uuid);
        network.set("attachedClusterUuids", clusters);
        network.touch(context.now);
        edits.push(context.replace(network.clone()));
    }
    Ok(Done::with_document(network, edits))
}

pub(super) async fn create_vni_range<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let pool = context.target("l2NetworkUuid")?;
    let number = |name: &str| context.parameters.get(name).and_then(Value::as_i64).unwrap_or_default();
    let ranges = holders(context, std::slice::from_ref(&pool.uuid), "VniRange", "l2NetworkUuid").await?;
    l2_networks::check_vni_range(&pool, number("startVni"), number("endVni"), &ranges)?;
    let (range, edits) = create_document(context, "VniRange", field_values(context)?)?;
    Ok(Done::with_document(range, edits))
}

pub(super) async fn create_vxlan<S: Store>(context: &Context<'_, S>, ty: &str) -> Result<Done, Failure> {
    let pool = context.target("poolUuid")?;
    let zone = pool.text("zoneUuid");
    if context.text("zoneUuid").is_some() && context.text("zoneUuid") != zone {
        let text = format!("[zoneUuid] is not the zone of the VXLAN pool [uuid:{}].", pool.uuid);
        return Err(errors::invalid_argument(text).into());
    }
    let pools = std::slice::from_ref(&pool.uuid);
    let ranges = holders(context, pools, "VniRange", "l2NetworkUuid").await?;
    let networks = holders(context, pools, "L2Network", "poolUuid").await?;
    let required = context.parameters.get("vni").and_then(Value::as_i64);
    let vni = l2_networks::choose_vni(&pool, required, &ranges, &networks)?;
    let mut fields = field_values(context)?;
    let own = json!({
        "type": ty, "vni": vni, "virtualNetworkId": vni, "poolUuid": pool.uuid, "zoneUuid": zone,
        "physicalInterface": pool.text("physicalInterface").unwrap_or_default(),
        "attachedClusterUuids": l2_networks::clusters(&pool),
    });
    fields.extend(own.as_object().cloned().unwrap_or_default());
    let (network, edits) = create_document(context, "L2VxlanNetwork", fields)?;
    Ok(Done::with_document(network, edits))
}

fn is_system<S: Store>(context: &Context<'_, S>) -> Option<bool> {
    context.parameters.get("system").and_then(Value::as_bool)
}

pub(super) fn create_l3<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let l2_network = context.target("l2NetworkUuid")?;
    let system = is_system(context).unwrap_or(false);
    l2_networks::check_domain(context.text("dnsDomain"))?;
    if let Some(ty) = context.text("type").filter(|ty| !matches!(*ty, "L3BasicNetwork" | "L3VpcNetwork")) {
        let text = format!("[type] is `{ty}`; it must be L3BasicNetwork or L3VpcNetwork.");
        return Err(errors::invalid_argument(text).into());
    }
    if l2_network.text("type").is_some_and(|ty| ty.ends_with("Pool")) {
        let text = format!("The L2 network [uuid:{}] is a VXLAN pool; use a network of it.", l2_network.uuid);
        return Err(errors::invalid_argument(text).into());
    }
    let category = l2_networks::category(context.text("category"), system)?;
    let mut fields = field_values(context)?;
    fields.insert("category".to_owned(), category.into());
    for field in ["zoneUuid", "isolated"] {
        if let Some(value) = l2_network.fields.get(field) {
            fields.insert(field.to_owned(), value.clone());
        }
    }
    let (network, edits) = create_document(context, "L3Network", fields)?;
    Ok(Done::with_document(network, edits))
}

pub(super) fn update_l3<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("uuid")?;
    l2_networks::check_domain(context.text("dnsDomain"))?;
    let present = network.fields.get("system").and_then(Value::as_bool).unwrap_or(false);
    if context.text("category").is_some() || is_system(context).is_some() {
        let system = is_system(context).unwrap_or(present);
        let category = context.text("category").or(network.text("category"));
        let category = l2_networks::category(category, system)?;
        network.set("category", category);
        network.set("system", system);
    }
    for field in ["name", "description", "dnsDomain"] {
        if let Some(value) = context.parameters.get(field) {
            network.set(field, value.clone());
        }
    }
    Ok(context.finish_change(network))
}
