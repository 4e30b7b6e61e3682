//! Virtual IP addresses.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::{Context, Done, addresses, create as create_document, delete as delete_document};
use crate::addresses::in_long;
use crate::cloud::free_addresses::{self, Wanted};
use crate::cloud::ip_ranges;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    free_addresses::check_strategy(context.text("allocatorStrategy"))?;
    if context.text("ipRangeUuid").is_some() {
        let range = context.target("ipRangeUuid")?;
        if range.text("l3NetworkUuid") != Some(&network.uuid) {
            return Err(errors::invalid_argument(format!(
                "[ipRangeUuid] is {}, which is not a range of the L3 network [uuid:{}].",
                range.uuid, network.uuid
            ))
            .into());
        }
    }
    let required = match context.text("requiredIp") {
        Some(ip) => Some(ip_ranges::parse_parameter::<IpAddr>(
            "requiredIp",
            ip,
            "an IP address such as 192.168.1.10",
        )?),
        None => None,
    };
    let version = context.parameters.get("ipVersion").and_then(Value::as_i64);
    let version = version.or(required.map(free_addresses::version));
    let wanted = Wanted { range_uuid: context.text("ipRangeUuid"), version, range_type: None };
    let all = addresses::of_network(context, &network.uuid).await?;
    let address = free_addresses::choose(&all, &wanted, required)?;
    let ip = address.ip.to_string();
    let fields = json!({
        "l3NetworkUuid": network.uuid, "ip": ip, "netmask": address.netmask, "prefixLen": address.prefix,
        "gateway": address.gateway, "peerL3NetworkUuids": [], "servicesRefs": [],
        "_ipRangeUuid": address.range_uuid,
    });
    let (vip, mut edits) = create_document(context, "Vip", fields.as_object().cloned().unwrap_or_default())?;
    let used = json!({
        // As for NICs, so that an address cannot be used twice.
        "uuid": uuids::from_name(&format!("{}/{ip}", network.uuid)),
        "ip": ip, "ipInLong": in_long(&ip), "ipVersion": address.version(), "netmask": address.netmask,
        "gateway": address.gateway, "usedFor": "Vip", "ipRangeUuid": address.range_uuid,
        "l3NetworkUuid": network.uuid, "_vipUuid": vip.uuid,
    });
    let (_, edit) = context.new_document("UsedIp", used.as_object().cloned().unwrap_or_default())?;
    edits.push(edit);
    Ok(Done::with_document(vip, edits))
}

pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    delete_document(context, |vip| {
        if vip.fields.get("system").and_then(Value::as_bool) == Some(true) {
            let text = format!("The VIP [uuid:{}] belongs to the system and cannot be deleted.", vip.uuid);
            return Err(errors::invalid_argument(text).into());
        }
        Ok(())
    })
    .await
}
