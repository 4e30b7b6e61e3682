//! The addresses of NICs.

use std::net::IpAddr;

use serde_json::Value;

use super::{Context, networks};
use crate::cloud::{free_addresses, ip_ranges, nics};
use crate::model::{Document, DocumentEdit, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

const IP: &str = "an IP address such as 192.168.1.10";

/// Reads an address in a parameter.
pub(super) fn parse<S: Store>(context: &Context<'_, S>, parameter: &str) -> Result<Option<IpAddr>, Failure> {
    let text = context.text(parameter);
    Ok(text.map(|text| ip_ranges::parse_parameter(parameter, text, IP)).transpose()?)
}

/// Gives a NIC addresses of a network: the one in a parameter, or the lowest free one of each IP version.
pub(in crate::service::written) async fn allocate<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
    nic: &Uuid,
    parameter: &str,
) -> Result<Vec<DocumentEdit>, Failure> {
    let required = parse(context, parameter)?;
    let all = networks::addresses_of(context, &network.uuid).await?;
    let has_addresses = network.fields.get("enableIPAM").and_then(Value::as_bool).unwrap_or(true);
    let addresses = match required {
        Some(ip) if !free_addresses::is_in_range(&all, ip) => {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] is {ip}, which is not in a range of the L3 network [uuid:{}]; choose another address.",
                network.uuid
            ))
            .into());
        }
        Some(ip) => vec![free_addresses::choose(&all, &free_addresses::Wanted::default(), Some(ip))?],
        None if !has_addresses => Vec::new(),
        None => free_addresses::lowest_of_each_version(&all)?,
    };
    if addresses.is_empty() && has_addresses {
        return Err(errors::operation_failed(format!(
            "The L3 network [uuid:{}] has no IP range; add one first.",
            network.uuid
        ))
        .into());
    }
    let mut edits = Vec::new();
    for address in addresses {
        let fields = nics::used_ip(&address, &network.uuid, Some(nic));
        edits.push(context.new_document("UsedIp", fields)?.1);
    }
    Ok(edits)
}

/// The addresses of a NIC.
pub(super) async fn of_nic<S: Store>(
    context: &Context<'_, S>,
    nic: &Document,
) -> Result<Vec<Document>, Failure> {
    let mut ips = context.holders(&nic.uuid, "vmNicUuid").await?;
    ips.retain(|ip| ip.base == "UsedIp");
    Ok(ips)
}

/// Replaces the system tags with static addresses of a VM instance on a network: those of one IP version,
/// or all.
pub(super) async fn set_tag<S: Store>(
    context: &Context<'_, S>,
    vm: &Document,
    network: &str,
    is_replaced: impl Fn(&str) -> bool,
    ip: Option<&str>,
) -> Result<Vec<DocumentEdit>, Failure> {
    let beginning = nics::static_ip_tag(network);
    let tags = context.holders(&vm.uuid, "resourceUuid").await?.into_iter();
    let is_old = |tag: &Document| {
        let ip = tag.text("tag").and_then(|text| text.strip_prefix(&beginning));
        tag.base == "SystemTag" && ip.is_some_and(&is_replaced)
    };
    let mut edits: Vec<_> = tags.filter(is_old).map(|document| DocumentEdit::Delete { document }).collect();
    if let Some(ip) = ip {
        let text = format!("{beginning}{}", nics::in_tag(ip));
        edits.push(crate::cloud::new_tag(
            "SystemTag",
            "System",
            &text,
            &vm.uuid,
            "VmInstanceVO",
            context.now,
        ));
    }
    Ok(edits)
}
