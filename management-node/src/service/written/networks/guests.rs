//! The facts of elastic IP addresses and port forwarding rules: VIPs with their users, and NICs.

use super::{Context, holders, services_of};
use crate::cloud::guests::{Guest, UsedVip};
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// The resources that can use a VIP.
const USERS: [&str; 4] = ["Eip", "PortForwardingRule", "LoadBalancer", "IPsecConnection"];

/// Loads a VIP with its users.
pub(super) async fn used_vip<S: Store>(context: &Context<'_, S>, uuid: &str) -> Result<UsedVip, Failure> {
    let uuid = uuid.to_owned();
    let store = &context.node.store;
    let vip = store.documents(std::slice::from_ref(&uuid)).await?.pop();
    let Some(vip) = vip else { return Err(errors::not_found("vipUuid", "VIP", &uuid).into()) };
    let holders = store.holders(std::slice::from_ref(&uuid)).await?;
    let users = holders.into_iter().map(|holder| holder.document);
    Ok(UsedVip { vip, users: users.filter(|user| USERS.contains(&user.base.as_str())).collect() })
}

/// Loads what the checks of a NIC need.
pub(super) async fn guest<S: Store>(context: &Context<'_, S>, nic: Document) -> Result<Guest, Failure> {
    let nic_uuids = [nic.uuid.clone()];
    let mut ips = holders(context, &nic_uuids, "UsedIp", "vmNicUuid").await?;
    ips.sort_by_key(|ip| ip.text("ip").map(str::to_owned));
    let vm = nic.text("vmInstanceUuid").map(str::to_owned);
    let nics = holders(context, vm.as_slice(), "VmNic", "vmInstanceUuid").await?;
    let all: Vec<_> = nics.iter().chain([&nic]).map(|nic| nic.uuid.clone()).collect();
    let mut rules = holders(context, &all, "PortForwardingRule", "vmNicUuid").await?;
    rules.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    rules.dedup_by(|a, b| a.uuid == b.uuid);
    let services = match nic.text("l3NetworkUuid") {
        Some(network) => services_of(context, network).await?,
        None => Vec::new(),
    };
    Ok(Guest {
        ips,
        vm: context.node.store.documents(vm.as_slice()).await?.pop(),
        nics,
        eips: holders(context, &nic_uuids, "Eip", "vmNicUuid").await?,
        rules,
        services: services
            .iter()
            .filter_map(|service| service.text("networkServiceType").map(str::to_owned))
            .collect(),
        nic,
    })
}
