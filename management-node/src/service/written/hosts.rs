//! Hosts: power, capacities, updates, and the places for new VM instances.

mod capacity;
mod interfaces;
mod places;
mod power;
mod states;

pub(super) use self::places::infrastructure;

use super::{Answer, Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::normal("GetCpuMemoryCapacity", "Host"),
    Written::admin("AddKVMHost", "KVMHost"),
    Written::admin("ChangeHostState", "Host"),
    Written::admin("GetLocalStorageHostDiskCapacity", "PrimaryStorage"),
    Written::admin("PowerResetHost", "Host"),
    Written::admin("ShutdownHost", "Host"),
    Written::admin("GetHostWebSshUrl", "Host"),
    Written::admin("UpdateClusterOS", "Cluster"),
    Written::admin("ChangeHostNetworkInterfaceLldpMode", "HostNetworkInterfaceLldp"),
    Written::admin("GetHostNetworkInterfaceLldp", "HostNetworkInterfaceLldp"),
    Written::normal("GetCandidateZonesClustersHostsForCreatingVm", "VmInstance"),
    Written::normal("GetCandidatePrimaryStoragesForCreatingVm", "VmInstance"),
    Written::normal("GetInterdependentL3NetworksBackupStorages", "L3Network"),
    Written::normal("GetInterdependentL3NetworksImages", "L3Network"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "GetCpuMemoryCapacity" => capacity::of_hosts(context).await,
        "AddKVMHost" => states::add_kvm(context).await,
        "ChangeHostState" => states::change_state(context).await,
        "GetLocalStorageHostDiskCapacity" => capacity::of_local_storage(context).await,
        "PowerResetHost" => power::reset(context).await,
        "ShutdownHost" => power::shut_down(context).await,
        "GetHostWebSshUrl" => power::terminal(context),
        "UpdateClusterOS" => power::update(context).await,
        "ChangeHostNetworkInterfaceLldpMode" => interfaces::change_mode(context).await,
        "GetHostNetworkInterfaceLldp" => interfaces::neighbor(context).await,
        "GetCandidateZonesClustersHostsForCreatingVm" => places::destinations(context).await,
        "GetCandidatePrimaryStoragesForCreatingVm" => places::storages(context).await,
        "GetInterdependentL3NetworksBackupStorages" => places::backup_storages(context).await,
        "GetInterdependentL3NetworksImages" => places::images(context).await,
        _ => Err(missing(context)),
    }
}
