//! VM instances and their NICs.

mod console;
mod nics;
mod placement;
mod settings;

use serde_json::Map;
use zstack_runtime::encode;

use super::{Answer, Context, Done, missing};
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
    Written::normal("SetVmHostname", "VmInstance"),
    Written::normal("GetVmHostname", "VmInstance"),
    Written::normal("DeleteVmHostname", "VmInstance"),
    Written::normal("SetVmBootMode", "VmInstance"),
    Written::normal("DeleteVmBootMode", "VmInstance"),
    Written::normal("SetVmConsolePassword", "VmInstance"),
    Written::normal("GetVmConsolePassword", "VmInstance"),
    Written::normal("DeleteVmConsolePassword", "VmInstance"),
    Written::normal("SetVmSshKey", "VmInstance"),
    Written::normal("GetVmSshKey", "VmInstance"),
    Written::normal("DeleteVmSshKey", "VmInstance"),
    Written::normal("SetVmQga", "VmInstance"),
    Written::normal("SetVmSoundType", "VmInstance"),
    Written::normal("SetVmClockTrack", "VmInstance"),
    Written::normal("SetVmInstanceHaLevel", "VmInstance"),
    Written::normal("GetVmInstanceHaLevel", "VmInstance"),
    Written::normal("DeleteVmInstanceHaLevel", "VmInstance"),
    Written::normal("SetVmBootOrder", "VmInstance"),
    Written::normal("GetVmBootOrder", "VmInstance"),
    Written::normal("SetImageBootMode", "Image"),
    Written::normal("SetImageQga", "Image"),
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
        name => match settings::find(name) {
            Some(setting) => settings::perform(context, setting).await,
            None => Err(missing(context)),
        },
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
    let inventory = serde_json::from_slice(&encode::to_vec(&inventory))
        .map_err(|error| errors::internal(format!("The inventory cannot be written: {error}.")))?;
    let fields = Map::from_iter([("inventory".to_owned(), inventory)]);
    Ok(Done {
        records: changes.edits,
        guards: changes.guards,
        answer: Answer::Fields(fields),
        ..Done::default()
    })
}
