//! Static addresses of VM instances.

use std::net::IpAddr;

use super::loading::nics_of;
use super::{Context, Done, addresses, networks};
use crate::cloud::nics::{self, STATES};
use crate::cloud::{free_addresses, guests};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::rules::vms::check_state;
use crate::service::Failure;
use crate::store::Store;

/// The NIC of a VM instance on the network of the request.
async fn nic<S: Store>(context: &Context<'_, S>, vm: &Document) -> Result<Document, Failure> {
    let network = context.text("l3NetworkUuid");
    let nics = nics_of(context, vm).await?;
    let found = nics.into_iter().find(|nic| nic.text("l3NetworkUuid") == network);
    found.ok_or_else(|| {
        errors::invalid_argument(format!(
            "[l3NetworkUuid] is {}, on which the VM instance [uuid:{}] has no NIC.",
            network.unwrap_or_default(),
            vm.uuid
        ))
        .into()
    })
}

fn is_ipv6(text: &str) -> bool {
    text.contains(':') || text.contains("--")
}

/// Gives a VM instance static addresses instead of its present ones.
pub(super) async fn set<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = context.target_of("vmInstanceUuid", "VM instance")?;
    let network = context.target_of("l3NetworkUuid", "L3 network")?;
    let mut wanted = Vec::new();
    for parameter in ["ip", "ip6"] {
        wanted.extend(addresses::parse(context, parameter)?.map(|ip| (parameter, ip)));
    }
    if wanted.is_empty() {
        let text = "Neither [ip] nor [ip6] is given; give one of them.";
        return Err(errors::invalid_argument(text).into());
    }
    check_state(&vm, "set a static address of", &STATES)?;
    let mut nic = nic(context, &vm).await?;
    let present = addresses::of_nic(context, &nic).await?;
    let all = networks::addresses_of(context, &network.uuid).await?;
    let mut edits = Vec::new();
    for (parameter, ip) in wanted {
        if present.iter().any(|old| old.text("ip") == Some(&ip.to_string())) {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] is {ip}, which the NIC [uuid:{}] already has.",
                nic.uuid
            ))
            .into());
        }
        let Some(address) = free_addresses::in_network(&all, ip) else {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] is {ip}, which is not in the CIDR of a range of the L3 network [uuid:{}].",
                network.uuid
            ))
            .into());
        };
        if let Some(reason) = free_addresses::unavailable(&all, ip, false) {
            let text =
                format!("[{parameter}] is {ip}, which cannot be used. {reason} Choose another address.");
            return Err(errors::operation_failed(text).into());
        }
        let of_version = |old: &&Document| old.text("ip").is_some_and(|old| is_ipv6(old) == ip.is_ipv6());
        let old: Vec<_> = present.iter().filter(of_version).cloned().collect();
        edits.extend(follow(context, &nic, &old, ip).await?);
        if !old.is_empty() {
            edits.extend(context.node.deletion_of(context.plans, context.plan, old).await?);
        }
        let fields = nics::used_ip(&address, &network.uuid, Some(&nic.uuid));
        edits.push(context.new_document("UsedIp", fields)?.1);
        let is_replaced = |old: &str| is_ipv6(old) == ip.is_ipv6();
        edits.extend(
            addresses::set_tag(context, &vm, &network.uuid, is_replaced, Some(&ip.to_string())).await?,
        );
    }
    nic.touch(context.now);
    edits.push(context.replace(nic));
    edits.push(context.replace(vm));
    Ok(Done { edits, ..Done::default() })
}

/// Changes what leads to an old address of a NIC.
async fn follow<S: Store>(
    context: &Context<'_, S>,
    nic: &Document,
    old: &[Document],
    ip: IpAddr,
) -> Result<Vec<DocumentEdit>, Failure> {
    let users = context.holders(&nic.uuid, "vmNicUuid").await?.into_iter();
    let leads = |user: &Document| {
        guests::LEADING.contains(&&*user.base)
            && old.iter().any(|old| user.text("guestIp").is_some_and(|guest| old.text("ip") == Some(guest)))
    };
    let change = |mut user: Document| {
        user.set("guestIp", ip.to_string());
        context.replace(user)
    };
    Ok(users.filter(leads).map(change).collect())
}

/// Removes the setting of static addresses, which stay until the next start.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = context.target_of("vmInstanceUuid", "VM instance")?;
    let nic = nic(context, &vm).await?;
    let network = nic.text("l3NetworkUuid").unwrap_or_default();
    let named = addresses::parse(context, "staticIp")?.map(|ip| ip.to_string());
    if let Some(named) = &named {
        let present = addresses::of_nic(context, &nic).await?;
        if !present.iter().any(|ip| ip.text("ip") == Some(named)) {
            return Err(errors::invalid_argument(format!(
                "[staticIp] is {named}, which the NIC [uuid:{}] does not have.",
                nic.uuid
            ))
            .into());
        }
    }
    let named = named.map(|named| nics::in_tag(&named));
    let is_removed = |ip: &str| named.as_deref().is_none_or(|named| named == ip);
    let edits = addresses::set_tag(context, &vm, network, is_removed, None).await?;
    Ok(Done { edits, ..Done::default() })
}
