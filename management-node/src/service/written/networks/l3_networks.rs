//! Services, name servers, routes and tags of L3 networks.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;
use serde_json::{Map, Value, json};

use super::{Context, Done, addresses, holders, services_of};
use crate::addresses::Range;
use crate::cloud::ip_ranges::parse_parameter;
use crate::cloud::{dhcp, network_services, providers};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

/// The MTU of a network that has no other one.
const MTU: i64 = 1500;

/// The MTU of a VXLAN network that has no other one.
const VXLAN_MTU: i64 = 1450;

pub(super) async fn attach_services<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let providers = context.node.store.documents_of(providers::RESOURCE).await?;
    let attached = services_of(context, &network.uuid).await?;
    let none = Map::new();
    let requested = context.parameters.get("networkServices").and_then(Value::as_object).unwrap_or(&none);
    let new = network_services::attach(&network, &providers, &attached, requested)?;
    let mut edits = super::dhcp::start(context, &network, &new).await?;
    for fields in new {
        edits.push(context.new_document("NetworkServiceL3NetworkRef", fields)?.1);
    }
    Ok(Done::with_document(network, edits))
}

pub(super) async fn detach_services<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let providers = context.node.store.documents_of(providers::RESOURCE).await?;
    let attached = services_of(context, &network.uuid).await?;
    let requested = context.parameters.get("networkServices").and_then(Value::as_object);
    let detached = network_services::detach(&providers, attached, requested, context.text("service"));
    let has_server = dhcp::is_on_hosts(&detached.iter().map(|service| &service.fields).collect::<Vec<_>>());
    let mut edits: Vec<_> = detached.into_iter().map(|document| DocumentEdit::Delete { document }).collect();
    if has_server {
        edits.extend(super::dhcp::stop(context, &network.uuid).await?);
    }
    Ok(Done::with_document(network, edits))
}

fn list(network: &Document, field: &str) -> Vec<Value> {
    network.fields.get(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

pub(super) fn add_dns<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("l3NetworkUuid")?;
    let dns = context.text("dns").unwrap_or_default();
    let dns: IpAddr = parse_parameter("dns", dns, "an IP address such as 192.168.1.10")?;
    let mut servers = list(&network, "dns");
    if servers.contains(&dns.to_string().into()) {
        return Err(errors::operation_failed(format!(
            "The L3 network [uuid:{}] already has the name server {dns}.",
            network.uuid
        ))
        .into());
    }
    servers.push(dns.to_string().into());
    network.set("dns", servers);
    Ok(context.finish_change(network))
}

pub(super) fn add_host_route<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("l3NetworkUuid")?;
    let prefix = context.text("prefix").unwrap_or_default();
    let prefix: Ipv4Net = parse_parameter("prefix", prefix, "a CIDR such as 192.168.1.0/24")?;
    let next = context.text("nexthop").unwrap_or_default();
    let next: Ipv4Addr = parse_parameter("nexthop", next, "an IPv4 address such as 192.168.1.10")?;
    let mut routes = list(&network, "hostRoute");
    if routes.iter().any(|route| route["prefix"] == prefix.to_string()) {
        return Err(errors::operation_failed(format!(
            "The L3 network [uuid:{}] already has a route to {prefix}; remove it first.",
            network.uuid
        ))
        .into());
    }
    let last = routes.iter().filter_map(|route| route["id"].as_i64()).max().unwrap_or(0);
    routes.push(json!({
        "id": last + 1, "l3NetworkUuid": network.uuid, "prefix": prefix.to_string(), "nexthop": next.to_string(),
        "createDate": context.now.millis(), "lastOpDate": context.now.millis(),
    }));
    network.set("hostRoute", routes);
    Ok(context.finish_change(network))
}

pub(super) fn remove_host_route<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("l3NetworkUuid")?;
    let prefix = context.text("prefix").unwrap_or_default();
    let mut routes = list(&network, "hostRoute");
    let count = routes.len();
    routes.retain(|route| route["prefix"] != prefix);
    if routes.len() == count {
        return Err(errors::operation_failed(format!(
            "The L3 network [uuid:{}] has no route to {prefix}.",
            network.uuid
        ))
        .into());
    }
    network.set("hostRoute", routes);
    Ok(context.finish_change(network))
}

/// The system tag of a document that begins with a text, and the rest of it.
async fn tag<S: Store>(
    context: &Context<'_, S>,
    document: &str,
    beginning: &str,
) -> Result<Option<(Document, String)>, Failure> {
    let tags = holders(context, &[document.to_owned()], "SystemTag", "resourceUuid").await?;
    let read = |tag: Document| {
        let rest = tag.text("tag")?.strip_prefix(beginning)?.to_owned();
        Some((tag, rest))
    };
    Ok(tags.into_iter().find_map(read))
}

/// Sets the only tag of a network that begins with a text.
async fn set_tag<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
    beginning: &str,
    rest: &str,
) -> Result<Done, Failure> {
    let text = format!("{beginning}{rest}");
    let edit = match tag(context, &network.uuid, beginning).await? {
        Some((mut old, _)) => {
            old.set("tag", text);
            context.replace(old)
        }
        None => {
            let fields = json!({"resourceUuid": network.uuid, "resourceType": "L3NetworkVO", "tag": text});
            context.new_document("SystemTag", fields.as_object().cloned().unwrap_or_default())?.1
        }
    };
    Ok(Done { edits: vec![edit], ..Done::default() })
}

fn mtu_tag(network: &Document) -> String {
    format!("l3NetworkUuid::{}::mtu::", network.uuid)
}

async fn mtu_of<S: Store>(context: &Context<'_, S>, network: &Document) -> Result<i64, Failure> {
    let set = tag(context, &network.uuid, &mtu_tag(network)).await?;
    if let Some(mtu) = set.and_then(|(_, mtu)| mtu.parse().ok()) {
        return Ok(mtu);
    }
    let l2_network = network.text("l2NetworkUuid").map(str::to_owned);
    let l2_network = context.node.store.documents(l2_network.as_slice()).await?.pop();
    let is_vxlan = l2_network.is_some_and(|network| network.kind.contains("Vxlan"));
    Ok(if is_vxlan { VXLAN_MTU } else { MTU })
}

pub(super) async fn mtu<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let mtu = mtu_of(context, &network).await?;
    Ok(Done::with_fields([("mtu", mtu.into())]))
}

pub(super) async fn set_mtu<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let mtu = context.parameters.get("mtu").and_then(Value::as_i64).unwrap_or(MTU);
    let store = &context.node.store;
    let l2_network = network.text("l2NetworkUuid").map(str::to_owned);
    let l2_network = store.documents(l2_network.as_slice()).await?.pop();
    if let Some(vlan) = l2_network.filter(|network| network.text("type") == Some("L2VlanNetwork")) {
        let is_carrier = |other: &Document| {
            other.text("type") == Some("L2NoVlanNetwork")
                && ["zoneUuid", "physicalInterface"].iter().all(|field| other.text(field) == vlan.text(field))
        };
        let all = store.documents_of("L2Network").await?;
        let carriers: Vec<_> = all.into_iter().filter(is_carrier).map(|network| network.uuid).collect();
        let above = holders(context, &carriers, "L3Network", "l2NetworkUuid").await?;
        let mut highest = if carriers.is_empty() { i64::MAX } else { MTU };
        for network in &above {
            highest = highest.max(mtu_of(context, network).await?);
        }
        if mtu > highest {
            return Err(errors::invalid_argument(format!(
                "[mtu] is {mtu}, but the network without VLAN on the same interface has {highest}; choose at most that."
            ))
            .into());
        }
    }
    set_tag(context, &network, &mtu_tag(&network), &mtu.to_string()).await
}

const ROUTER_TAG: &str = "routerInterfaceIp::";

pub(super) async fn router_ip<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let ip = tag(context, &network.uuid, ROUTER_TAG).await?;
    Ok(match ip {
        Some((_, ip)) => Done::with_fields([("routerInterfaceIp", ip.into())]),
        None => Done::default(),
    })
}

pub(super) async fn set_router_ip<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let ip = context.text("routerInterfaceIp").unwrap_or_default();
    let ip: Ipv4Addr = parse_parameter("routerInterfaceIp", ip, "an IPv4 address such as 192.168.1.10")?;
    let all = addresses::of_network(context, &network.uuid).await?;
    let mut ranges = all.ranges.iter().filter_map(|range| Range::of_record(range).ok());
    if !ranges.any(|range| range.contains(ip.into())) {
        return Err(errors::invalid_argument(format!(
            "[routerInterfaceIp] is {ip}, which is not in the CIDR of a range of the L3 network [uuid:{}].",
            network.uuid
        ))
        .into());
    }
    set_tag(context, &network, ROUTER_TAG, &ip.to_string()).await
}

/// Answers the types of L3 networks.
pub(super) fn types() -> Done {
    Done::with_fields([("types", json!(["L3BasicNetwork", "L3VpcNetwork"]))])
}

/// Answers the types of providers by services.
pub(super) fn service_types() -> Done {
    let types = Value::Object(network_services::types());
    Done { answer: Answer::Fields(Map::from_iter([("types".to_owned(), types)])), ..Done::default() }
}
