//! Reads of free and used addresses.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::{Context, Done};
use crate::cloud::free_addresses::{self, Capacity, Wanted};
use crate::cloud::{ip_ranges, texts};
use crate::model::{IpRange, Uuid};
use crate::rules::NetworkAddresses;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

const IP: &str = "an IP address such as 192.168.1.10";

/// The maximum number of addresses in a response.
const MAX_LIMIT: i64 = 100_000;

/// Answers with fields.
pub(super) fn answer(fields: Map<String, Value>) -> Done {
    Done { answer: Answer::Fields(fields), ..Done::default() }
}

/// Loads the addresses of a network.
pub(in crate::service::written) async fn of_network<S: Store>(
    context: &Context<'_, S>,
    network: &str,
) -> Result<NetworkAddresses, Failure> {
    let mut networks = context.node.store.networks(&[network.to_owned()]).await?;
    networks.pop().ok_or_else(|| errors::not_found("l3NetworkUuid", "L3 network", network).into())
}

pub(super) async fn check<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let ip: IpAddr = ip_ranges::parse_parameter("ip", context.text("ip").unwrap_or_default(), IP)?;
    let must_be_in_range = context.parameters.get("ipRangeCheck").and_then(Value::as_bool).unwrap_or(true);
    let addresses = of_network(context, &network.uuid).await?;
    let reason = free_addresses::unavailable(&addresses, ip, must_be_in_range);
    let mut fields = Map::from_iter([("available".to_owned(), reason.is_none().into())]);
    fields.extend(reason.map(|reason| ("reason".to_owned(), reason.into())));
    Ok(answer(fields))
}

pub(super) async fn free<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let range_uuid = context.text("ipRangeUuid");
    let network_uuid = match (context.text("l3NetworkUuid"), range_uuid) {
        (Some(network), _) => network.to_owned(),
        (None, Some(_)) => {
            let range = context.target("ipRangeUuid")?;
            range.text("l3NetworkUuid").unwrap_or_default().to_owned()
        }
        (None, None) => {
            let text = "Neither [l3NetworkUuid] nor [ipRangeUuid] is given; give one of them.";
            return Err(errors::invalid_argument(text).into());
        }
    };
    let version = context.parameters.get("ipVersion").and_then(Value::as_i64);
    let start = match context.text("start") {
        Some(start) => Some(ip_ranges::parse_parameter::<IpAddr>("start", start, IP)?),
        None => None,
    };
    if let (Some(start), Some(version)) = (start, version)
        && free_addresses::version(start) != version
    {
        let text = format!("[start] is {start}, which is not an IPv{version} address.");
        return Err(errors::invalid_argument(text).into());
    }
    let limit = context.parameters.get("limit").and_then(Value::as_i64).unwrap_or(100);
    let limit = if limit < 0 { MAX_LIMIT } else { limit.min(MAX_LIMIT) };
    let version = version.or_else(|| start.map(free_addresses::version));
    let wanted = Wanted { range_uuid, version, range_type: context.text("ipRangeType") };
    let addresses = of_network(context, &network_uuid).await?;
    let found = free_addresses::free(&addresses, &wanted, start, usize::try_from(limit).unwrap_or(0));
    let list: Vec<_> = found.iter().map(free_addresses::Address::to_inventory).collect();
    Ok(answer(Map::from_iter([("inventories".to_owned(), list.into())])))
}

pub(super) async fn capacity<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let list = |name: &str| texts(context.parameters.get(name)).map(str::to_owned).collect::<Vec<Uuid>>();
    let (zones, networks, ranges) = (list("zoneUuids"), list("l3NetworkUuids"), list("ipRangeUuids"));
    let is_all = context.parameters.get("all").and_then(Value::as_bool).unwrap_or(false);
    let (resource_type, of): (_, &[Uuid]) = match (&*ranges, &*networks, &*zones) {
        ([], [], []) if !is_all => {
            let text =
                "No [zoneUuids], [l3NetworkUuids] or [ipRangeUuids] are given; give some, or set [all].";
            return Err(errors::invalid_argument(text).into());
        }
        ([], [], zones) => ("ZoneVO", zones),
        ([], networks, _) => ("L3NetworkVO", networks),
        (ranges, _, _) => ("IpRangeVO", ranges),
    };
    let store = &context.node.store;
    let documents = store.documents_of("L3Network").await?;
    let uuids: Vec<_> = documents.iter().map(|network| network.uuid.clone()).collect();
    let all = store.networks(&uuids).await?;
    let zone_of = |network: &NetworkAddresses| {
        documents.iter().find(|document| document.uuid == network.uuid)?.text("zoneUuid")
    };
    // The zone, network or range to which a range belongs.
    let key = |network: &NetworkAddresses, range: &IpRange| match resource_type {
        "ZoneVO" => zone_of(network).unwrap_or_default().to_owned(),
        "L3NetworkVO" => network.uuid.clone(),
        _ => range.uuid.clone(),
    };
    let sum = |is_counted: &dyn Fn(&str) -> bool| {
        let mut capacity = Capacity::default();
        for network in &all {
            capacity.add(network, |range| is_counted(&key(network, range)));
        }
        capacity.to_fields()
    };
    let of: Vec<Uuid> = if of.is_empty() {
        let mut zones: Vec<_> = documents.iter().filter_map(|network| network.text("zoneUuid")).collect();
        zones.sort_unstable();
        zones.dedup();
        zones.into_iter().map(str::to_owned).collect()
    } else {
        of.to_vec()
    };
    let data = of.iter().map(|uuid| {
        let mut fields = sum(&|key| key == uuid);
        fields.insert("resourceUuid".to_owned(), json!(uuid));
        Value::Object(fields)
    });
    let mut fields = sum(&|key| of.iter().any(|uuid| uuid == key));
    fields.insert("capacityData".to_owned(), data.collect::<Vec<_>>().into());
    fields.insert("resourceType".to_owned(), resource_type.into());
    Ok(answer(fields))
}
