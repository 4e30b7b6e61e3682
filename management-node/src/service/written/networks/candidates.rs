//! The NICs and EIPs that can be connected with each other.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::guests::used_vip;
use super::{Context, Done, holders};
use crate::cloud::guests::{VM_STATES, check_enabled};
use crate::model::{Document, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

/// The NICs of the caller's VM instances on networks with any of these services.
pub(super) async fn nics<S: Store>(
    context: &Context<'_, S>,
    services: &[&str],
) -> Result<Vec<Document>, Failure> {
    let store = &context.node.store;
    let attached = store.documents_of("NetworkServiceL3NetworkRef").await?;
    let networks: HashSet<&str> = attached
        .iter()
        .filter(|attached| attached.text("networkServiceType").is_some_and(|ty| services.contains(&ty)))
        .filter_map(|attached| attached.text("l3NetworkUuid"))
        .collect();
    let mut nics = store.documents_of("VmNic").await?;
    nics.retain(|nic| nic.text("l3NetworkUuid").is_some_and(|network| networks.contains(network)));
    let vms: Vec<Uuid> =
        nics.iter().filter_map(|nic| nic.text("vmInstanceUuid")).map(str::to_owned).collect();
    let vms = store.documents(&vms).await?;
    let vms: HashMap<&str, &Document> = vms.iter().map(|vm| (vm.uuid.as_str(), vm)).collect();
    nics.retain(|nic| {
        let owned = nic.text("vmInstanceUuid").and_then(|vm| vms.get(vm).copied()).unwrap_or(nic);
        owned.owner().is_none_or(|owner| context.caller.may_use(owner, owned.is_shared()))
            && owned
                .text("state")
                .is_none_or(|state| owned.base != "VmInstance" || VM_STATES.contains(&state))
    });
    Ok(nics)
}

/// The part of a list that a request asks for.
pub(super) fn page<S: Store, T>(context: &Context<'_, S>, list: Vec<T>) -> Vec<T> {
    let number = |name: &str| {
        let given = context.parameters.get(name).and_then(Value::as_u64);
        given.and_then(|number| usize::try_from(number).ok())
    };
    list.into_iter().skip(number("start").unwrap_or(0)).take(number("limit").unwrap_or(usize::MAX)).collect()
}

/// Removes the NICs of VM instances that have a NIC on a network.
fn without_network(nics: &mut Vec<Document>, all: &[Document], network: Option<&str>) {
    let excluded: HashSet<&str> = all
        .iter()
        .filter(|nic| nic.text("l3NetworkUuid") == network)
        .filter_map(|nic| nic.text("vmInstanceUuid"))
        .collect();
    nics.retain(|nic| {
        nic.text("l3NetworkUuid") != network
            && nic.text("vmInstanceUuid").is_none_or(|vm| !excluded.contains(vm))
    });
}

pub(super) async fn nics_for_eip<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let eip = context.target("eipUuid")?;
    check_enabled("EIP", &eip)?;
    let vip = used_vip(context, eip.text("vipUuid").unwrap_or_default()).await?.vip;
    let store = &context.node.store;
    let eips = store.documents_of("Eip").await?;
    let mut nics = nics(context, &["Eip"]).await?;
    without_network(&mut nics, &store.documents_of("VmNic").await?, vip.text("l3NetworkUuid"));
    nics.retain(|nic| eips.iter().all(|eip| eip.text("vmNicUuid") != Some(&nic.uuid)));
    if let Some(part) = context.text("vmUuid") {
        nics.retain(|nic| nic.text("vmInstanceUuid").is_some_and(|vm| vm.contains(part)));
    }
    if let Some(attached) = context.parameters.get("attachedToVm").and_then(Value::as_bool) {
        nics.retain(|nic| nic.text("vmInstanceUuid").is_some() == attached);
    }
    if let Some(part) = context.text("vmName") {
        let vms: Vec<Uuid> =
            nics.iter().filter_map(|nic| nic.text("vmInstanceUuid")).map(str::to_owned).collect();
        let vms = store.documents(&vms).await?;
        let has_name = |vm: &Document| vm.text("name").is_some_and(|name| name.contains(part));
        let named: HashSet<&str> = vms.iter().filter(|vm| has_name(vm)).map(|vm| vm.uuid.as_str()).collect();
        nics.retain(|nic| nic.text("vmInstanceUuid").is_some_and(|vm| named.contains(vm)));
    }
    Ok(Done { answer: Answer::Documents(page(context, nics)), ..Done::default() })
}

pub(super) async fn eips_for_nic<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target("vmNicUuid")?;
    let store = &context.node.store;
    let mut eips = store.documents_of("Eip").await?;
    let vips: Vec<Uuid> = eips.iter().filter_map(|eip| eip.text("vipUuid")).map(str::to_owned).collect();
    let vips = store.documents(&vips).await?;
    let version = context.parameters.get("ipVersion").cloned().unwrap_or_else(|| json!(4));
    eips.retain(|eip| {
        let vip = vips.iter().find(|vip| eip.text("vipUuid") == Some(&vip.uuid));
        let is_ipv6 = eip.text("vipIp").is_some_and(|ip| ip.contains(':'));
        eip.text("vmNicUuid").is_none()
            && eip.text("state") == Some("Enabled")
            && vip.is_some_and(|vip| vip.text("l3NetworkUuid") != nic.text("l3NetworkUuid"))
            && (version == 6) == is_ipv6
            && eip.owner().is_none_or(|owner| context.caller.may_use(owner, eip.is_shared()))
    });
    Ok(Done { answer: Answer::Documents(page(context, eips)), ..Done::default() })
}

pub(super) async fn nics_for_rule<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let rule = context.target("ruleUuid")?;
    if rule.text("state") != Some("Enabled") || rule.text("vmNicUuid").is_some() {
        return Err(errors::operation_failed(format!(
            "The port forwarding rule [uuid:{}] is not Enabled, or is attached.",
            rule.uuid
        ))
        .into());
    }
    let vip = used_vip(context, rule.text("vipUuid").unwrap_or_default()).await?.vip;
    let store = &context.node.store;
    let mut nics = nics(context, &["PortForwarding"]).await?;
    without_network(&mut nics, &store.documents_of("VmNic").await?, vip.text("l3NetworkUuid"));
    let uuids: Vec<Uuid> = nics.iter().map(|nic| nic.uuid.clone()).collect();
    let rules = holders(context, &uuids, "PortForwardingRule", "vmNicUuid").await?;
    nics.retain(|nic| {
        let mut own = rules.iter().filter(|other| other.text("vmNicUuid") == Some(&nic.uuid));
        own.all(|other| other.text("vipUuid") == Some(&vip.uuid))
    });
    Ok(Done { answer: Answer::Documents(nics), ..Done::default() })
}
