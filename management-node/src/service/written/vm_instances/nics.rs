//! Attaching and detaching of L3 networks.

use serde_json::json;

use super::super::{Answer, Context, Done};
use super::start::{ADDRESSES, new_addresses};
use super::{change_vm, load_vm, new_part, vm_of_part};
use crate::cloud::nics;
use crate::model::{Document, OWNER};
use crate::rules::vms::{Vm, check_state, mac};
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

fn is_on(nic: &Document, network: &Document) -> bool {
    nic.text("l3NetworkUuid") == Some(&network.uuid)
}

/// Creates a NIC of the owner of the VM instance, with a MAC address unless it is given.
pub(super) fn new_nic<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    device_id: i32,
    network: &str,
    driver: &str,
    custom_mac: Option<&str>,
) -> Result<Document, Failure> {
    let uuid = uuids::random();
    let generated = || mac(&uuid, device_id);
    let internal_id = vm.instance.number("internalId").unwrap_or(0);
    let fields = json!({
        "uuid": uuid, "mac": custom_mac.map_or_else(generated, str::to_owned), "vmInstanceUuid": vm.uuid(),
        "deviceId": device_id, "l3NetworkUuid": network, "internalName": format!("vnic{internal_id}.{device_id}"),
        "driverType": driver,
    });
    let mut nic = new_part(context, "VmNic", fields)?;
    nic.set(OWNER, vm.instance.owner());
    Ok(nic)
}

/// AttachL3NetworkToVm.
pub(super) async fn attach_network<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    // Addresses are locked until they are committed.
    let lock = context.node.locks.lock(ADDRESSES).await;
    let vm = load_vm(context, "vmInstanceUuid").await?;
    let network = context.target_of("l3NetworkUuid", "L3 network")?;
    check_state(&vm.instance, "attach an L3 network to", &nics::STATES)?;
    nics::check_not_attached(&vm.instance, vm.nics.iter(), &network)?;
    nics::check_enabled(&network)?;
    let is_free = |id: &i32| vm.nics.iter().all(|nic| nic.number("deviceId") != Some((*id).into()));
    let device_id = (0..).find(is_free).unwrap_or_default();
    let driver = context.text("driverType").unwrap_or("virtio");
    let nic = new_nic(context, &vm, device_id, &network.uuid, driver, context.text("customMac"))?;
    let mut after = vm.clone();
    // The other NICs of a stopped VM instance get addresses when it starts.
    let only_new = Vm::new(vm.instance.clone(), vec![nic.clone()]);
    after.ips.extend(new_addresses(context, &only_new, &[]).await?);
    after.nics.push(nic);
    if after.instance.text("defaultL3NetworkUuid").is_none() {
        after.instance.set("defaultL3NetworkUuid", network.uuid);
    }
    after.instance.touch(context.now);
    let mut done = change_vm(context, &vm, after);
    done.locks.push(lock);
    Ok(done)
}

/// DetachL3NetworkFromVm.
pub(super) async fn detach_network<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target_of("vmNicUuid", "NIC")?;
    let vm = vm_of_part(context, &nic).await?;
    check_state(&vm.instance, "detach an L3 network from", &nics::STATES)?;
    // What uses the NIC loses it; its addresses go with it.
    let mut edits = context.node.deletion(context.plans, context.plan, nic.clone()).await?;
    let mut instance = vm.instance;
    if instance.text("defaultL3NetworkUuid") == nic.text("l3NetworkUuid") {
        let other = vm.nics.iter().find(|other| other.uuid != nic.uuid);
        instance.set("defaultL3NetworkUuid", other.and_then(|other| other.text("l3NetworkUuid")));
    }
    instance.touch(context.now);
    edits.push(context.replace(instance.clone()));
    Ok(Done { edits, answer: Answer::Document(instance), ..Done::default() })
}

/// GetVmAttachableL3Network.
pub(super) async fn attachable_networks<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "vmInstanceUuid").await?;
    let mut networks = context.node.store.documents_of("L3Network").await?;
    networks.retain(|network| {
        let is_attached = vm.nics.iter().any(|nic| is_on(nic, network));
        let is_usable =
            network.owner().is_none_or(|owner| context.caller.may_use(owner, network.is_shared()));
        let is_enabled = network.text("state") != Some("Disabled");
        let is_in_zone =
            network.text("zoneUuid").is_none_or(|zone| vm.instance.text("zoneUuid") == Some(zone));
        !is_attached && is_usable && is_enabled && is_in_zone
    });
    Ok(Done { answer: Answer::Documents(networks), ..Done::default() })
}
