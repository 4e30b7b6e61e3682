//! New NICs, their VM instances and their networks.

use super::loading::{nics_of, services_of, vm_of};
use super::{Answer, Context, Done, addresses};
use crate::cloud::nics::{self, STATES};
use crate::model::{Document, Uuid};
use crate::rules::errors;
use crate::rules::vms::{check_state, mac};
use crate::service::Failure;
use crate::store::Store;

/// Creates a NIC without a VM instance.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let network = context.target_of("l3NetworkUuid", "L3 network")?;
    nics::check_enabled(&network)?;
    let mut nic = context.draft()?;
    nic.set("l3NetworkUuid", network.uuid.clone());
    nic.set("ip", serde_json::Value::Null);
    nic.set("mac", mac(&nic.uuid, 0));
    nic.set("deviceId", 0);
    nic.set("driverType", "virtio");
    let ips = addresses::allocate(context, &network, &nic.uuid, "ip").await?;
    let mut done = context.create(nic);
    done.edits.extend(ips);
    Ok(done)
}

/// Loads the L2 network of an L3 network, if it has one.
async fn l2_network<S: Store>(
    context: &Context<'_, S>,
    network: &Document,
) -> Result<Option<Document>, Failure> {
    match network.text("l2NetworkUuid") {
        Some(l2_network) => context.load(l2_network).await,
        None => Ok(None),
    }
}

/// Attaches a NIC to a VM instance.
pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut nic = context.target_of("vmNicUuid", "NIC")?;
    let mut vm = context.target_of("vmInstanceUuid", "VM instance")?;
    if let Some(present) = nic.text("vmInstanceUuid") {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] already belongs to the VM instance [uuid:{present}]; use another one.",
            nic.uuid
        ))
        .into());
    }
    check_state(&vm, "attach a NIC to", &STATES)?;
    let network = nic.text("l3NetworkUuid").unwrap_or_default();
    let network = context.load(network).await?;
    let network = network.ok_or_else(|| errors::internal("A NIC has no network."))?;
    let l2_network = l2_network(context, &network).await?;
    let others = nics_of(context, &vm).await?;
    let others: Vec<_> = others.iter().collect();
    nics::check_network(&vm, &others, &network, l2_network.as_ref())?;
    nics::attach(&mut nic, &mut vm, &others);
    vm.touch(context.now);
    let edits = vec![context.replace(vm.clone()), context.replace(nic)];
    Ok(Done::with_document(vm, edits))
}

/// AttachL3NetworkToVmNic, which the platform refuses.
pub(super) fn add_network() -> Result<Done, Failure> {
    let text =
        "A NIC has one L3 network; use AttachL3NetworkToVm to create another NIC, or ChangeVmNicNetwork.";
    Err(errors::operation_failed(text).into())
}

/// Moves a NIC to another network, on which it gets another address.
pub(super) async fn change_network<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut nic = context.target_of("vmNicUuid", "NIC")?;
    let network = context.target_of("destL3NetworkUuid", "L3 network")?;
    let mut vm = vm_of(context, &nic).await?;
    let old_network = nic.text("l3NetworkUuid").unwrap_or_default().to_owned();
    if old_network == network.uuid {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] is already on the L3 network [uuid:{old_network}]; choose another one.",
            nic.uuid
        ))
        .into());
    }
    let l2_network = l2_network(context, &network).await?;
    check_switch(context, &old_network, l2_network.as_ref()).await?;
    let services = services_of(context, &nic).await?;
    if !services.is_empty() {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] is in use by network services: {}; detach it from them first.",
            nic.uuid,
            services.join(", ")
        ))
        .into());
    }
    check_state(&vm, "change the network of a NIC of", &STATES)?;
    let all = nics_of(context, &vm).await?;
    let others: Vec<_> = all.iter().filter(|other| other.uuid != nic.uuid).collect();
    nics::check_network(&vm, &others, &network, l2_network.as_ref())?;
    let old_ips = addresses::of_nic(context, &nic).await?;
    let new_ips = addresses::allocate(context, &network, &nic.uuid, "staticIp").await?;
    let mut edits = if old_ips.is_empty() {
        Vec::new()
    } else {
        context.node.deletion_of(context.plans, context.plan, old_ips).await?
    };
    edits.extend(addresses::set_tag(context, &vm, &old_network, |_| true, None).await?);
    edits.extend(addresses::set_tag(context, &vm, &network.uuid, |_| true, context.text("staticIp")).await?);
    nic.set("l3NetworkUuid", network.uuid.clone());
    nic.touch(context.now);
    edits.push(context.replace(nic.clone()));
    edits.extend(new_ips);
    let is_on_old = |other: &&&Document| other.text("l3NetworkUuid") == Some(&old_network);
    if vm.text("defaultL3NetworkUuid") == Some(&old_network) && others.iter().find(is_on_old).is_none() {
        vm.set("defaultL3NetworkUuid", network.uuid);
    }
    edits.push(context.replace(vm));
    Ok(Done::with_document(nic, edits))
}

/// Checks that a network has the same type of virtual switch as another one.
async fn check_switch<S: Store>(
    context: &Context<'_, S>,
    old_network: &str,
    l2_network: Option<&Document>,
) -> Result<(), Failure> {
    let old = match context.load(old_network).await? {
        Some(network) => self::l2_network(context, &network).await?,
        None => None,
    };
    match (old, l2_network) {
        (Some(old), Some(new)) if old.text("vSwitchType") != new.text("vSwitchType") => {
            Err(errors::operation_failed(format!(
                "The L2 network [uuid:{}] has another type of virtual switch than the L2 network [uuid:{}].",
                new.uuid, old.uuid
            ))
            .into())
        }
        _ => Ok(()),
    }
}

/// The networks to which a NIC can be moved.
pub(super) async fn network_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target_of("vmNicUuid", "NIC")?;
    let vm = vm_of(context, &nic).await?;
    let store = &context.node.store;
    let networks = store.documents_of("L3Network").await?;
    let l2_uuids: Vec<Uuid> =
        networks.iter().filter_map(|network| network.text("l2NetworkUuid")).map(str::to_owned).collect();
    let l2_networks = store.documents(&l2_uuids).await?;
    let l2_of = |network: &Document| {
        l2_networks.iter().find(|l2_network| network.text("l2NetworkUuid") == Some(&l2_network.uuid))
    };
    let all = nics_of(context, &vm).await?;
    let others: Vec<_> = all.iter().filter(|other| other.uuid != nic.uuid).collect();
    let present = networks.iter().find(|network| nic.text("l3NetworkUuid") == Some(&network.uuid));
    let switch = present.and_then(l2_of).and_then(|l2_network| l2_network.text("vSwitchType"));
    let is_candidate = |network: &&Document| {
        let l2_network = l2_of(network);
        let of_network = l2_network.and_then(|l2_network| l2_network.text("vSwitchType"));
        nic.text("l3NetworkUuid") != Some(&network.uuid)
            && network.may_be_used_by(&context.caller)
            && network.text("zoneUuid").is_none_or(|zone| vm.text("zoneUuid") == Some(zone))
            && (switch.is_none() || of_network.is_none() || switch == of_network)
            && nics::check_network(&vm, &others, network, l2_network).is_ok()
    };
    let found = networks.iter().filter(is_candidate).cloned().collect();
    Ok(Done { answer: Answer::Documents(found), ..Done::default() })
}
