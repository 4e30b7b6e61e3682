//! Used addresses: what uses them, and their deletion.

use std::collections::HashMap;
use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::{Context, Done, addresses};
use crate::cloud::{dhcp, texts};
use crate::model::{Document, Moment, OWNER, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// The private field with the VIP that has an address.
const VIP: &str = "_vipUuid";

/// Loads the used addresses of a network.
async fn of_network<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
) -> Result<Vec<Document>, Failure> {
    let mut used = context.holders(&network.uuid, "l3NetworkUuid").await?;
    used.retain(|holder| holder.base == "UsedIp");
    Ok(used)
}

/// The documents to which some others refer in a field, by UUID.
async fn load_references<S: Store>(
    context: &Context<'_, S>,
    documents: impl Iterator<Item = &Document>,
    field: &str,
) -> Result<HashMap<Uuid, Document>, Failure> {
    let mut uuids: Vec<Uuid> =
        documents.filter_map(|document| document.text(field)).map(str::to_owned).collect();
    uuids.sort();
    uuids.dedup();
    let found = context.node.store.documents(&uuids).await?;
    Ok(found.into_iter().map(|document| (document.uuid.clone(), document)).collect())
}

/// An address with its user.
struct Use<'a> {
    ip: &'a Document,
    vip: Option<&'a Document>,
    vm: Option<&'a Document>,
}

impl Use<'_> {
    fn address(&self) -> Option<IpAddr> {
        self.ip.text("ip")?.parse().ok()
    }

    /// The kinds of resources that use the address.
    fn types(&self) -> Vec<&'static str> {
        let is_dhcp = self.ip.text("usedFor") == Some(dhcp::SERVICE);
        let kinds = [("VIP", self.vip.is_some()), ("VM", self.vm.is_some()), ("DHCP", is_dhcp)];
        kinds.into_iter().filter(|(_, is_used)| *is_used).map(|(name, _)| name).collect()
    }

    /// The entry of the statistic.
    fn entry(&self, accounts: &HashMap<Uuid, Document>, time: &str) -> Value {
        let user = self.vip.or(self.vm);
        let owner = user.and_then(|user| accounts.get(user.owner()?));
        let text = |document: Option<&Document>, field: &str| {
            document.and_then(|document| document.text(field)).map(str::to_owned)
        };
        let uuid = |document: Option<&Document>| document.map(|document| document.uuid.clone());
        json!({
            "ip": self.ip.text("ip"), "vipUuid": uuid(self.vip), "vipName": text(self.vip, "name"),
            "vmInstanceUuid": uuid(self.vm), "vmInstanceName": text(self.vm, "name"),
            "vmInstanceType": text(self.vm, "type"), "resourceTypes": self.types(),
            "state": text(user, "state"), "useFor": text(self.vip, "useFor"), "createDate": time,
            "ownerName": text(owner, "name"),
        })
    }
}

/// Lists the used addresses of a network.
pub(super) async fn statistic<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let used = of_network(context, &network).await?;
    let nics = load_references(context, used.iter(), "vmNicUuid").await?;
    let vms = load_references(context, nics.values(), "vmInstanceUuid").await?;
    let vips = load_references(context, used.iter(), VIP).await?;
    let accounts = load_references(context, vms.values().chain(vips.values()), OWNER).await?;
    let find = |ip| -> Use<'_> {
        let ip: &Document = ip;
        let nic = nics.get(ip.text("vmNicUuid").unwrap_or_default());
        let vm = nic.and_then(|nic| vms.get(nic.text("vmInstanceUuid")?));
        Use { ip, vm, vip: vips.get(ip.text(VIP).unwrap_or_default()) }
    };
    let mut uses: Vec<_> = used.iter().map(find).collect();
    match context.text("resourceType") {
        Some("Vip") => uses.retain(|of_ip| of_ip.vip.is_some()),
        Some("VM") => uses.retain(|of_ip| of_ip.vm.is_some()),
        _ => {}
    }
    if let Some(part) = context.text("ip").map(|part| part.trim_matches('%')) {
        uses.retain(|of_ip| of_ip.ip.text("ip").is_some_and(|ip| ip.contains(part)));
    }
    if context.text("sortBy") == Some("CreateDate") {
        uses.sort_by_key(|of_ip| (of_ip.ip.number("createDate"), of_ip.address()));
    } else {
        uses.sort_by_key(Use::address);
    }
    if context.text("sortDirection") == Some("desc") {
        uses.reverse();
    }
    let number = |name: &str, default: usize| {
        let given = context.parameters.get(name).and_then(Value::as_u64);
        given.and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
    };
    let page = uses.iter().skip(number("start", 0)).take(number("limit", 20));
    let entry = |of_ip: &Use<'_>| {
        let created = Moment::from_millis(of_ip.ip.number("createDate").unwrap_or_default());
        of_ip.entry(&accounts, &context.time(created))
    };
    let list: Vec<_> = page.map(entry).collect();
    let mut fields = Map::from_iter([("ipStatistics".to_owned(), list.into())]);
    if context.flag("replyWithCount") {
        fields.insert("total".to_owned(), uses.len().into());
    }
    Ok(addresses::answer(fields))
}

/// Deletes addresses that no NIC and no VIP has.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target("l3NetworkUuid")?;
    let mut deleted = Vec::new();
    for uuid in texts(context.parameters.get("usedIpUuids")) {
        let Some(ip) = context.documents.get(uuid) else { continue };
        let has_user = ip.text("vmNicUuid").or(ip.text(VIP)).is_some();
        if has_user || ip.text("l3NetworkUuid") != Some(&network.uuid) {
            return Err(errors::invalid_argument(format!(
                "[usedIpUuids] has the address {} [uuid:{uuid}], which a NIC or a VIP uses, or which is not of the L3 \
                 network [uuid:{}].",
                ip.text("ip").unwrap_or_default(),
                network.uuid
            ))
            .into());
        }
        deleted.push(ip.clone());
    }
    let servers = super::dhcp::servers(context, &network.uuid).await?;
    let tags = servers.into_iter().filter(|server| deleted.iter().any(|ip| ip.uuid == server.ip_uuid));
    let tags: Vec<_> = tags.map(|server| server.tag).collect();
    deleted.extend(tags);
    let edits = context.node.deletion_of(context.plans, context.plan, deleted).await?;
    Ok(Done { edits, ..Done::default() })
}
