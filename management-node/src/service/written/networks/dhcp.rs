//! The DHCP servers of L3 networks.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::{Context, Done, addresses, services_of};
use crate::cloud::dhcp::{self, Server};
use crate::cloud::free_addresses::{self, Address, Wanted};
use crate::cloud::ip_ranges;
use crate::model::{Document, DocumentEdit};
use crate::rules::NetworkAddresses;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// Loads the servers of a network.
pub(super) async fn servers<S: Store>(
    context: &Context<'_, S>,
    network: &str,
) -> Result<Vec<Server>, Failure> {
    Ok(dhcp::servers(context.holders(network, "resourceUuid").await?))
}

fn create<S: Store>(
    context: &Context<'_, S>,
    network: &str,
    address: &Address,
) -> Result<[DocumentEdit; 2], Failure> {
    let (used, tag) = dhcp::new_server(address, network);
    Ok([context.new_document("UsedIp", used)?.1, context.new_document("SystemTag", tag)?.1])
}

async fn delete<S: Store>(
    context: &Context<'_, S>,
    servers: Vec<Server>,
) -> Result<Vec<DocumentEdit>, Failure> {
    let mut uuids: Vec<_> = servers.iter().map(|server| server.ip_uuid.clone()).collect();
    uuids.extend(servers.into_iter().map(|server| server.tag.uuid));
    let documents = context.node.store.documents(&uuids).await?;
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    context.node.deletion_of(context.plans, context.plan, documents).await
}

/// Gives the servers of a network addresses when new services are attached.
pub(super) async fn start<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
    services: &[Map<String, Value>],
) -> Result<Vec<DocumentEdit>, Failure> {
    if !dhcp::is_on_hosts(&services.iter().collect::<Vec<_>>()) {
        return Ok(Vec::new());
    }
    let all = addresses::of_network(context, &network.uuid).await?;
    let chosen = match free_addresses::lowest_of_each_version(&all) {
        Ok(chosen) => chosen,
        // Without VM instances, the server starts when there are addresses.
        Err(_) if !has_nics(context, network).await? => Vec::new(),
        Err(_) => {
            return Err(errors::operation_failed(format!(
                "The L3 network [uuid:{}] has VM instances, but no free address for a DHCP server; add an IP range.",
                network.uuid
            ))
            .into());
        }
    };
    let mut edits = Vec::new();
    for address in chosen {
        edits.extend(create(context, &network.uuid, &address)?);
    }
    Ok(edits)
}

async fn has_nics<S: Store>(context: &Context<'_, S>, network: &Document) -> Result<bool, Failure> {
    let holders = context.holders(&network.uuid, "l3NetworkUuid").await?;
    Ok(holders.iter().any(|holder| holder.base == "VmNic"))
}

/// Gives the server of a network an address of a new range, unless it has one of this IP version.
pub(super) async fn extend<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
    range: &Document,
) -> Result<Vec<DocumentEdit>, Failure> {
    let services = services_of(context, &network.uuid).await?;
    let services: Vec<_> = services.iter().map(|service| &service.fields).collect();
    if !dhcp::is_on_hosts(&services) {
        return Ok(Vec::new());
    }
    let Some(address) = dhcp::first_address(range) else { return Ok(Vec::new()) };
    let present = servers(context, &network.uuid).await?;
    let all = addresses::of_network(context, &network.uuid).await?;
    let is_present = present.iter().any(|server| server.ip.is_ipv4() == address.ip.is_ipv4());
    if is_present || !all.is_free(address.ip) {
        return Ok(Vec::new());
    }
    Ok(create(context, &network.uuid, &address)?.into())
}

/// Releases the addresses of the servers of a network.
pub(super) async fn stop<S: Store>(
    context: &Context<'_, S>,
    network: &str,
) -> Result<Vec<DocumentEdit>, Failure> {
    let servers = servers(context, network).await?;
    delete(context, servers).await
}

/// The addresses of servers, by the names of fields for IPv4 and IPv6.
fn fields(servers: &[IpAddr], names: [&str; 2]) -> Map<String, Value> {
    let of_version = |is_ipv4: bool| servers.iter().find(|ip| ip.is_ipv4() == is_ipv4);
    let [ipv4, ipv6] = names;
    let found = [(ipv4, of_version(true)), (ipv6, of_version(false))];
    found.into_iter().filter_map(|(name, ip)| Some((name.to_owned(), json!(ip?.to_string())))).collect()
}

pub(super) async fn get<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let servers = servers(context, &network.uuid).await?;
    let ips: Vec<_> = servers.iter().map(|server| server.ip).collect();
    Ok(addresses::answer(fields(&ips, ["ip", "ip6"])))
}

/// The address in a parameter, which must be in a range and free.
fn read_address<S: Store>(
    context: &Context<'_, S>,
    parameter: &str,
    is_ipv4: bool,
    all: &NetworkAddresses,
) -> Result<Option<Address>, Failure> {
    let Some(text) = context.text(parameter) else { return Ok(None) };
    let expected =
        if is_ipv4 { "an IPv4 address such as 192.168.1.10" } else { "an IPv6 address such as fd00::10" };
    let ip: IpAddr = ip_ranges::parse_parameter(parameter, text, expected)?;
    if ip.is_ipv4() != is_ipv4 || !free_addresses::is_in_range(all, ip) {
        let text = format!(
            "[{parameter}] is {ip}, which is not {expected} in a range of the L3 network [uuid:{}].",
            all.uuid
        );
        return Err(errors::invalid_argument(text).into());
    }
    Ok(Some(free_addresses::choose(all, &Wanted::default(), Some(ip))?))
}

pub(super) async fn change<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let services = services_of(context, &network.uuid).await?;
    if !dhcp::is_on_hosts(&services.iter().map(|service| &service.fields).collect::<Vec<_>>()) {
        return Err(errors::operation_failed(format!(
            "The L3 network [uuid:{}] does not have the service DHCP of the provider Flat; attach it first.",
            network.uuid
        ))
        .into());
    }
    let all = addresses::of_network(context, &network.uuid).await?;
    let mut servers = servers(context, &network.uuid).await?;
    let mut edits = Vec::new();
    let mut ips = Vec::new();
    for (parameter, is_ipv4) in [("dhcpServerIp", true), ("dhcpv6ServerIp", false)] {
        let (old, others) = servers.into_iter().partition(|server: &Server| server.ip.is_ipv4() == is_ipv4);
        servers = others;
        let old: Vec<_> = old;
        let is_same = old.iter().any(|server| context.text(parameter) == Some(&server.ip.to_string()));
        let new = if is_same { None } else { read_address(context, parameter, is_ipv4, &all)? };
        match new {
            Some(address) => {
                ips.push(address.ip);
                edits.extend(delete(context, old).await?);
                edits.extend(create(context, &network.uuid, &address)?);
            }
            None => ips.extend(old.iter().map(|server| server.ip)),
        }
    }
    let mut done = addresses::answer(fields(&ips, ["dhcpServerIp", "dhcpv6ServerIp"]));
    done.edits = edits;
    Ok(done)
}
