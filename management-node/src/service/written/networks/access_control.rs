//! Entries of access control lists.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::json;

use super::{Context, Done, create as create_document, holders};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// The first and the last address of an item: an address, a CIDR, or two ends.
fn ends(item: &str) -> Option<(IpAddr, IpAddr)> {
    if let Ok(net) = item.parse::<IpNet>() {
        return Some((net.network(), net.broadcast()));
    }
    let (first, last) = item.split_once('-').unwrap_or((item, item));
    let (first, last): (IpAddr, IpAddr) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last && first.is_ipv4() == last.is_ipv4()).then_some((first, last))
}

pub(super) async fn add_entry<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let list = context.target("aclUuid")?;
    let is_ipv4 = list.number("ipVersion").unwrap_or(4) == 4;
    let entries = context.text("entries").unwrap_or_default();
    let existing =
        holders(context, std::slice::from_ref(&list.uuid), "AccessControlListEntry", "aclUuid").await?;
    let existing =
        existing.iter().filter_map(|entry| entry.text("ipEntries")).flat_map(|items| items.split(','));
    let mut taken: Vec<_> = existing.filter_map(|item| ends(item.trim())).collect();
    for item in entries.split(',').map(str::trim) {
        let Some((first, last)) = ends(item).filter(|(first, _)| first.is_ipv4() == is_ipv4) else {
            let text = format!(
                "[entries] has `{item}`, which is not an address, a range or a CIDR of the IP version of the list."
            );
            return Err(errors::invalid_argument(text).into());
        };
        if taken.iter().any(|(start, end)| first <= *end && *start <= last) {
            let text = format!("[entries] has `{item}`, which overlaps with another entry of the list.");
            return Err(errors::invalid_argument(text).into());
        }
        taken.push((first, last));
    }
    let fields = json!({"aclUuid": list.uuid, "ipEntries": entries, "type": "IpEntry"});
    let fields = fields.as_object().cloned().unwrap_or_default();
    let (entry, edits) = create_document(context, "AccessControlListEntry", fields)?;
    Ok(Done::with_document(entry, edits))
}
