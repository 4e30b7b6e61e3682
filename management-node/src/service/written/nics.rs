//! NICs and their addresses.

mod addresses;
mod attachment;
mod loading;
mod settings;
mod static_ips;

pub(super) use self::addresses::allocate;
pub(super) use self::loading::nics_of;
use super::{Answer, Context, Done, missing, networks};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::normal("CreateVmNic", "VmNic"),
    Written::normal("AttachVmNicToVm", "VmInstance"),
    Written::normal("AttachL3NetworkToVmNic", "VmNic"),
    Written::normal("ChangeVmNicNetwork", "VmNic"),
    Written::normal("GetCandidateL3NetworksForChangeVmNicNetwork", "VmNic"),
    Written::normal("ChangeVmNicState", "VmInstance"),
    Written::normal("SetNicQos", "VmNic"),
    Written::normal("DeleteNicQos", "VmNic"),
    Written::normal("GetVmNicAttachedNetworkService", "VmNic"),
    Written::normal("SetVmStaticIp", "VmInstance"),
    Written::normal("DeleteVmStaticIp", "VmInstance"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "CreateVmNic" => attachment::create(context).await,
        "AttachVmNicToVm" => attachment::attach(context).await,
        "AttachL3NetworkToVmNic" => attachment::add_network(),
        "ChangeVmNicNetwork" => attachment::change_network(context).await,
        "GetCandidateL3NetworksForChangeVmNicNetwork" => attachment::network_candidates(context).await,
        "ChangeVmNicState" => settings::change_state(context).await,
        "SetNicQos" => settings::set_bandwidth(context).await,
        "DeleteNicQos" => settings::delete_bandwidth(context).await,
        "GetVmNicAttachedNetworkService" => settings::services(context).await,
        "SetVmStaticIp" => static_ips::set(context).await,
        "DeleteVmStaticIp" => static_ips::delete(context).await,
        _ => Err(missing(context)),
    }
}
