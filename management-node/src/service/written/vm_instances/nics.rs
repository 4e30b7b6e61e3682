//! Attaching and detaching of L3 networks.

use super::super::{Answer, Context, Done};
use super::{answer_vm, load_vm};
use crate::model::{Changes, Document, Edit, Guard, Vm, VmInstance, VmState};
use crate::rules::create_vm_instance::mac;
use crate::rules::{allocate_addresses, errors};
use crate::service::Failure;
use crate::service::lifecycle::ADDRESSES;
use crate::store::Store;
use crate::uuids;

/// The states in which networks can be attached and detached.
const ALLOWED: &[VmState] = &[VmState::Running, VmState::Stopped];

fn check_state(vm: &Vm, operation: &str) -> Result<(), Failure> {
    if ALLOWED.contains(&vm.instance.state) {
        return Ok(());
    }
    Err(errors::wrong_state(vm, operation, ALLOWED).into())
}

/// AttachL3NetworkToVm.
pub(super) async fn attach_network<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm_uuid = context.text("vmInstanceUuid").unwrap_or_default().to_owned();
    let _vm = context.node.locks.lock(&vm_uuid).await;
    let _addresses = context.node.locks.lock(ADDRESSES).await;
    let vm = load_vm(context, &vm_uuid).await?;
    let network = context.target_of("l3NetworkUuid", "L3 network")?;
    check_state(&vm, "attach an L3 network to")?;
    if vm.nics.iter().any(|nic| nic.l3_network_uuid == network.uuid)
        && network.text("category") != Some("Private")
    {
        return Err(errors::operation_failed(format!(
            "The VM instance [uuid:{vm_uuid}] already has a NIC on the L3 network [uuid:{}], which is not private.",
            network.uuid
        ))
        .into());
    }
    check_network(&network)?;
    let device_id = (0..).find(|id| vm.nics.iter().all(|nic| nic.device_id != *id)).unwrap_or_default();
    let uuid = uuids::random();
    let nic = crate::model::VmNic {
        mac: context.text("customMac").map_or_else(|| mac(&uuid, device_id), str::to_owned),
        vm_instance_uuid: vm_uuid.clone(),
        device_id,
        l3_network_uuid: network.uuid.clone(),
        internal_name: format!("vnic{}.{device_id}", vm.instance.internal_id),
        driver_type: context.text("driverType").unwrap_or("virtio").to_owned(),
        create_date: context.now,
        last_op_date: context.now,
        uuid,
    };
    let mut changed = vm.clone();
    changed.nics.push(nic.clone());
    let networks = context.node.store.networks(std::slice::from_ref(&network.uuid)).await?;
    let addresses = allocate_addresses(&changed, networks, context.now)?;
    // The NIC itself is new.
    let addresses = addresses.into_iter().filter(|edit| matches!(edit, Edit::Create(_)));
    let instance = VmInstance {
        default_l3_network_uuid: vm.instance.default_l3_network_uuid.clone().or(Some(network.uuid)),
        last_op_date: context.now,
        ..vm.instance.clone()
    };
    let edits = std::iter::once(Edit::create(nic)).chain(addresses).chain([Edit::update(instance)]).collect();
    let changes = Changes { guards: vec![Guard::changing(&vm)], edits };
    answer_vm(context, vm, changes)
}

fn check_network(network: &Document) -> Result<(), Failure> {
    if network.text("state") == Some("Disabled") {
        return Err(errors::operation_failed(format!(
            "The L3 network [uuid:{}] is Disabled; enable it, or choose another one.",
            network.uuid
        ))
        .into());
    }
    Ok(())
}

/// DetachL3NetworkFromVm.
pub(super) async fn detach_network<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target_of("vmNicUuid", "NIC")?;
    let vm_uuid = nic.text("vmInstanceUuid").unwrap_or_default().to_owned();
    let _vm = context.node.locks.lock(&vm_uuid).await;
    let vm = load_vm(context, &vm_uuid).await?;
    check_state(&vm, "detach an L3 network from")?;
    // What uses the NIC loses it; its addresses go with it.
    let edits = context.node.deletion(context.plans, context.plan, nic.clone()).await?;
    let mut after = vm.clone();
    after.nics.retain(|other| other.uuid != nic.uuid);
    after.ips.retain(|ip| ip.vm_nic_uuid != nic.uuid);
    let network = nic.text("l3NetworkUuid");
    if vm.instance.default_l3_network_uuid.as_deref() == network {
        after.instance.default_l3_network_uuid = after.nics.first().map(|nic| nic.l3_network_uuid.clone());
    }
    after.instance.last_op_date = context.now;
    let update = Edit::update(after.instance.clone());
    let mut done = answer_vm(context, after, Changes::default())?;
    done.edits = edits;
    done.records = vec![update];
    done.guards = vec![Guard::changing(&vm)];
    Ok(done)
}

/// GetVmAttachableL3Network.
pub(super) async fn attachable_networks<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, context.text("vmInstanceUuid").unwrap_or_default()).await?;
    let mut networks = context.node.store.documents_of("L3Network").await?;
    networks.retain(|network| {
        let is_attached = vm.nics.iter().any(|nic| nic.l3_network_uuid == network.uuid);
        let is_usable =
            network.owner().is_none_or(|owner| context.caller.may_use(owner, network.is_shared()));
        let is_enabled = network.text("state") != Some("Disabled");
        let is_in_zone = network.text("zoneUuid").is_none_or(|zone| zone == vm.instance.zone_uuid);
        !is_attached && is_usable && is_enabled && is_in_zone
    });
    Ok(Done { answer: Answer::Documents(networks), ..Done::default() })
}
