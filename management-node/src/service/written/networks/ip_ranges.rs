//! IP ranges.

use std::net::IpAddr;

use serde_json::json;

use super::{Context, Done, create, dhcp, holders};
use crate::addresses::Range;
use crate::cloud::ip_ranges::{self, Site};
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

/// The ranges of all L3 networks on the L2 network of one.
async fn neighbor_ranges<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
) -> Result<Vec<Document>, Failure> {
    let store = &context.node.store;
    let mut networks = vec![network.uuid.clone()];
    if let Some(l2_network) = network.text("l2NetworkUuid") {
        let all = holders(context, &[l2_network.to_owned()], "L3Network", "l2NetworkUuid").await?;
        networks.extend(all.into_iter().map(|network| network.uuid));
    }
    let ranges = store.documents_of("IpRange").await?.into_iter();
    let is_beside = |range: &Document| {
        range.text("l3NetworkUuid").is_some_and(|uuid| networks.iter().any(|network| network == uuid))
    };
    Ok(ranges.filter(is_beside).collect())
}

pub(super) async fn add<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut network = context.target("l3NetworkUuid")?;
    let parameters = context.parameters;
    let new = match context.plan.operation.name {
        "AddIpRange" => ip_ranges::ipv4_of_addresses(parameters),
        "AddIpRangeByNetworkCidr" => ip_ranges::ipv4_of_cidr(parameters),
        "AddIpv6Range" => ip_ranges::ipv6_of_addresses(parameters),
        _ => ip_ranges::ipv6_of_cidr(parameters),
    }?;
    let ranges = neighbor_ranges(context, &network).await?;
    let site = Site { network: &network, ranges: &ranges };
    let mut edits = Vec::new();
    let mut created = Vec::new();
    for range in new {
        range.check(parameters, &site)?;
        let fields = range.fields(parameters, &network);
        if created.is_empty() {
            let (document, edits_of_first) = create(context, "IpRange", fields)?;
            created.push(document);
            edits.extend(edits_of_first);
        } else {
            let mut fields = fields;
            let names = ["name", "description"];
            let given = names.into_iter().filter_map(|name| parameters.get_key_value(name));
            fields.extend(given.map(|(name, value)| (name.clone(), value.clone())));
            let (document, edit) = context.new_document("IpRange", fields)?;
            created.push(document);
            edits.push(edit);
        }
    }
    if let Some(first) = created.first() {
        edits.extend(dhcp::extend(context, &network, first).await?);
    }
    let version = if context.plan.operation.name.starts_with("AddIpv6") { 6 } else { 4 };
    let version = ip_ranges::ip_version(&network, &ranges, version);
    if network.number("ipVersion") != Some(version) {
        network.set("ipVersion", version);
        edits.push(context.replace(network));
    }
    Ok(Done { edits, answer: Answer::Documents(created), ..Done::default() })
}

pub(super) async fn reserve<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let ends = ["startIp", "endIp"].map(|name| {
        let value = context.text(name).unwrap_or_default();
        ip_ranges::parse_parameter::<IpAddr>(name, value, "an IP address such as 192.168.1.10")
    });
    let [first, last] = ends;
    let (first, last) = (first?, last?);
    if first.is_ipv4() != last.is_ipv4() || first > last {
        return Err(errors::invalid_argument(format!(
            "[startIp] is {first} and [endIp] is {last}, which are not the ends of a range."
        ))
        .into());
    }
    let networks = context.node.store.networks(std::slice::from_ref(&network.uuid)).await?;
    let Some(addresses) = networks.into_iter().next() else { return Ok(Done::default()) };
    let ranges = addresses.ranges.iter().filter_map(|range| Range::of_record(range).ok());
    if !ranges.into_iter().any(|range| range.contains(first) && range.contains(last)) {
        return Err(errors::invalid_argument(format!(
            "{first} to {last} is not in the CIDR of a range of the L3 network [uuid:{}].",
            network.uuid
        ))
        .into());
    }
    if let Some((old, end)) = addresses.reserved.iter().find(|(start, end)| *start <= last && first <= *end) {
        return Err(errors::invalid_argument(format!(
            "{first} to {last} overlaps with the reserved range {old} to {end} of the L3 network."
        ))
        .into());
    }
    let fields = json!({
        "l3NetworkUuid": network.uuid, "startIp": first.to_string(), "endIp": last.to_string(),
        "ipVersion": if first.is_ipv4() { 4 } else { 6 },
    });
    let (document, edits) =
        create(context, "ReservedIpRange", fields.as_object().cloned().unwrap_or_default())?;
    Ok(Done::with_document(document, edits))
}

/// Deletes a range, its VIPs, and the NICs that have only addresses of it.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(range) = context.target("uuid") else { return Ok(Done::default()) };
    let of_range = holders(context, std::slice::from_ref(&range.uuid), "UsedIp", "ipRangeUuid").await?;
    let mut nics: Vec<_> = of_range.iter().filter_map(|ip| ip.text("vmNicUuid")).map(str::to_owned).collect();
    nics.sort();
    nics.dedup();
    let of_nics = holders(context, &nics, "UsedIp", "vmNicUuid").await?;
    let has_other = |nic: &String| {
        of_nics.iter().any(|ip| {
            ip.text("vmNicUuid") == Some(nic) && ip.text("ipRangeUuid") != Some(range.uuid.as_str())
        })
    };
    nics.retain(|nic| !has_other(nic));
    let mut documents = vec![range];
    documents.extend(context.node.store.documents(&nics).await?);
    let edits = context.node.deletion_of(context.plans, context.plan, documents).await?;
    Ok(Done { edits, ..Done::default() })
}
