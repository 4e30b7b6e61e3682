//! Port forwarding rules, and the ports of VIPs.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::guests::{guest, used_vip};
use super::{Context, Done, create as create_document, holders};
use crate::cloud::{guests, port_forwarding};
use crate::service::Failure;
use crate::store::Store;

/// The number of free ports in a response that limits it in no other way.
const FREE_PORTS: usize = 1000;

pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut used = used_vip(context, context.text("vipUuid").unwrap_or_default()).await?;
    let ports = port_forwarding::requested_ports(context.parameters)?;
    port_forwarding::check_vip(&used, &ports, context.parameters)?;
    let mut fields = port_forwarding::fields(&used.vip, &ports, context.parameters);
    fields.retain(|_, value| !value.is_null());
    if context.text("vmNicUuid").is_some() {
        let guest = guest(context, context.target("vmNicUuid")?).await?;
        let ip = port_forwarding::check_guest(&used.vip, &guest, &fields)?;
        fields.insert("vmNicUuid".to_owned(), guest.nic.uuid.into());
        fields.insert("guestIp".to_owned(), ip.into());
    }
    let (rule, mut edits) = create_document(context, "PortForwardingRule", fields)?;
    guests::use_vip(&mut used.vip, &rule.uuid, "PortForwarding", context.now);
    edits.push(context.replace(used.vip));
    Ok(Done::with_document(rule, edits))
}

pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut rule = context.target("ruleUuid")?;
    guests::check_detached("port forwarding rule", &rule)?;
    guests::check_enabled("port forwarding rule", &rule)?;
    let vip = used_vip(context, rule.text("vipUuid").unwrap_or_default()).await?.vip;
    let guest = guest(context, context.target("vmNicUuid")?).await?;
    let ip = port_forwarding::check_guest(&vip, &guest, &rule.fields)?;
    rule.set("vmNicUuid", guest.nic.uuid);
    rule.set("guestIp", ip);
    Ok(context.finish_change(rule))
}

pub(super) fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut rule = context.target("uuid")?;
    guests::check_attached("port forwarding rule", &rule)?;
    rule.set("vmNicUuid", Value::Null);
    rule.set("guestIp", Value::Null);
    Ok(context.finish_change(rule))
}

/// The ports of a VIP that are in use for a protocol, in order.
async fn used_ports<S: Store>(
    context: &Context<'_, S>,
    vip: &str,
    protocol: &str,
) -> Result<Vec<RangeInclusive<i64>>, Failure> {
    let users = used_vip(context, vip).await?.users;
    let balancers: Vec<_> =
        users.iter().filter(|user| user.base == "LoadBalancer").map(|user| user.uuid.clone()).collect();
    let listeners = holders(context, &balancers, "LoadBalancerListener", "loadBalancerUuid").await?;
    let of_rules = users
        .iter()
        .filter(|user| user.base == "PortForwardingRule" && user.text("protocolType") == Some(protocol))
        .map(|rule| port_forwarding::ports(rule, "vipPortStart", "vipPortEnd"));
    let of_listeners = listeners
        .iter()
        .filter(|listener| (listener.text("protocol") == Some("udp")) == (protocol == "UDP"))
        .map(|listener| port_forwarding::ports(listener, "loadBalancerPort", "loadBalancerPort"));
    let mut ports: Vec<_> = of_rules.chain(of_listeners).collect();
    ports.sort_by_key(|ports| *ports.start());
    Ok(ports)
}

pub(super) async fn list_used<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vip = context.target("uuid")?.uuid;
    let protocol = context.text("protocol").unwrap_or_default();
    let ports = used_ports(context, &vip, protocol).await?;
    let ports: Vec<_> = ports.iter().map(|ports| format!("{}-{}", ports.start(), ports.end())).collect();
    Ok(Done::with_fields([("inventories", json!([{"uuid": vip, "protocol": protocol, "usedPorts": ports}]))]))
}

pub(super) async fn check_port<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vip = context.target("vipUuid")?.uuid;
    let port = context.parameters.get("port").and_then(Value::as_i64).unwrap_or_default();
    let used = used_ports(context, &vip, context.text("protocolType").unwrap_or_default()).await?;
    let available = !used.iter().any(|ports| ports.contains(&port));
    Ok(Done::with_fields([("available", available.into())]))
}

pub(super) async fn list_free<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vip = context.target("vipUuid")?.uuid;
    let number = |name: &str| {
        let given = context.parameters.get(name).and_then(Value::as_u64);
        given.and_then(|number| usize::try_from(number).ok())
    };
    let used = used_ports(context, &vip, context.text("protocolType").unwrap_or_default()).await?;
    let free = (1..=65535_i64).filter(|port| !used.iter().any(|ports| ports.contains(port)));
    let free = free.skip(number("start").unwrap_or(0)).take(number("limit").unwrap_or(FREE_PORTS));
    Ok(Done::with_fields([("availablePort", free.collect::<Vec<_>>().into())]))
}
