//! The management node itself, directories, keys, and operations that run others.

mod hybrid_keys;
mod licenses;
mod node;

use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::admin("AttachAliyunKey", "HybridAccount"),
    Written::normal("GetResourceNames", "Resource"),
    Written::normal("GetManagementNodeArch", "ManagementNode"),
    Written::normal("GetManagementNodeOS", "ManagementNode"),
    Written::admin("GetPlatformTimeZone", "ManagementNode"),
    Written::normal("GetSupportAPIs", "ManagementNode"),
    Written::admin("ReconnectConsoleProxyAgent", "ConsoleProxyAgent"),
    Written::normal("GetLicenseInfo", "License"),
    Written::admin("UpdateLicense", "License"),
    Written::admin("ReloadLicense", "License"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "AttachAliyunKey" => hybrid_keys::attach(context).await,
        "GetResourceNames" => Ok(node::names(context)),
        "GetManagementNodeArch" => Ok(node::architecture()),
        "GetManagementNodeOS" => Ok(node::operating_system()),
        "GetPlatformTimeZone" => Ok(node::time_zone(context)),
        "GetSupportAPIs" => Ok(node::operations(context)),
        "ReconnectConsoleProxyAgent" => node::reconnect_consoles(context).await,
        "GetLicenseInfo" | "ReloadLicense" => licenses::get(context).await,
        "UpdateLicense" => licenses::install(context).await,
        _ => Err(missing(context)),
    }
}
