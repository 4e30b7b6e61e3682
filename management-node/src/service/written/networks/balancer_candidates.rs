//! Networks and NICs that a load balancer can use, its VIPs, and the access control lists of listeners.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::guests::used_vip;
use super::{Context, Done, addresses, candidates, holders};
use crate::cloud::load_balancers::{self, records};
use crate::cloud::{guests, texts};
use crate::model::{Document, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

/// The service of networks whose NICs can be backends.
const SERVICE: &str = "LoadBalancer";

/// Gives a load balancer its second VIP, of the other IP version.
pub(super) async fn attach_vip<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut balancer = context.target_of("loadBalancerUuid", "load balancer")?;
    let mut new = used_vip(context, context.text("vipUuid").unwrap_or_default()).await?;
    let is_ipv6 = new.vip.text("ip").is_some_and(|ip| ip.contains(':'));
    let (field, other) = if is_ipv6 { ("ipv6VipUuid", "vipUuid") } else { ("vipUuid", "ipv6VipUuid") };
    if let Some(present) = balancer.text(field) {
        return Err(errors::operation_failed(format!(
            "The load balancer [uuid:{}] already has the VIP [uuid:{present}] of this IP version.",
            balancer.uuid
        ))
        .into());
    }
    let present = match balancer.text(other) {
        Some(vip) => Some(used_vip(context, vip).await?),
        None => None,
    };
    let (ipv4, ipv6) = if is_ipv6 { (present.as_ref(), Some(&new)) } else { (Some(&new), present.as_ref()) };
    load_balancers::check_vips(ipv4, ipv6)?;
    guests::use_vip(&mut new.vip, &balancer.uuid, SERVICE, context.now);
    balancer.set(field, new.vip.uuid.clone());
    let mut done = context.finish_change(balancer);
    done.edits.push(context.replace(new.vip));
    Ok(done)
}

/// The networks with the service that the caller may use.
pub(super) async fn networks<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let store = &context.node.store;
    let attached = store.documents_of("NetworkServiceL3NetworkRef").await?;
    let with_service: HashSet<&str> = attached
        .iter()
        .filter(|attached| attached.text("networkServiceType") == Some(SERVICE))
        .filter_map(|attached| attached.text("l3NetworkUuid"))
        .collect();
    let mut networks = store.documents_of("L3Network").await?;
    networks.retain(|network| {
        with_service.contains(&*network.uuid)
            && network.text("state") != Some("Disabled")
            && network.may_be_used_by(&context.caller)
    });
    Ok(Done { answer: Answer::Documents(candidates::page(context, networks)), ..Done::default() })
}

/// The networks for a server group, which a parameter must name.
pub(super) async fn networks_for_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_given(context, "serverGroupUuid")?;
    networks(context).await
}

/// Refuses a request without a server group and a load balancer.
fn check_given<S: Store>(context: &Context<'_, S>, group: &str) -> Result<(), Failure> {
    if context.text(group).or(context.text("loadBalancerUuid")).is_some() {
        return Ok(());
    }
    let text = format!("Neither [{group}] nor [loadBalancerUuid] is given; give one of them.");
    Err(errors::invalid_argument(text).into())
}

/// The NICs that are not backends of any of these documents.
async fn nics<S: Store>(context: &Context<'_, S>, users: &[&Document]) -> Result<Vec<Document>, Failure> {
    let mut nics = candidates::nics(context, &[SERVICE]).await?;
    let backends: Vec<Value> = users.iter().flat_map(|user| records(user, "vmNicRefs")).collect();
    nics.retain(|nic| backends.iter().all(|backend| backend["vmNicUuid"] != nic.uuid.as_str()));
    Ok(nics)
}

pub(super) async fn nics_for_listener<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let listener = context.target_of("listenerUuid", "listener")?;
    let groups = records(&listener, "serverGroupRefs");
    let groups: Vec<Uuid> =
        groups.iter().filter_map(|group| group["serverGroupUuid"].as_str()).map(str::to_owned).collect();
    let groups = context.node.store.documents(&groups).await?;
    let users: Vec<_> = groups.iter().chain([&listener]).collect();
    Ok(Done { answer: Answer::Documents(nics(context, &users).await?), ..Done::default() })
}

pub(super) async fn nics_for_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_given(context, "servergroupUuid")?;
    let group = context.targets("servergroupUuid");
    let mut nics = nics(context, &group.iter().collect::<Vec<_>>()).await?;
    if let Some(version) = context.parameters.get("ipVersion").and_then(Value::as_i64) {
        let uuids: Vec<Uuid> = nics.iter().map(|nic| nic.uuid.clone()).collect();
        let mut ips = holders(context, &uuids, "UsedIp", "vmNicUuid").await?;
        ips.retain(|ip| ip.text("ip").is_some_and(|ip| ip.contains(':') == (version == 6)));
        nics.retain(|nic| ips.iter().any(|ip| ip.text("vmNicUuid") == Some(&nic.uuid)));
    }
    Ok(Done { answer: Answer::Documents(nics), ..Done::default() })
}

/// Changes the server groups to which a list of a listener redirects requests.
pub(super) fn change_groups<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut listener = context.target_of("listenerUuid", "listener")?;
    let list = context.target_of("aclUuid", "access control list")?;
    let present = records(&listener, "aclRefs");
    let of_list = present.iter().find(|record| record["aclUuid"] == list.uuid.as_str());
    if of_list.is_none_or(|record| record["type"] != "redirect") {
        return Err(errors::operation_failed(format!(
            "The listener [uuid:{}] does not redirect requests by the access control list [uuid:{}]; add it with \
             AddAccessControlListToLoadBalancer.",
            listener.uuid, list.uuid
        ))
        .into());
    }
    let groups = context.targets("serverGroupUuids");
    let balancer = listener.text("loadBalancerUuid").map(str::to_owned);
    if let Some(other) = groups.iter().find(|group| group.text("loadBalancerUuid") != balancer.as_deref()) {
        return Err(errors::invalid_argument(format!(
            "[serverGroupUuids] has the server group [uuid:{}], which belongs to another load balancer.",
            other.uuid
        ))
        .into());
    }
    load_balancers::remove(&mut listener, "aclRefs", "aclUuid", &[&list.uuid]);
    for group in &groups {
        let record = json!({
            "listenerUuid": listener.uuid, "aclUuid": list.uuid, "serverGroupUuid": group.uuid, "type": "redirect",
        });
        load_balancers::push(&mut listener, "aclRefs", record, context.now);
    }
    let groups: Vec<_> = groups.iter().map(|group| group.uuid.as_str()).collect();
    let fields = json!({"aclUuid": list.uuid, "listenerUuid": listener.uuid, "serverGroupUuids": groups});
    let edits = context.finish_change(listener).edits;
    Ok(Done { edits, ..Done::with_fields([("inventory", fields)]) })
}

/// Lists the entries of the access control lists of listeners.
pub(super) async fn entries<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut listeners = context.targets("listenerUuids");
    if texts(context.parameters.get("listenerUuids")).next().is_none() {
        listeners = context.node.store.documents_of("LoadBalancerListener").await?;
        listeners.retain(|listener| listener.may_be_used_by(&context.caller));
    }
    let mut of_listeners = Map::new();
    for listener in listeners {
        let references = records(&listener, "aclRefs");
        let mut lists: Vec<Uuid> =
            references.iter().filter_map(|record| record["aclUuid"].as_str()).map(str::to_owned).collect();
        lists.sort();
        lists.dedup();
        let mut entries = holders(context, &lists, "AccessControlListEntry", "aclUuid").await?;
        if let Some(wanted) = context.text("type") {
            entries.retain(|entry| entry.text("type") == Some(wanted));
        }
        let mut inventories = context.node.inventories_of(context.plans, entries, &[]).await?;
        for entry in &mut inventories {
            let of_list = references.iter().filter(|record| record["aclUuid"] == entry["aclUuid"]);
            let groups: Vec<Uuid> =
                of_list.filter_map(|record| record["serverGroupUuid"].as_str()).map(str::to_owned).collect();
            let groups = context.node.store.documents(&groups).await?;
            entry["serverGroups"] = context.node.inventories_of(context.plans, groups, &[]).await?.into();
        }
        of_listeners.insert(listener.uuid, inventories.into());
    }
    Ok(addresses::answer(Map::from_iter([("inventories".to_owned(), of_listeners.into())])))
}
