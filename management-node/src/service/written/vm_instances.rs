//! VM instances and their NICs.

mod boot;
mod capabilities;
mod console;
mod copies;
mod nics;
mod placement;
mod scripts;

use zstack_runtime::encode;
use zstack_types::types::VmInstanceInventory;

use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::model::{Changes, Vm};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::normal("AttachL3NetworkToVm", "VmInstance"),
    Written::normal("DetachL3NetworkFromVm", "VmInstance"),
    Written::normal("GetVmAttachableL3Network", "VmInstance"),
    Written::normal("ChangeInstanceOffering", "VmInstance"),
    Written::admin("MigrateVm", "VmInstance"),
    Written::admin("GetVmMigrationCandidateHosts", "VmInstance"),
    Written::normal("GetVmStartingCandidateClustersHosts", "VmInstance"),
    Written::normal("GetVmConsoleAddress", "VmInstance"),
    Written::normal("RequestConsoleAccess", "VmInstance"),
    Written::normal("GetVmBootOrder", "VmInstance"),
    Written::normal("CreateVmInstanceFromVolume", "VmInstance"),
    Written::normal("CreateVmInstanceFromVolumeSnapshot", "VmInstance"),
    Written::normal("CreateVmInstanceFromVolumeSnapshotGroup", "VmInstance"),
    Written::normal("CloneVmInstance", "VmInstance"),
    Written::normal("GetVmCapabilities", "VmInstance"),
    Written::normal("GetVmsCapabilities", "VmInstance"),
    Written::normal("GetVolumeCapabilities", "Volume"),
    Written::normal("GetVmDeviceAddress", "VmInstance"),
    Written::normal("SetVmBootVolume", "VmInstance"),
    Written::admin("ExecuteGuestVmScript", "GuestVmScript"),
    Written::admin("KvmRunShell", "KVMHost"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "AttachL3NetworkToVm" => nics::attach_network(context).await,
        "DetachL3NetworkFromVm" => nics::detach_network(context).await,
        "GetVmAttachableL3Network" => nics::attachable_networks(context).await,
        "ChangeInstanceOffering" => placement::change_offering(context).await,
        "MigrateVm" => placement::migrate(context).await,
        "GetVmMigrationCandidateHosts" => placement::migration_hosts(context).await,
        "GetVmStartingCandidateClustersHosts" => placement::starting_places(context).await,
        "GetVmConsoleAddress" => console::address(context).await,
        "RequestConsoleAccess" => console::access(context).await,
        "CreateVmInstanceFromVolume" => copies::from_volume(context).await,
        "CreateVmInstanceFromVolumeSnapshot" => copies::from_snapshot(context).await,
        "CreateVmInstanceFromVolumeSnapshotGroup" => copies::from_group(context).await,
        "CloneVmInstance" => copies::clone(context).await,
        "GetVmCapabilities" => capabilities::of_vm(context).await,
        "GetVmsCapabilities" => capabilities::of_vms(context).await,
        "GetVolumeCapabilities" => capabilities::of_volume(context).await,
        "GetVmDeviceAddress" => capabilities::device_addresses(context).await,
        "SetVmBootVolume" => boot::set(context).await,
        "ExecuteGuestVmScript" => scripts::execute(context),
        "KvmRunShell" => scripts::run_on_hosts(context),
        "GetVmBootOrder" => boot::order(context).await,
        _ => Err(missing(context)),
    }
}

/// Loads a VM instance that has been checked.
async fn load_vm<S: Store>(context: &Context<'_, S>, uuid: &str) -> Result<Vm, Failure> {
    let vm = context.node.store.vm(uuid).await?;
    vm.ok_or_else(|| errors::not_found("vmInstanceUuid", "VM instance", uuid).into())
}

/// Answers with a VM instance as it is after changes.
fn answer_vm<S: Store>(context: &Context<'_, S>, vm: Vm, changes: Changes) -> Result<Done, Failure> {
    let inventory = context.node.changed_vm(Some(vm), &changes)?;
    Ok(Done { records: changes.edits, guards: changes.guards, ..answer_inventory(&inventory)? })
}

/// Answers with the inventory of a VM instance.
fn answer_inventory(inventory: &VmInstanceInventory) -> Result<Done, Failure> {
    let inventory = serde_json::from_slice(&encode::to_vec(inventory))
        .map_err(|error| errors::internal(format!("The inventory cannot be written: {error}.")))?;
    Ok(Done::with_fields([("inventory", inventory)]))
}
